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

/// The longest that it may take on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(300);
/// Between two looks at everything.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looks after which time passes for the queues, since what killed processes had taken is still hidden.
const LOOKS_PER_LEASE: u32 = 8;
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
    for look in 0_u32.. {
        if look % LOOKS_PER_LEASE == 0 {
            platform.end_leases();
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
