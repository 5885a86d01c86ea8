//! What must hold once all is quiet.

use crate::book::Book;
use crate::charges;
use crate::mischief::TIMERS;
use crate::platform::{EMAIL, VENDOR, look};
use app_tests::proof::{Addresses, Platform};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// A round later.
const ROUND: Duration = Duration::from_secs(61);
const MOST_ROUNDS: u32 = 6;
/// Looks between two rounds.
const LOOKS_PER_ROUND: u32 = 8;
/// Nobody is here who would read it.
const FOR_OTHERS: &str = "sales-events";

/// Waits until everything has been made up for, and panics with what has not.
pub(crate) async fn settled(platform: &Platform, book: &Book) {
    let look = async |looks: u32| {
        let rounds = looks / LOOKS_PER_ROUND;
        if looks.is_multiple_of(LOOKS_PER_ROUND) && (1..=MOST_ROUNDS).contains(&rounds) {
            platform.pass(ROUND);
        }
        platform.handlers_follow();
        for timer in TIMERS {
            platform.addresses().start_timer(timer).await;
        }
        let wrong = differences(platform.addresses(), book).await;
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    };
    platform.settles(look).await;
}

/// What is not as it should be.
async fn differences(addresses: &Addresses, book: &Book) -> Vec<String> {
    let mut wrong = left_in_queues(addresses).await;
    let Some(orders) = addresses.documents(("sales", "orders")).await else {
        wrong.push("the orders cannot be read".to_owned());
        return wrong;
    };
    let told = book.all();
    if orders.len() != told.len() {
        wrong.push(format!("{} orders, {} told", orders.len(), told.len()));
    }
    let by_id: HashMap<_, _> = orders.iter().map(|it| (it["id"].as_str().unwrap(), it)).collect();
    for told in &told {
        match by_id.get(told.id.as_str()) {
            Some(order) => wrong.extend(wrong_with(order, told.is_cancelled)),
            None => wrong.push(format!("there is no {}", told.id)),
        }
    }
    wrong.extend(wrong_at_vendor(addresses, &orders).await);
    wrong.extend(wrong_mails(addresses, &orders).await);
    wrong.extend(wrong_licences(addresses, &orders).await);
    wrong.extend(charges::wrong(addresses, &orders).await);
    wrong
}

async fn left_in_queues(addresses: &Addresses) -> Vec<String> {
    let Some(queues) = addresses.queues().await else {
        return vec!["the queues cannot be listed".to_owned()];
    };
    let ours = queues.iter().map(String::as_str).filter(|name| name.starts_with("sales-"));
    let ours: Vec<&str> = ours.filter(|name| *name != FOR_OTHERS).collect();
    addresses.left_in(&ours).await
}

fn wrong_with(order: &Value, is_cancelled: bool) -> Option<String> {
    let is_over = match order["state"].as_str().unwrap() {
        "fulfilled" => is_provisioned(order),
        "cancelled" => !is_provisioned(order),
        // The vendor had not so many.
        "failed" => order["problem"] == "out-of-stock" && !is_provisioned(order),
        _ => false,
    };
    let is_settled = order["duties"] == json!([]);
    let is_right = !is_cancelled || order["state"] == "cancelled";
    (!is_over || !is_settled || !is_right).then(|| format!("an order: {order}"))
}

/// Whether the vendor delivered all of it once.
pub(crate) fn is_provisioned(order: &Value) -> bool {
    let mut steps = order["progress"].as_array().unwrap().iter();
    steps.any(|step| step["step"] == "provision" && step["path"].is_string())
}

/// The references of the lines of an order, without the round in which they were ordered.
fn lines(order: &Value) -> impl Iterator<Item = String> {
    let lines = order["lines"].as_array().unwrap().iter();
    lines.map(|line| format!("{}-{}", order["id"].as_str().unwrap(), line["line"]))
}

/// The vendor has each line of what was provisioned once, and nothing else.
async fn wrong_at_vendor(addresses: &Addresses, orders: &[Value]) -> Vec<String> {
    let Some(found) = look(addresses, VENDOR, "orders").await else {
        return vec!["the vendor does not answer".to_owned()];
    };
    let mut bought: BTreeMap<String, u32> = BTreeMap::new();
    let all = found["orders"].as_array().unwrap().iter();
    for order in all.filter(|order| order["state"] != "cancelled") {
        let reference = order["clientReference"].as_str().unwrap();
        let line = reference.split('.').next().unwrap_or(reference);
        *bought.entry(line.to_owned()).or_default() += 1;
    }
    let wanted = orders.iter().filter(|order| is_provisioned(order)).flat_map(lines);
    differing(&wanted.map(|line| (line, 1)).collect(), &bought, "orders at the vendor")
}

/// One mail for each order that was fulfilled.
async fn wrong_mails(addresses: &Addresses, orders: &[Value]) -> Vec<String> {
    let Some(found) = look(addresses, EMAIL, "mails").await else {
        return vec!["the mail service does not answer".to_owned()];
    };
    let mut arrived: BTreeMap<String, u32> = BTreeMap::new();
    for mail in found["mails"].as_array().unwrap() {
        let times = if mail["arrived"] == true { mail["times"].as_u64().unwrap() } else { 0 };
        let to = mail["recipients"][0].as_str().unwrap().to_owned();
        *arrived.entry(to).or_default() += u32::try_from(times).unwrap();
    }
    let fulfilled = orders.iter().filter(|order| order["state"] == "fulfilled");
    let wanted =
        fulfilled.map(|order| (order["buyer"]["emailAddress"].as_str().unwrap().to_owned(), 1));
    differing(&wanted.collect(), &arrived, "mails")
}

/// An active licence for each line of what was provisioned.
async fn wrong_licences(addresses: &Addresses, orders: &[Value]) -> Vec<String> {
    let Some(found) = addresses.documents(("sales", "licences")).await else {
        return vec!["the licences cannot be read".to_owned()];
    };
    let mut active: BTreeMap<String, u32> = BTreeMap::new();
    let is_active = |one: &&Value| one["kind"] == "licence" && one["state"] == "active";
    for licence in found.iter().filter(is_active) {
        let line = format!("{}-{}", licence["orderId"].as_str().unwrap(), licence["line"]);
        *active.entry(line).or_default() += 1;
    }
    let wanted = orders.iter().filter(|order| is_provisioned(order)).flat_map(lines);
    differing(&wanted.map(|line| (line, 1)).collect(), &active, "active licences")
}

fn differing(
    wanted: &BTreeMap<String, u32>,
    there: &BTreeMap<String, u32>,
    what: &str,
) -> Vec<String> {
    let count = |of: &BTreeMap<String, u32>, name: &String| of.get(name).copied().unwrap_or(0);
    let mut names: Vec<&String> = wanted.keys().chain(there.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let wrong = names.into_iter().filter(|name| count(wanted, name) != count(there, name));
    wrong
        .map(|name| {
            format!("{what} of {name}: {} and not {}", count(there, name), count(wanted, name))
        })
        .collect()
}

/// How all ended.
pub(crate) async fn ends(addresses: &Addresses) -> String {
    let orders = addresses.documents(("sales", "orders")).await.expect("orders");
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for order in &orders {
        let word = order["problem"].as_str().or(order["state"].as_str()).unwrap();
        *counts.entry(word).or_default() += 1;
    }
    format!("{} orders, {counts:?}", orders.len())
}
