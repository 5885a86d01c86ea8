//! Orders that are delivered and not invoiced, as the steps before would leave them.

use app_tests::{Platform, Setup, this_app};
use serde_json::{Value, json};

pub(crate) const PROFILE: &str = "01980c6e-1111-7000-8000-000000000001";

pub(crate) async fn start() -> Platform {
    Setup::of(this_app!()).start().await
}

pub(crate) fn id(n: u64) -> String {
    format!("6f1d3f0a-9c4e-8b57-8a53-{n:012x}")
}

/// Somebody in Denmark.
pub(crate) fn kim() -> Value {
    json!({
        "name": "Kim Larsen", "vatId": null, "emailAddress": "kim.larsen@example.com",
        "address": {"street": "Havnegade 1", "city": "København", "postalCode": "1058", "country": "DK"},
    })
}

/// Stores an order of three pieces for a year, delivered at this moment; its invoice is due.
pub(crate) async fn deliver(app: &Platform, n: u64, buyer: &Value, at: &str) -> String {
    let id = id(n);
    let step = |name: &str, state: &str, attempt: u32| {
        let path = (state == "done").then(|| format!("{id}/{name}/1.json"));
        json!({"step": name, "state": state, "attempt": attempt, "tries": 0, "since": at, "path": path})
    };
    let price = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    let order = json!({
        "id": id, "schemaVersion": 1, "profileId": PROFILE, "placedAt": at, "fingerprint": "f",
        "accepted": format!("{id}/accept/1.json"), "buyer": buyer, "currency": "EUR",
        "lines": [{
            "line": 1, "service": "night-watch", "name": "Night watch",
            "vendorService": "vend-night-watch", "quantity": 3, "months": 12,
            "purchasePrice": price("8.00"), "unitPrice": price("19.00"),
        }],
        "progress": [
            step("provision", "done", 1), step("subscribe", "done", 1), step("invoice", "due", 1),
            step("document", "waiting", 0), step("email", "waiting", 0),
        ],
        "history": [{"at": at, "what": "done", "step": "provision", "attempt": 1}],
        "duties": [], "revision": 3, "state": "open", "watched": true, "atStep": "invoice",
        "dueAt": at, "problem": null, "place": format!("{at} {id}"),
    });
    app.documents("orders").put(&id, &order).await;
    id
}

/// A message that says that a step of an order may be due.
pub(crate) fn look(id: &str) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{id}.test"), "source": "/sales",
        "type": "com.iommi.sales.step-due.v1", "subject": id, "time": "2026-12-01T10:00:00Z",
        "dataref": format!("sales-payloads/{id}/subscribe/1.json"),
    })
}

/// As [`deliver`], and waits for the document.
pub(crate) async fn invoice(app: &Platform, n: u64, buyer: &Value) -> (String, String) {
    let id = deliver(app, n, buyer, "2026-12-01T10:00:00.000Z").await;
    app.queue("sales-invoice-everywhere").send_json(&look(&id)).await;
    let number = documented(app, &id).await;
    (id, number)
}

/// The number of the invoice of an order, once its document is made.
pub(crate) async fn documented(app: &Platform, id: &str) -> String {
    app.eventually("the document", async || {
        let order = app.get(&format!("/v1/orders/{id}")).await.expect(200).json();
        let step = step(&order, "document");
        (step["state"] == "done").then(|| order["invoiceNumber"].as_str().unwrap().to_owned())
    })
    .await
}

pub(crate) fn step(order: &Value, name: &str) -> Value {
    let steps = order["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == name).unwrap().clone()
}
