//! What only this app's tests do: play the apps whose facts it takes in, and upload files.

use app_tests::{Platform, this_app};
use serde_json::{Value, json};

/// When all begins.
pub(crate) const START: &str = "2026-11-01T08:00:00Z";

pub(crate) async fn start() -> Platform {
    Platform::start(this_app!()).await
}

/// The n-th of these contacts, as a UUID.
pub(crate) fn contact(n: u64) -> String {
    format!("01980c6e-1111-7000-8000-{n:012x}")
}

/// What `profiles` says of an account.
pub(crate) fn account(contact: &str, what: &str, revision: u32) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{contact}-{revision}-account-{what}"), "source": "/profiles",
        "type": format!("com.iommi.profiles.account-{what}.v1"), "subject": contact, "time": START,
        "revision": revision, "data": {"profileId": contact, "at": START},
    })
}

/// What `contacts` says of a quote.
pub(crate) fn abandoned_quote(contact: &str, quote: &str) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{contact}-3-abandoned-quote"), "source": "/contacts",
        "type": "com.iommi.contacts.abandoned-quote.v1", "subject": contact, "time": START, "revision": 3,
        "data": {"contactId": contact, "quoteId": quote, "serviceId": "home-care", "at": START},
    })
}

/// The leads of a contact, once they are as wanted.
pub(crate) async fn leads_that(
    app: &Platform,
    contact: &str,
    what: &str,
    wanted: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let found = async || Some(leads(app, contact).await).filter(|leads| wanted(leads));
    app.eventually(what, found).await
}

pub(crate) async fn leads(app: &Platform, contact: &str) -> Vec<Value> {
    let path = format!("/conversions/v1/contacts/{contact}/leads");
    app.get(&path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Uploads a file of sales.
pub(crate) async fn upload(app: &Platform, name: &str, lines: &[&str]) {
    let content = lines.join("\n");
    app.put_blob(&format!("conversions-sales-files/{name}"), content, "text/csv").await;
}

/// What became of a file, once all of its rows were looked at.
pub(crate) async fn taken(app: &Platform, name: &str) -> Value {
    let path = format!("/conversions/v1/sales-files/{name}");
    let taken = async || {
        let answer = app.get(&path).await;
        (answer.status == 200).then(|| answer.json()).filter(|file| file["state"] == "taken")
    };
    app.eventually(&format!("the file {name}"), taken).await
}

/// The events of a hub, each once, once there are so many.
pub(crate) async fn told(app: &Platform, hub: &str, count: usize) -> Vec<Value> {
    let told = async || {
        let mut events = app.hub(hub).events().await;
        events.sort_by_key(|event| event["id"].to_string());
        // A fact may be told twice.
        events.dedup_by_key(|event| event["id"].clone());
        (events.len() >= count).then_some(events)
    };
    app.eventually(&format!("{count} events of {hub}"), told).await
}
