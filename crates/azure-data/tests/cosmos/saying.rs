use super::Account;
use azure_data::{Change, Container};
use custom_handler::TraceContext;
use pretty_assertions::assert_eq;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::convert::Infallible;

#[derive(Serialize, Deserialize)]
struct Stock {
    id: String,
    pieces: u32,
}

fn stock(id: &str, pieces: u32) -> Stock {
    Stock { id: id.to_owned(), pieces }
}

/// How many pieces there are, and the trace that the document says it was written in.
async fn read(stocks: &Container, id: &str) -> (Value, Option<String>) {
    let item = stocks.read::<Value>(id, id).await.unwrap().unwrap();
    let traceparent = item.value["traceparent"].as_str();
    let trace = traceparent.map(|parent| TraceContext::parse(parent, None).unwrap().trace_id());
    (item.value["pieces"].clone(), trace)
}

#[tokio::test]
async fn every_write_to_a_container_that_says_its_writers_says_where_it_happened() {
    let account = Account::start().await;
    let stocks = account.stocks().saying_writers();
    let etag = stocks.create("a", "a", &stock("a", 1)).await.unwrap();
    let (pieces, created) = read(&stocks, "a").await;
    assert_eq!((pieces, created.is_some()), (json!(1), true));
    stocks.replace("a", "a", &stock("a", 2), &etag).await.unwrap();
    let (pieces, replaced) = read(&stocks, "a").await;
    // Outside of any span each write is a trace of its own.
    assert_eq!((pieces, replaced.is_some(), replaced == created), (json!(2), true, false));
    let more = |stock: Option<&Stock>| {
        let pieces = stock.map_or(0, |stock| stock.pieces) + 1;
        Ok::<_, Infallible>(Change::Write(Stock { id: "a".to_owned(), pieces }, ()))
    };
    stocks.change("a", "a", more).await.unwrap();
    let (pieces, changed) = read(&stocks, "a").await;
    assert_eq!((pieces, changed.is_some(), changed == replaced), (json!(3), true, false));
    stocks.batch("b").create(&stock("b", 1)).commit().await.unwrap();
    assert_eq!(read(&stocks, "b").await.1.is_some(), true);
}

#[tokio::test]
async fn other_containers_say_nothing_of_who_wrote() {
    let account = Account::start().await;
    let stocks = account.stocks();
    stocks.create("a", "a", &stock("a", 1)).await.unwrap();
    assert_eq!(read(&stocks, "a").await, (json!(1), None));
}
