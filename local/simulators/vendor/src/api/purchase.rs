//! `POST /v1/orders`.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use simulator_shell::{Reply, StatusCode, reply};
use uuid::Uuid;

use super::Refused;
use crate::{
    Faults,
    book::{Known, MAX_ORDERS},
    order::{Order, State, VALID_FOR},
    price::Price,
    vendor::Desk,
};

/// The longest client reference, in bytes.
const MAX_REFERENCE: usize = 200;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    client_reference: String,
    service_id: String,
    quantity: u32,
    unit_price: Price,
}

/// Makes the order, or finds the one that has this client reference already.
pub(super) fn order(desk: &Desk, body: &[u8], faults: &Faults) -> Result<Reply, Refused> {
    let wanted: Wanted = super::orders::read_body(body)?;
    if !(1..=MAX_REFERENCE).contains(&wanted.client_reference.len()) {
        let why = format!("clientReference has 1 to {MAX_REFERENCE} characters");
        return Err(Refused::Invalid(why));
    }
    let made = desk.book.with(|known, now| {
        let before = known.ordered(&wanted.client_reference).first().copied();
        if let Some(order) = before.filter(|_| !faults.orders_twice) {
            return Ok(Ok((StatusCode::OK, order.clone())));
        }
        if let Err(refused) = check(known, &wanted, faults) {
            return Ok(Err(refused));
        }
        let order = provided(wanted, now, faults);
        known.put_order(order.clone(), None, now)?;
        Ok(Ok((StatusCode::CREATED, order)))
    })?;
    let (status, order) = made?;
    Ok(reply::json(status, &order.shown(faults.wrong_currency)))
}

/// Whether it can be had like this.
fn check(known: &mut Known, wanted: &Wanted, faults: &Faults) -> Result<(), Refused> {
    let Some(mut service) = known.services.get(&wanted.service_id).cloned() else {
        return Err(Refused::NoService(wanted.service_id.clone()));
    };
    if !(service.minimum..=service.maximum).contains(&wanted.quantity) {
        let why = format!("quantity is {} to {}", service.minimum, service.maximum);
        return Err(Refused::Invalid(why));
    }
    if faults.out_of_stock || !service.has(wanted.quantity) || known.orders.len() >= MAX_ORDERS {
        return Err(Refused::OutOfStock);
    }
    if faults.price_changed {
        service.unit_price = service.unit_price.raised();
        known.put_service(service.clone())?;
    }
    if service.unit_price != wanted.unit_price {
        return Err(Refused::PriceChanged(service.unit_price));
    }
    Ok(())
}

fn provided(wanted: Wanted, now: Timestamp, faults: &Faults) -> Order {
    let later = |seconds: u64| {
        let wait = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        now.saturating_add(wait).unwrap_or(now)
    };
    let quantity =
        if faults.partial_quantity { (wanted.quantity / 2).max(1) } else { wanted.quantity };
    let activates_at = faults.activating_seconds.map(later);
    Order {
        order_id: format!("vo-{}", Uuid::now_v7()),
        client_reference: wanted.client_reference,
        service_id: wanted.service_id,
        quantity,
        unit_price: wanted.unit_price,
        state: if activates_at.is_some() { State::Activating } else { State::Active },
        valid_to: now.saturating_add(VALID_FOR).unwrap_or(now),
        revision: 1,
        ordered_at: now,
        activates_at,
        cancels_at: faults.cancels_after_seconds.map(later),
    }
}
