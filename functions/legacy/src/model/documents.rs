//! Documents of the container `profiles`, as the model writes and reads them.

use crate::domain::{Change, ChangeDocument, ProfileId};
use jiff::Timestamp;
use serde_json::{Value, json};
use values::TraceOrigin;

/// Written at a time of its own, by which it can be told from another state of the same revision.
pub(super) fn active(id: ProfileId, revision: u64, now: Timestamp) -> Value {
    json!({
        "state": "active", "id": id,
        "account": {"id": id, "emailAddress": "k@example.com", "userName": "kim"},
        "givenName": format!("Kim of {now}"), "familyName": "Larsen", "age": null, "address": null,
        "picture": null, "photos": [], "subscriptions": [], "revision": revision,
        "createdAt": "2026-03-01T08:00:00Z", "updatedAt": now, "schemaVersion": 1,
    })
}

pub(super) fn erased(id: ProfileId, revision: u64, now: Timestamp) -> Value {
    json!({"state": "erased", "id": id, "revision": revision, "erasedAt": now})
}

pub(super) fn change(document: &Value) -> Option<Change> {
    serde_json::from_value::<ChangeDocument>(document.clone()).unwrap().into_change()
}

pub(super) fn origin() -> TraceOrigin {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    TraceOrigin { traceparent, tracestate: None }
}
