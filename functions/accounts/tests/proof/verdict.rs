//! After the faults: waits until everything has been made up for, and holds both books against each other.

use crate::{
    accounts::{Account, Opened},
    addresses::Addresses,
    platform::Platform,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{fmt, time::Duration};
use tokio::time::{Instant, sleep};

/// The longest that it may take, after a long run on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(600);
/// Between two looks at everything.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Leases that killed processes had are over after that. The clock may not be off by a quarter of an hour: then the
/// services refuse signatures.
const LEASE: Duration = Duration::from_secs(660);

/// What was found when all was well.
pub(crate) struct Found {
    planned: u64,
    totals: Value,
    accounts: usize,
    entries: u64,
    held: i64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { planned, totals, accounts, entries, held } = self;
        write!(
            f,
            "{planned} network messages planned, totals of its last process {totals}; {entries} entries in {accounts} \
             accounts, {held} hundredths held, both books the same"
        )
    }
}

/// Panics with what differs if it does not come.
pub(crate) async fn when_all_is_quiet(
    platform: &mut Platform,
    opened: &Opened,
    seed: u64,
) -> Found {
    let (addresses, began) = (platform.addresses().clone(), Instant::now());
    platform.pass(LEASE);
    loop {
        let differences = match differences(&addresses, opened).await {
            Ok(found) => return found,
            Err(differences) => differences,
        };
        assert!(
            began.elapsed() < DEADLINE,
            "IOMMI_SEED={seed}: the books differ after {DEADLINE:?}: {differences:#?}; {}",
            platform.kept()
        );
        sleep(LOOK_EVERY).await;
    }
}

async fn differences(addresses: &Addresses, opened: &Opened) -> Result<Found, Vec<String>> {
    let state = addresses.network(Method::GET, "v1/simulation", &Value::Null).await.body;
    assert_eq!(state["totals"]["violations"], json!(0), "{}", state["violations"]);
    if state["open"] != json!(0) {
        return Err(vec![format!("the network has messages to send: {state}")]);
    }
    let book = addresses.network(Method::GET, "v1/book", &Value::Null).await.body;
    let (mut found, mut wrong) = (
        Found {
            planned: state["planned"].as_u64().unwrap(),
            totals: state["totals"].clone(),
            accounts: opened.0.len(),
            entries: 0,
            held: 0,
        },
        Vec::new(),
    );
    for account in &opened.0 {
        let line = &book["accounts"][&account.id];
        let ours = stands(addresses, account).await;
        // An account whose cards nobody drew stands at nothing.
        let theirs = ["posted", "held", "entries"].map(|name| line[name].as_i64().unwrap_or(0));
        if ours != theirs {
            wrong.push(format!(
                "{} has posted, held and entries {ours:?}, the network {theirs:?}",
                account.id
            ));
        }
        found.held += ours[1];
        found.entries += u64::try_from(ours[2]).unwrap();
    }
    wrong.extend(unbalanced(addresses).await);
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// What is owed and held in hundredths, and how many entries there are, whose sum is what is owed.
async fn stands(addresses: &Addresses, account: &Account) -> [i64; 3] {
    let path = format!("accounts/{}", account.id);
    let body = addresses.app(Method::GET, &path, &Value::Null).await.body;
    let (posted, held) = (hundredths(&body["posted"]), hundredths(&body["held"]));
    let (mut count, mut sum, mut next) = (0, 0, String::new());
    loop {
        let path = format!("{path}/transactions?state=posted&limit=100{next}");
        let page = addresses.app(Method::GET, &path, &Value::Null).await.body;
        let items = page["items"].as_array().unwrap();
        count += i64::try_from(items.len()).unwrap();
        sum += items.iter().map(|item| hundredths(&item["amount"])).sum::<i64>();
        match page["continuation"].as_str() {
            Some(continuation) => next = format!("&continuation={continuation}"),
            None => break,
        }
    }
    // Seen while something is posted they may differ; in the end they may not.
    [if sum == posted { posted } else { i64::MIN }, held, count]
}

fn hundredths(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

/// Entries that do not balance in themselves, and a general ledger that does not.
async fn unbalanced(addresses: &Addresses) -> Vec<String> {
    let Some(documents) = addresses.documents("accounts").await else {
        return vec!["the documents cannot be read".to_owned()];
    };
    let mut wrong = Vec::new();
    for entry in documents.iter().filter(|document| document["kind"] == "entry") {
        let postings = entry["postings"].as_array().unwrap();
        let sum: i64 = postings.iter().map(|posting| posting["amount"].as_i64().unwrap()).sum();
        if sum != 0 || postings.is_empty() {
            wrong.push(format!("{} does not balance: {postings:?}", entry["id"]));
        }
    }
    let balance = addresses.app(Method::GET, "ledger/trial-balance", &Value::Null).await.body;
    if balance["state"] != "balanced" {
        wrong.push(format!("the trial balance: {balance}"));
    }
    wrong
}
