//! `credit/v1/deliveries/{deliveryId}`

use super::assessment::partner;
use super::endpoint;
use crate::app::{App, Resent};
use crate::delivering;
use crate::domain::{Delivery, DeliveryId, PartnerId};
use crate::problems;
use crate::views::DeliveryView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::idempotency::not_repeatable;
use public_api::problems::{not_changed, storage_unavailable, unavailable};
use public_api::{Caller, versions};
use serde_json::{Value, json};
use std::convert::Infallible;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// GET: what came of each attempt, and when the next one is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let known = request.if_none_match()?;
    let delivery = find(app, &partner, id).await?;
    Ok(versions::unless_known(&DeliveryView::from(&delivery), known))
}

/// POST: sends it again, under the message id that it had, from the beginning of the schedule.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let (partner, id) = (partner(&request)?, id(&request)?);
    let delivery = find(app, &partner, id).await?;
    let endpoint = endpoint::find(app, &partner, delivery.endpoint).await?;
    if endpoint.disabled.is_some() {
        return Err(problems::endpoint_disabled(endpoint.id));
    }
    let wish = wish(app, &request, &json!({ "resend": id })).await?;
    let resent = resend(app, &delivery, &wish).await?;
    Ok(Response::accepted_at(&DeliveryView::from(&resent), url(id)))
}

/// Has a delivery sent again, once for each wish.
pub(crate) async fn resend(
    app: &App,
    delivery: &Delivery,
    wish: &Resent,
) -> Result<Delivery, Problem> {
    let now = app.clock.now();
    let again = |it: Delivery| Ok::<_, Infallible>(it.resent(wish.by, now));
    let changed = app.deliveries.change(delivery.event.about, delivery.id, again).await;
    let changed = changed.map_err(|error| not_changed(error, |never| match never {}))?;
    let resent = changed.ok_or_else(|| problems::no_such_delivery(delivery.id))?;
    if resent.attempts_in_round == 0 {
        delivering::send(app, &resent).await.map_err(storage_unavailable)?;
    }
    Ok(resent)
}

/// Who has something sent, now or, with the same `Idempotency-Key`, before.
pub(crate) async fn wish(app: &App, request: &Request, what: &Value) -> Result<Resent, Problem> {
    let fresh = Resent { by: Uuid::now_v7(), at: app.clock.now() };
    let Some(key) = request.idempotency_key()? else { return Ok(fresh) };
    let begun = app.resent.begin(&Caller::of(request), &key, &what.to_string(), fresh).await;
    Ok(begun.map_err(not_repeatable)?.record)
}

pub(crate) fn url(id: DeliveryId) -> String {
    FUNCTION.url(&[("deliveryId", &id.to_string())])
}

fn id(request: &Request) -> Result<DeliveryId, Problem> {
    request.param("deliveryId")
}

async fn find(app: &App, partner: &PartnerId, id: DeliveryId) -> Result<Delivery, Problem> {
    let found = app.deliveries.find(partner, id).await.map_err(unavailable)?;
    found.ok_or_else(|| problems::no_such_delivery(id))
}
