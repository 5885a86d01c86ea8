//! Documents of the profiles app.

use serde_json::{Value, json};

/// Any profile, by a number; none of the sample ones.
pub(crate) fn id(number: u32) -> String {
    format!("01980c6e-7777-7000-8000-{number:012}")
}

/// An active profile as the profiles app stores it.
pub(crate) fn active(number: u32, revision: u64) -> Value {
    json!({
        "state": "active", "id": id(number),
        "account": {
            "id": format!("01980c6e-8888-7000-8000-{number:012}"),
            "emailAddress": format!("p{number}@example.com"), "userName": format!("p{number}"),
        },
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "postalCode": null, "country": "NG"},
        "picture": null, "photos": [], "subscriptions": [],
        "revision": revision, "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-01T08:00:00Z",
        "schemaVersion": 1, "claims": [], "claimedAt": "2026-03-01T08:00:00Z",
    })
}

/// What is left of an erased one.
pub(crate) fn tombstone(number: u32, revision: u64) -> Value {
    json!({
        "state": "erased", "id": id(number), "revision": revision, "erasedAt": "2026-03-03T08:00:00Z", "ttl": 1000,
        "claims": [], "removed": [], "completedAt": null,
    })
}
