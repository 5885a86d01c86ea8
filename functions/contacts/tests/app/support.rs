//! What only this app's tests do: play the apps whose facts it takes in.

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

pub(crate) fn sale(n: u64) -> String {
    format!("6f1d3f0a-9c4e-8b57-8a53-{n:012x}")
}

/// What `profiles` says of an account.
pub(crate) fn account(contact: &str, what: &str, revision: u32) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{contact}-{revision}-account-{what}"), "source": "/profiles",
        "type": format!("com.iommi.profiles.account-{what}.v1"), "subject": contact, "time": START,
        "revision": revision, "data": {"profileId": contact, "at": START},
    })
}

/// What `conversions` says of a sale.
pub(crate) fn sold(sale: &str, contact: &str, ends_at: Option<&str>) -> Value {
    let mut data =
        json!({"saleId": sale, "contactId": contact, "serviceId": "home-care", "soldAt": START});
    if let Some(ends_at) = ends_at {
        data["endsAt"] = json!(ends_at);
    }
    json!({
        "specversion": "1.0", "id": format!("{sale}-1-sale-confirmed"), "source": "/conversions",
        "type": "com.iommi.conversions.sale-confirmed.v1", "subject": sale, "time": START, "revision": 1,
        "data": data,
    })
}

/// The contact, once it is as wanted.
pub(crate) async fn contact_that(
    app: &Platform,
    contact: &str,
    what: &str,
    wanted: impl Fn(&Value) -> bool,
) -> Value {
    let path = format!("/contacts/v1/contacts/{contact}");
    let found = async || {
        let answer = app.get(&path).await;
        (answer.status == 200).then(|| answer.json()).filter(&wanted)
    };
    app.eventually(what, found).await
}

/// The last parts of the ids of what others were told of the contact, once there are so many: such as `1-activated`.
pub(crate) async fn told(app: &Platform, contact: &str, count: usize) -> Vec<String> {
    let told = async || {
        let events = app.hub("contact").events_about(contact).await;
        let name = |event: &Value| {
            event["id"].as_str().unwrap().strip_prefix(contact).unwrap()[1..].to_owned()
        };
        let mut names: Vec<String> = events.iter().map(name).collect();
        // A fact may be told twice.
        names.dedup();
        (names.len() >= count).then_some(names)
    };
    app.eventually(&format!("{count} facts about {contact}"), told).await
}
