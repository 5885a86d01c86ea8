//! Documents of the container `profiles`, as the model writes and reads them.

use crate::domain::{Change, ChangeDocument, Origin, ProfileId};
use serde_json::{Value, json};

pub(super) fn active(id: ProfileId, revision: u64) -> Value {
    json!({
        "state": "active", "id": id,
        "account": {"id": id, "emailAddress": "k@example.com", "userName": "kim"},
        "givenName": format!("Kim the {revision}."), "familyName": "Larsen", "age": null, "address": null,
        "picture": null, "photos": [], "subscriptions": [], "revision": revision,
        "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-02T08:00:00Z", "schemaVersion": 1,
    })
}

pub(super) fn change(document: &Value) -> Option<Change> {
    serde_json::from_value::<ChangeDocument>(document.clone()).unwrap().into_change()
}

pub(super) fn origin() -> Origin {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    Origin { traceparent, tracestate: None }
}
