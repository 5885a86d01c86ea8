//! `sales/v1/orders/{orderId}/restart`

use crate::app::App;
use crate::domain::{OrderId, Step};
use crate::functions::order::url;
use crate::problems;
use crate::restarting::{self, Restart};
use crate::views::OrderView;
use custom_handler::{Function, Problem, Request, Response, function};
use messages::acting;
use public_api::problems::invalid_body;
use serde_json::Value;
use values::{Fields, Violations};

pub(crate) const FUNCTION: Function = function!();

/// POST: has a step made once more, and what follows it. 202 with where to ask.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let id: OrderId = request.param("orderId")?;
    let (from, resend) = parse(&request.json_value()?).map_err(invalid_body)?;
    let by = acting(&request);
    let restarted = restarting::restart(app, id, Restart { from, resend, by: &by }).await;
    let order = restarted.map_err(problems::not_restarted)?;
    let view = OrderView::of(&order).map_err(problems::too_much)?;
    Ok(Response::accepted_at(&view, url(order.id)))
}

fn parse(body: &Value) -> Result<(Step, bool), Violations> {
    let mut fields = Fields::of(body)?;
    let from = fields.text("from", str::parse::<Step>);
    let resend = fields.flag("resend");
    fields.finish()?;
    Ok((from?, resend?))
}
