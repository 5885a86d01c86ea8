use super::{Account, count, document};
use azure_data::{Query, WriteError};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::num::NonZeroU32;

fn ids(documents: &[Value]) -> Vec<&str> {
    documents.iter().filter_map(|document| document["id"].as_str()).collect()
}

#[tokio::test]
async fn a_query_in_one_partition_sees_no_other_and_stops_where_it_is_told() {
    let account = Account::start().await;
    let items = account.items();
    for (partition, id) in [("p", "1"), ("p", "2"), ("p", "3"), ("q", "4")] {
        items.create(partition, id, &json!({"id": id, "pk": partition})).await.unwrap();
    }
    let items = account.cosmos.reader("shop", "items");
    let query = || Query::from("SELECT * FROM c ORDER BY c.id");
    let most = |most| NonZeroU32::new(most).unwrap();
    let all: Vec<Value> = items.query(query(), most(10)).await.unwrap();
    assert_eq!(ids(&all), ["1", "2", "3", "4"]);
    let some: Vec<Value> = items.query_in("p", query(), most(10)).await.unwrap();
    assert_eq!(ids(&some), ["1", "2", "3"]);
    let first: Vec<Value> = items.query_in("p", query(), most(2)).await.unwrap();
    assert_eq!(ids(&first), ["1", "2"]);
    let none: Vec<Value> = items.query_in("r", query(), most(2)).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn a_write_that_rests_on_an_old_read_is_a_conflict() {
    let account = Account::start().await;
    let items = account.items();
    let first = items.create("p", "1", &document("1", 1)).await.unwrap();
    let conflict = |result| matches!(result, Err(WriteError::Conflict));
    assert!(conflict(items.create("p", "1", &document("1", 2)).await.map(drop)));
    let second = items.replace("p", "1", &document("1", 2), &first).await.unwrap();
    assert!(conflict(items.replace("p", "1", &document("1", 3), &first).await.map(drop)));
    assert!(conflict(items.delete("p", "1", &first).await));
    assert_eq!(count(&items, "1").await, Some(2));
    items.delete("p", "1", &second).await.unwrap();
    assert!(conflict(items.replace("p", "1", &document("1", 3), &second).await.map(drop)));
    assert_eq!(count(&items, "1").await, None);
}
