//! Orders that there are: found, read, changed, cancelled, and their keys.

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use simulator_shell::{Reply, Request, StatusCode, reply};

use super::Refused;
use crate::{
    Faults,
    book::Known,
    key::{key_id, licence_key},
    order::{Event, Order, State},
    vendor::Desk,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    quantity: Option<u32>,
    valid_to: Option<Timestamp>,
    revision: u64,
}

/// `GET /v1/orders?clientReference=`: the orders of a client reference, none or one where no fault made more.
pub(super) fn find(desk: &Desk, request: &Request, faults: &Faults) -> Result<Reply, Refused> {
    let Some(reference) = request.parameter("clientReference").filter(|text| !text.is_empty())
    else {
        return Err(Refused::Invalid("clientReference must be in the query".to_owned()));
    };
    let body = desk.book.with(|known, _| {
        let each = known.ordered(&reference);
        let each: Vec<_> = each.iter().map(|order| order.shown(faults.wrong_currency)).collect();
        Ok(json!({"orders": each}))
    })?;
    Ok(reply::json(StatusCode::OK, &body))
}

/// `GET /v1/orders/{orderId}`
pub(super) fn read(desk: &Desk, id: &str, faults: &Faults) -> Result<Reply, Refused> {
    Ok(shown(&order(desk, id)?, faults))
}

/// `GET /v1/orders/{orderId}/keys`: the key of an active order; others have none.
pub(super) fn keys(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let order = order(desk, id)?;
    let keys = match order.state {
        State::Active => vec![json!({"id": key_id(id), "key": licence_key(id, desk.seed)})],
        State::Activating | State::Cancelled => Vec::new(),
    };
    Ok(reply::json(StatusCode::OK, &json!({"keys": keys})))
}

/// `PATCH /v1/orders/{orderId}`
pub(super) fn change(
    desk: &Desk,
    id: &str,
    body: &[u8],
    faults: &Faults,
) -> Result<Reply, Refused> {
    let changes: Changes = read_body(body)?;
    let changed = desk.book.with(|known, now| {
        let after = match changed(known, id, &changes, now) {
            Ok(after) => after,
            Err(refused) => return Ok(Err(refused)),
        };
        known.put_order(after.clone(), Some(Event::Changed), now)?;
        Ok(Ok(after))
    })?;
    Ok(shown(&changed?, faults))
}

fn changed(known: &Known, id: &str, changes: &Changes, now: Timestamp) -> Result<Order, Refused> {
    let order = known.orders.get(id).ok_or(Refused::NoOrder)?;
    if order.state == State::Cancelled {
        return Err(Refused::Cancelled);
    }
    if order.revision != changes.revision {
        return Err(Refused::Revision(order.revision));
    }
    let mut after = order.after(Event::Changed);
    if let Some(quantity) = changes.quantity {
        let service = known.services.get(&order.service_id);
        let Some(service) = service else { return Err(Refused::OutOfStock) };
        if !(service.minimum..=service.maximum).contains(&quantity) {
            let why = format!("quantity is {} to {}", service.minimum, service.maximum);
            return Err(Refused::Invalid(why));
        }
        let more = quantity.saturating_sub(order.quantity);
        if more > 0 && !service.has(more) {
            return Err(Refused::OutOfStock);
        }
        after.quantity = quantity;
    }
    if let Some(valid_to) = changes.valid_to {
        if valid_to <= now {
            return Err(Refused::Invalid("validTo is in the future".to_owned()));
        }
        after.valid_to = valid_to;
    }
    Ok(after)
}

/// `DELETE /v1/orders/{orderId}`: cancelled, also if it was before.
pub(super) fn cancel(desk: &Desk, id: &str, faults: &Faults) -> Result<Reply, Refused> {
    let cancelled = desk.book.with(|known, now| {
        let Some(order) = known.orders.get(id).cloned() else { return Ok(None) };
        if order.state == State::Cancelled {
            return Ok(Some(order));
        }
        let after = order.after(Event::Cancelled);
        known.put_order(after.clone(), Some(Event::Cancelled), now)?;
        Ok(Some(after))
    })?;
    Ok(shown(&cancelled.ok_or(Refused::NoOrder)?, faults))
}

fn order(desk: &Desk, id: &str) -> Result<Order, Refused> {
    let order = desk.book.with(|known, _| Ok(known.orders.get(id).cloned()))?;
    order.ok_or(Refused::NoOrder)
}

fn shown(order: &Order, faults: &Faults) -> Reply {
    reply::json(StatusCode::OK, &order.shown(faults.wrong_currency))
}

pub(super) fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::Invalid(format!("the body: {error}")))
}
