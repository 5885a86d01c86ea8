use super::Account;
use azure_data::{Change, ChangeError, Container, Known};
use local_data::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::convert::Infallible;

/// More than one query asks for.
const MANY: u32 = 230;

fn stock(id: &str, pieces: u64) -> Value {
    json!({"id": id, "pieces": pieces})
}

fn ids(count: u32) -> Vec<String> {
    (0..count).map(|n| format!("n{n:03}")).collect()
}

fn pieces(document: &Value) -> u64 {
    document["pieces"].as_u64().unwrap()
}

/// Adds a piece, up to ten; how many there are then.
async fn add(stocks: &Container, id: &str, known: &Known<Value>) -> u64 {
    let add = |there: Option<&Value>| {
        let before = there.map_or(0, pieces);
        Ok::<_, Infallible>(match before {
            10 => Change::Keep(10),
            before => Change::Write(stock(id, before + 1), before + 1),
        })
    };
    stocks.change_known(id, known, add).await.unwrap()
}

async fn stored(stocks: &Container, id: &str) -> Option<u64> {
    stocks.read::<Value>(id, id).await.unwrap().map(|item| pieces(&item.value))
}

/// From now on no document is read by itself.
fn refuse_reads(account: &Account) {
    let only = Requests::any().reads().path("/colls/stocks/docs/");
    let (service, fault, when) = (Service::Cosmos, Fault::Forbidden, When::Always);
    account.services.faults().add(Rule { service, only, fault, when });
}

#[tokio::test]
async fn what_is_known_is_changed_without_a_read_as_often_as_wanted() {
    let account = Account::start().await;
    let stocks = account.stocks();
    let ids = ids(MANY);
    for id in ids.iter().step_by(2) {
        stocks.create(id, id, &stock(id, 9)).await.unwrap();
    }
    let known = stocks.read_known::<Value>(ids.iter().cloned()).await.unwrap();
    assert_eq!((known.look("n000", pieces), known.look("n001", pieces)), (Some(9), None));
    refuse_reads(&account);
    for expected in [10, 10] {
        assert_eq!(add(&stocks, "n228", &known).await, expected);
    }
    for expected in [1, 2, 3] {
        assert_eq!(add(&stocks, "n229", &known).await, expected);
    }
    account.services.faults().clear();
    assert_eq!((stored(&stocks, "n228").await, stored(&stocks, "n229").await), (Some(10), Some(3)));
}

#[tokio::test]
async fn what_others_did_meanwhile_is_found_out_and_counts() {
    let account = Account::start().await;
    let stocks = account.stocks();
    for (id, there) in [("changed", 1), ("gone", 5)] {
        stocks.create(id, id, &stock(id, there)).await.unwrap();
    }
    let known =
        stocks.read_known::<Value>(["changed", "gone", "new"].map(str::to_owned)).await.unwrap();
    let changed = stocks.read::<Value>("changed", "changed").await.unwrap().unwrap();
    stocks.replace("changed", "changed", &stock("changed", 6), &changed.etag).await.unwrap();
    let gone = stocks.read::<Value>("gone", "gone").await.unwrap().unwrap();
    stocks.delete("gone", "gone", &gone.etag).await.unwrap();
    stocks.create("new", "new", &stock("new", 3)).await.unwrap();
    for (id, expected) in [("changed", 7), ("gone", 1), ("new", 4)] {
        assert_eq!(add(&stocks, id, &known).await, expected, "{id}");
        assert_eq!(stored(&stocks, id).await, Some(expected), "{id}");
    }
}

#[tokio::test]
async fn nothing_is_refused_and_nothing_is_taken_for_missing_because_of_what_was_known() {
    let account = Account::start().await;
    let stocks = account.stocks();
    stocks.create("full", "full", &stock("full", 10)).await.unwrap();
    let known = stocks.read_known::<Value>(["full", "late"].map(str::to_owned)).await.unwrap();
    let full = stocks.read::<Value>("full", "full").await.unwrap().unwrap();
    stocks.replace("full", "full", &stock("full", 2), &full.etag).await.unwrap();
    stocks.create("late", "late", &stock("late", 2)).await.unwrap();
    // Takes all pieces but one; of what is not there nothing becomes.
    let sell = |id: &'static str| {
        move |there: Option<&Value>| match there.map(pieces) {
            None => Ok(Change::Keep(0)),
            Some(10) => Err("ten are not sold"),
            Some(before) => Ok(Change::Write(stock(id, 1), before - 1)),
        }
    };
    for id in ["full", "late"] {
        assert_eq!(stocks.change_known(id, &known, sell(id)).await.unwrap(), 1, "{id}");
    }
    let mended = stocks.read::<Value>("full", "full").await.unwrap().unwrap();
    stocks.replace("full", "full", &stock("full", 10), &mended.etag).await.unwrap();
    let refused = stocks.change_known("full", &known, sell("full")).await;
    assert!(matches!(refused, Err(ChangeError::Refused("ten are not sold"))), "{refused:?}");
}

#[tokio::test]
async fn what_a_feed_brings_is_known_by_its_own_entity_tag() {
    let account = Account::start().await;
    let stocks = account.stocks();
    stocks.create("fed", "fed", &stock("fed", 4)).await.unwrap();
    let fed = stocks.read::<Value>("fed", "fed").await.unwrap().unwrap();
    let known = Known::of(&[fed.value, json!({"id": "without a tag", "pieces": 1})]);
    refuse_reads(&account);
    assert_eq!(add(&stocks, "fed", &known).await, 5);
    assert_eq!(known.look("without a tag", pieces), None);
}
