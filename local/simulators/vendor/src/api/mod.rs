//! The vendor's API for its clients.

mod orders;
mod purchase;
mod refused;

use serde_json::{Value, json};
use simulator_shell::{Reply, Request, StatusCode, reply};

use crate::{
    Faults,
    operation::Asked,
    service::Service,
    vendor::{Desk, not_kept},
};

use refused::Refused;
pub(crate) use refused::{not_here, unauthorized};

/// Answers a request of a client that has shown the key.
pub(crate) fn answer(desk: &Desk, asked: Asked<'_>, request: &Request, faults: &Faults) -> Reply {
    let answered = match asked {
        Asked::Services => services(desk, faults),
        Asked::Order => purchase::order(desk, &request.body, faults),
        Asked::Find => orders::find(desk, request, faults),
        Asked::Read(id) => orders::read(desk, id, faults),
        Asked::Keys(id) => orders::keys(desk, id),
        Asked::Change(id) => orders::change(desk, id, &request.body, faults),
        Asked::Cancel(id) => orders::cancel(desk, id, faults),
    };
    answered.unwrap_or_else(Reply::from)
}

/// `GET /v1/services`
fn services(desk: &Desk, faults: &Faults) -> Result<Reply, Refused> {
    if faults.catalogue_fails {
        return Err(Refused::Unavailable("the catalogue cannot be read, as it was told"));
    }
    let shown = desk.book.with(|known, now| {
        let each = known.services.values().map(|service| shown(service, faults));
        Ok(json!({"asOf": now, "services": each.collect::<Vec<_>>()}))
    });
    Ok(shown.map_or_else(not_kept, |body| reply::json(StatusCode::OK, &body)))
}

fn shown(service: &Service, faults: &Faults) -> Value {
    let price = if faults.wrong_currency {
        service.unit_price.in_another_currency()
    } else {
        service.unit_price.clone()
    };
    json!({
        "id": service.id,
        "name": service.name,
        "unitPrice": price,
        "available": service.has(service.minimum),
        "minimum": service.minimum,
        "maximum": service.maximum,
    })
}
