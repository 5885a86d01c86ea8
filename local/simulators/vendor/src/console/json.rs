//! Addresses for people and tests, as JSON.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use simulator_shell::{Reply, Request, StatusCode, reply};

use super::{Answer, bad, not_kept, read};
use crate::{
    key::licence_key,
    order::{Event, Order, State},
    service::{MAX_QUANTITY, MAX_SERVICES, Service},
    vendor::Desk,
};

/// Keys that are told at once.
const MAX_MARKERS: usize = 10_000;

/// `GET /v1/simulation`
pub(super) fn counts(desk: &Desk) -> Answer {
    let counts = desk.book.with(|known, _| Ok(known.counts())).map_err(not_kept)?;
    Ok(reply::json(StatusCode::OK, &counts))
}

/// `GET /v1/simulation/orders`: all of them, the oldest first, as clients see them and when they were ordered.
pub(super) fn orders(desk: &Desk) -> Answer {
    let orders = desk.book.with(|known, _| {
        let each = known.orders.values().map(|order| {
            let mut shown = order.shown(false);
            shown["orderedAt"] = json!(order.ordered_at);
            shown
        });
        Ok(each.collect::<Vec<_>>())
    });
    Ok(reply::json(StatusCode::OK, &json!({"orders": orders.map_err(not_kept)?})))
}

/// `GET /v1/simulation/webhooks`: all that are remembered, the oldest first.
pub(super) fn webhooks(desk: &Desk) -> Answer {
    let webhooks = desk
        .book
        .with(|known, _| Ok(known.notices().map(|notice| json!(notice)).collect::<Vec<Value>>()));
    Ok(reply::json(StatusCode::OK, &json!({"webhooks": webhooks.map_err(not_kept)?})))
}

/// `GET /v1/simulation/markers?clientReference=`: licence keys, of one client reference or all, which may be found nowhere
/// but behind the customer's own request.
pub(super) fn markers(desk: &Desk, request: &Request) -> Answer {
    let reference = request.parameter("clientReference");
    let keys = desk.book.with(|known, _| {
        let meant = |order: &&Order| {
            reference.as_deref().is_none_or(|wanted| wanted == order.client_reference)
        };
        let each =
            known.orders.values().filter(meant).map(|one| licence_key(&one.order_id, desk.seed));
        Ok(each.collect::<Vec<_>>())
    });
    let mut keys = keys.map_err(not_kept)?;
    let left_out = keys.len().saturating_sub(MAX_MARKERS);
    keys.truncate(MAX_MARKERS);
    Ok(reply::json(StatusCode::OK, &json!({"keys": keys, "leftOut": left_out})))
}

/// `PUT /v1/simulation/services/{id}`: what is said changes, the rest stays.
pub(super) fn put_service(desk: &Desk, id: &str, body: &[u8]) -> Answer {
    let changes: Value = read(body)?;
    let service = change_service(desk, id, &changes)?;
    Ok(reply::json(StatusCode::OK, &service))
}

pub(super) fn change_service(
    desk: &Desk,
    id: &str,
    changes: &Value,
) -> Result<Service, Box<Reply>> {
    let changed = desk.book.with(|known, _| {
        let service = match Service::changed(id, known.services.get(id), changes) {
            Ok(service) => service,
            Err(why) => return Ok(Err(why)),
        };
        if known.services.len() >= MAX_SERVICES && !known.services.contains_key(id) {
            return Ok(Err(format!("there are {MAX_SERVICES} services already")));
        }
        known.put_service(service.clone())?;
        Ok(Ok(service))
    });
    changed.map_err(not_kept)?.map_err(bad)
}

/// What the vendor's own people do to an order.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ByHand {
    pub(super) state: Option<State>,
    pub(super) quantity: Option<u32>,
    pub(super) valid_to: Option<Timestamp>,
}

/// `PUT /v1/simulation/orders/{orderId}`: the vendor changes an order by itself; a webhook follows.
pub(super) fn put_order(desk: &Desk, id: &str, body: &[u8]) -> Answer {
    let by_hand: ByHand = read(body)?;
    let order = change_order(desk, id, &by_hand)?;
    Ok(reply::json(StatusCode::OK, &order.shown(false)))
}

pub(super) fn change_order(desk: &Desk, id: &str, by_hand: &ByHand) -> Result<Order, Box<Reply>> {
    if by_hand.quantity.is_some_and(|quantity| !(1..=MAX_QUANTITY).contains(&quantity)) {
        return Err(bad(format!("quantity is 1 to {MAX_QUANTITY}")));
    }
    let changed = desk.book.with(|known, now| {
        let Some(order) = known.orders.get(id).cloned() else { return Ok(None) };
        let (after, event) = by_hand.applied(&order);
        known.put_order(after.clone(), Some(event), now)?;
        Ok(Some(after))
    });
    changed.map_err(not_kept)?.ok_or_else(|| bad("there is no such order"))
}

impl ByHand {
    fn applied(&self, order: &Order) -> (Order, Event) {
        let event = match self.state {
            Some(State::Active) if order.state != State::Active => Event::Activated,
            Some(State::Cancelled) => Event::Cancelled,
            _ => Event::Changed,
        };
        let mut after = order.after(event);
        after.state = self.state.unwrap_or(after.state);
        after.quantity = self.quantity.unwrap_or(after.quantity);
        after.valid_to = self.valid_to.unwrap_or(after.valid_to);
        (after, event)
    }
}
