//! `credit/v1/webhook-endpoints/{endpointId}/test`

use super::assessment::partner;
use super::{delivery, endpoint};
use crate::app::App;
use crate::domain::{Event, EventKind};
use crate::problems;
use crate::telling;
use crate::views::DeliveryView;
use custom_handler::{Function, Problem, Request, Response, function};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// POST: sends `credit.test` to this endpoint, whatever it wants to hear otherwise. 202 with where to see what came of it.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, endpoint::id(&request)?);
    let endpoint = endpoint::find(app, &partner, id).await?;
    if endpoint.disabled.is_some() {
        return Err(problems::endpoint_disabled(id));
    }
    let wish = delivery::wish(app, &request, &json!({ "test": id })).await?;
    let event = Event { kind: EventKind::Test, about: wish.by, partner, at: wish.at };
    let told = telling::tell_one(app, &event, &endpoint).await;
    let told = told.map_err(problems::not_told)?;
    Ok(Response::accepted_at(&DeliveryView::from(&told), delivery::url(told.id)))
}
