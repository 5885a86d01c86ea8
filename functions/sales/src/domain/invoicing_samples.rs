//! Orders and a seller to try things with.

use super::{NewOrder, Order, OrderId, OrderLine, PayloadPath, Placed, ProfileId, Seller};
use jiff::Timestamp;
use money::Money;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const SELLER: &str = r#"{"name":"Iommi ApS","address":{"street":"Havnegade 1","city":"København","postalCode":"1058","country":"DK"},"vatId":"DK12345678","registration":"12345678","email":"invoices@iommi.example","code":"IODK","timeZone":"CET-1CEST,M3.5.0,M10.5.0/3","iban":"DK5000400440116243","paymentDays":14}"#;

pub(crate) fn seller() -> Seller {
    SELLER.parse().unwrap()
}

pub(crate) fn buyer(country: &str, vat_id: Value) -> Value {
    json!({
        "name": "Zoë Ångström", "vatId": vat_id, "emailAddress": "zoe@customer.example",
        "address": {"street": "Hauptstraße 1", "city": "Köln", "postalCode": "50667", "country": country},
    })
}

/// Three pieces for a year and one for a month, placed at this moment and not delivered yet.
pub(crate) fn order(buyer: &Value, at: &str) -> Order {
    let at: Timestamp = at.parse().unwrap();
    let profile = ProfileId::from(Uuid::from_u128(7));
    let id = OrderId::of(profile, "key");
    let body = json!({
        "lines": [
            {"serviceId": "night-watch", "quantity": 3, "months": 12},
            {"serviceId": "storage-100", "quantity": 1},
        ],
        "buyer": buyer,
    });
    let price = |text: &str| -> Money { text.parse().unwrap() };
    let line = |line, service: &str, name: &str, quantity, months, unit_price: &str| OrderLine {
        line,
        service: service.parse().unwrap(),
        name: name.into(),
        vendor_service: format!("vend-{service}"),
        quantity,
        months,
        purchase_price: price("1.00 EUR"),
        unit_price: price(unit_price),
    };
    let placed = Placed {
        id,
        profile,
        fingerprint: "f".into(),
        at,
        accepted: PayloadPath::accepted(id, Uuid::nil()),
        lines: vec![
            line(1, "night-watch", "Night watch", 3, 12, "19.00 EUR"),
            line(2, "storage-100", "Storage, 100 GB", 1, 1, "2.199 EUR"),
        ],
        currency: "EUR".parse().unwrap(),
        origin: None,
    };
    Order::place(NewOrder::parse(&body).unwrap(), placed)
}
