//! Both books, held against each other.

use crate::{
    accounts::{Account, Opened},
    platform::{ask_app, ask_network},
};
use app_tests::proof::Addresses;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt;

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

/// What is not as it should be.
pub(crate) async fn differences(
    addresses: &Addresses,
    opened: &Opened,
) -> Result<Found, Vec<String>> {
    let state = ask_network(addresses, Method::GET, "v1/simulation", &Value::Null).await.body;
    assert_eq!(state["totals"]["violations"], json!(0), "{}", state["violations"]);
    if state["open"] != json!(0) {
        return Err(vec![format!("the network has messages to send: {state}")]);
    }
    let book = ask_network(addresses, Method::GET, "v1/book", &Value::Null).await.body;
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
    let body = ask_app(addresses, Method::GET, &path, &Value::Null).await.body;
    let (posted, held) = (hundredths(&body["posted"]), hundredths(&body["held"]));
    let (mut count, mut sum, mut next) = (0, 0, String::new());
    loop {
        let path = format!("{path}/transactions?state=posted&limit=100{next}");
        let page = ask_app(addresses, Method::GET, &path, &Value::Null).await.body;
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
    let Some(documents) = addresses.documents(("accounts", "accounts")).await else {
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
    let balance = ask_app(addresses, Method::GET, "ledger/trial-balance", &Value::Null).await.body;
    if balance["state"] != "balanced" {
        wrong.push(format!("the trial balance: {balance}"));
    }
    wrong
}
