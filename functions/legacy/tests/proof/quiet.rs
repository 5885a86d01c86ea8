//! After the faults: waits until everything has been made up for.

use crate::{
    chaos,
    customers::Book,
    platform::{Addresses, Platform},
    verdict::{self, Found},
};
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::{Instant, sleep};

/// The longest that it may take, after a long run on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(600);
/// Between two looks at everything.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The host hides a message that it works on for ten minutes: what killed ones had taken comes back after that.
const LEASE: Duration = Duration::from_secs(660);
/// A message that failed is hidden for half a minute (`visibilityTimeout` of host.json). All in all the clock may not be
/// off by a quarter of an hour: then the services refuse signatures.
const RETRY: Duration = Duration::from_secs(31);
const MOST_RETRIES: u32 = 7;
/// Looks between two retries.
const LOOKS_PER_RETRY: u32 = 8;
/// Differences that are shown.
const MOST_SHOWN: usize = 20;

/// Panics with what is missing if it does not come.
pub(crate) async fn until_all_is_there(
    platform: &mut Platform,
    book: &Book,
    broken: &BTreeSet<String>,
    seed: u64,
) -> Found {
    let (addresses, began) = (platform.addresses().clone(), Instant::now());
    platform.pass(LEASE);
    for look in 1_u32.. {
        if look.is_multiple_of(LOOKS_PER_RETRY) && look <= MOST_RETRIES * LOOKS_PER_RETRY {
            platform.pass(RETRY);
        }
        let missing = match verdict::differences(&addresses, book, broken).await {
            Ok(found) => return found,
            Err(missing) => missing,
        };
        let (count, shown) = (missing.len(), &missing[..missing.len().min(MOST_SHOWN)]);
        assert!(
            began.elapsed() < DEADLINE,
            "IOMMI_SEED={seed}: {count} things are not as they should be after {DEADLINE:?}: {shown:#?}; {}",
            platform.kept()
        );
        chaos::reconcile(&addresses).await;
        drive_letters(&addresses).await;
        sleep(LOOK_EVERY).await;
    }
    unreachable!("the deadline comes first")
}

/// What people do: refused and poisonous messages are sent once more. A broken document stays a letter.
async fn drive_letters(addresses: &Addresses) {
    let url = format!("{}/ops/v1/dead-letters", addresses.gateway);
    for reason in ["refused", "outbox-poison", "inbox-poison"] {
        let redrive = json!({"action": "redrive", "filter": {"reason": reason}, "why": "the faults are over"});
        addresses.send(addresses.json(Method::POST, &url, &redrive)).await;
    }
}
