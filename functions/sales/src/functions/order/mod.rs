//! `v1/orders/{orderId}`

use crate::app::App;
use crate::domain::{EmailAddress, Order, OrderId, OrderState};
use crate::views::OrderView;
use crate::{cancelling, problems};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::{Caller, versions};
use serde_json::Value;
use std::time::Duration;
use values::{Fields, Violations};

pub(crate) const FUNCTION: Function = function!();

/// When it is worth asking again how far an open order is.
const ASK_AGAIN_IN: Duration = Duration::from_secs(2);

/// GET: how far it is, step by step.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let known = request.if_none_match()?;
    let order = find(app, &request).await?;
    let view = OrderView::of(&order).map_err(problems::too_much)?;
    let answer = versions::unless_known(&view, known);
    Ok(match order.state() {
        OrderState::Open => answer.retry_after(ASK_AGAIN_IN),
        _ => answer,
    })
}

/// PATCH: corrects where mail goes, if `If-Match` names the current version. What was ordered, and from whom, stays.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let id = find(app, &request).await?.id;
    let expected = request.if_match()?;
    let patch = Value::Object(request.merge_patch()?.members().clone());
    let address = address(&patch).map_err(invalid_body)?;
    let now = app.clock.now();
    let changed = app.orders.change(id, |order| {
        let view = OrderView::of(&order).map_err(problems::too_much)?;
        versions::check(&view, &expected)?;
        order.readdressed(address.clone(), now).map_err(|_| problems::person_erased())
    });
    let order = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let order = order.ok_or_else(|| problems::no_such_order(id))?;
    Ok(versions::current(&OrderView::of(&order).map_err(problems::too_much)?))
}

/// The one thing of an order that can be corrected.
fn address(patch: &Value) -> Result<EmailAddress, Violations> {
    let mut fields = Fields::of(patch)?;
    let address = fields.object("buyer", |buyer| buyer.text("emailAddress", EmailAddress::parse));
    fields.finish()?;
    Ok(address?)
}

/// DELETE: cancels it, as long as the vendor has not delivered it. Cancelled again it stays cancelled.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    cancelling::cancel(app, find(app, &request).await?.id).await?;
    Ok(Response::no_content())
}

pub(crate) fn url(id: OrderId) -> String {
    FUNCTION.url(&[("orderId", &id.to_string())])
}

/// The order that a request names, if it is the caller's: of another's nobody learns whether it is there.
pub(crate) async fn find(app: &App, request: &Request) -> Result<Order, Problem> {
    let id: OrderId = request.param("orderId")?;
    let found = app.orders.read(id).await.map_err(unavailable)?;
    let own = found.filter(|order| app.owners.allows(&Caller::of(request), order.profile));
    own.ok_or_else(|| problems::no_such_order(id))
}
