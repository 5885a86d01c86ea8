//! After the faults: waits until everything has been made up for.

use crate::{
    customers::Book,
    mischief::RECONCILE,
    verdict::{self, Found},
};
use app_tests::proof::{Addresses, Platform};
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};

/// A message that failed is hidden for half a minute (`visibilityTimeout` of host.json). With the time that leases take,
/// the clock may not be off by a quarter of an hour: then the services refuse signatures.
const RETRY: Duration = Duration::from_secs(31);
const MOST_RETRIES: u32 = 7;
/// Looks between two retries.
const LOOKS_PER_RETRY: u32 = 8;

/// Panics with what is missing if it does not come.
pub(crate) async fn until_all_is_there(
    platform: &Platform,
    book: &Book,
    broken: &BTreeSet<String>,
) -> Found {
    let addresses = platform.addresses();
    let look = async |looks: u32| {
        let retries = looks / LOOKS_PER_RETRY;
        if looks.is_multiple_of(LOOKS_PER_RETRY) && (1..=MOST_RETRIES).contains(&retries) {
            platform.pass(RETRY);
        }
        let found = verdict::differences(addresses, book, broken).await;
        if found.is_err() {
            addresses.start_timer(RECONCILE).await;
            drive_letters(addresses).await;
        }
        found
    };
    platform.settles(look).await
}

/// What people do: refused and poisonous messages are sent once more. A broken document stays a letter.
async fn drive_letters(addresses: &Addresses) {
    for reason in ["refused", "outbox-poison", "inbox-poison"] {
        let redrive = json!({"action": "redrive", "filter": {"reason": reason}, "why": "the faults are over"});
        let redrive = addresses.json(Method::POST, "/ops/v1/dead-letters", &redrive);
        addresses.send(redrive).await;
    }
}
