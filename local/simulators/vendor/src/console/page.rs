//! The page for people: services with their prices, orders, webhooks.

use askama::Template;
use serde_json::{Value, json};
use simulator_shell::{Field, Fieldset, Section, form, reply::see_other};

use super::{
    Answer, bad,
    json::{ByHand, change_order, change_service},
};
use crate::{
    book::Counts,
    order::{Order, State},
    sending::Notice,
    service::Service,
    vendor::Desk,
};

/// Where the forms of the page go.
pub(crate) const PUT_SERVICE: &str = "/page/services";
pub(crate) const PUT_ORDER: &str = "/page/orders";
/// Orders and webhooks that the page shows.
const MAX_SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "services.html")]
struct Services {
    services: Vec<Service>,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct Orders {
    counts: Counts,
    orders: Vec<Order>,
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct Webhooks {
    counts: Counts,
    webhooks: Vec<Notice>,
}

pub(crate) fn sections(desk: &Desk) -> Vec<Section> {
    let known = desk.book.with(|known, _| {
        let orders = known.orders.values().rev().take(MAX_SHOWN).cloned().collect();
        let webhooks = known.notices().rev().take(MAX_SHOWN).cloned().collect();
        let (counts, services) = (known.counts(), known.services.values().cloned().collect());
        Ok((services, Orders { counts: counts.clone(), orders }, Webhooks { counts, webhooks }))
    });
    match known {
        Ok((services, orders, webhooks)) => vec![
            section("orders", "Orders", &orders),
            section("services", "Services", &Services { services }),
            section("webhooks", "Webhooks", &webhooks),
        ],
        Err(error) => {
            tracing::error!(%error, "reading what the page shows");
            Vec::new()
        }
    }
}

fn section(id: &'static str, title: &str, part: &impl Template) -> Section {
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    Section { id, title: title.to_owned(), html }
}

/// The form of a service, as its row sends it.
pub(super) fn put_service(desk: &Desk, body: &[u8]) -> Answer {
    let fields = vec![
        Field::text("id", "Service"),
        Field::text("amount", "Price"),
        Field::text("currency", "Currency"),
        Field::number_or_null("stock", "Left", 0.0, 4e9),
        Field::checkbox("available", "To be had"),
    ];
    let sent: Value = form::read(&[Fieldset::new("Service", fields)], body).map_err(bad)?;
    let changes = json!({
        "unitPrice": {"amount": sent["amount"], "currency": sent["currency"]},
        "stock": sent["stock"],
        "available": sent["available"] == json!(true),
    });
    change_service(desk, sent["id"].as_str().unwrap_or_default(), &changes)?;
    Ok(see_other("/"))
}

/// The button of an order.
pub(super) fn put_order(desk: &Desk, body: &[u8]) -> Answer {
    let fields = vec![Field::text("id", "Order"), Field::text("state", "State")];
    let sent: Value = form::read(&[Fieldset::new("Order", fields)], body).map_err(bad)?;
    let state = match sent["state"].as_str() {
        Some("active") => State::Active,
        Some("cancelled") => State::Cancelled,
        _ => return Err(bad("state is active or cancelled")),
    };
    let by_hand = ByHand { state: Some(state), ..ByHand::default() };
    change_order(desk, sent["id"].as_str().unwrap_or_default(), &by_hand)?;
    Ok(see_other("/"))
}
