//! Documents that no customer can write: profiles of a hundred kilobytes, and some that break the contract.

use crate::customers::Book;
use app_tests::proof::{Addresses, Stopping};
use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::time::sleep;

/// Profiles of a hundred kilobytes; the last one is erased in the end.
const LARGE: u64 = 4;
const SUBSCRIPTIONS: usize = 1_000;
/// Documents that break the contract.
const BROKEN: u64 = 3;
/// Between two large writes, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 50..400;
/// Makes the choices here others than the customers'.
const SALT: u64 = 0xde9;

/// The ids of those that break the contract.
pub(crate) async fn write(
    seed: u64,
    addresses: Addresses,
    book: Arc<Book>,
    stopping: Stopping,
) -> BTreeSet<String> {
    let mut random = SmallRng::seed_from_u64(seed ^ SALT);
    let (mut revision, mut broken) = (0, BTreeSet::new());
    loop {
        let ends = stopping.is_asked();
        revision += 1;
        for number in 0..LARGE {
            let mut document = large(number, revision);
            let is_erased = ends && number == LARGE - 1;
            if is_erased {
                document = json!({"state": "erased", "id": id(number), "revision": revision,
                    "erasedAt": "2026-03-03T08:00:00Z", "ttl": 1_000_000, "claims": [], "removed": [], "completedAt": null});
            }
            addresses.upsert(("profiles", "profiles"), &document).await;
            book.saw(&id(number), revision);
            book.wrote();
            if is_erased {
                book.erased(&id(number));
            }
        }
        if (broken.len() as u64) < BROKEN {
            let id = id(1_000 + revision);
            let mut document = large(1_000 + revision, 1);
            document["givenName"] = json!({"no": "name"});
            addresses.upsert(("profiles", "profiles"), &document).await;
            broken.insert(id);
        }
        if ends {
            return broken;
        }
        // A pace, not a wait: any will do.
        sleep(Duration::from_millis(random.random_range(PAUSE_MS))).await;
    }
}

fn id(number: u64) -> String {
    format!("01980c6e-9999-7000-8000-{number:012}")
}

/// An active profile as the profiles app stores it.
fn large(number: u64, revision: u64) -> Value {
    let subscription =
        |n| json!({"serviceId": format!("{n:064}"), "since": "2026-03-01T08:00:00Z"});
    json!({
        "state": "active", "id": id(number),
        "account": {
            "id": format!("01980c6e-9998-7000-8000-{number:012}"),
            "emailAddress": format!("large{number}@proof.example"), "userName": format!("large-{number}"),
        },
        "givenName": format!("محمد 👩‍👩‍👧‍👦 {revision}"), "familyName": "אבגד", "age": 30, "address": null,
        "picture": null, "photos": [], "subscriptions": (0..SUBSCRIPTIONS).map(subscription).collect::<Value>(),
        "revision": revision, "createdAt": "2026-03-01T08:00:00Z", "updatedAt": "2026-03-01T08:00:00Z",
        "schemaVersion": 1, "claims": [], "claimedAt": "2026-03-01T08:00:00Z",
    })
}
