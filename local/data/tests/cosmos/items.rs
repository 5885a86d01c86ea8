//! Points of the SDK: one item at a time, and a batch of them.

use azure_data_cosmos::{
    TransactionalBatch,
    options::{ContentResponseOnWrite, ItemWriteOptions, OperationOptions, Precondition},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

#[tokio::test]
async fn an_item_is_created_read_replaced_and_deleted() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    items.create_item("p", "a", json!({ "id": "a", "pk": "p", "n": 1 }), None).await.unwrap();

    let read = items.read_item("p", "a", None).await.unwrap();
    let etag = read.headers().etag().cloned().unwrap();
    let body: Value = read.into_model().unwrap();
    assert_eq!((body["n"].clone(), body["_etag"].clone()), (json!(1), json!(etag.to_string())));

    let condition =
        ItemWriteOptions::default().with_precondition(Precondition::if_match(etag.clone()));
    items
        .replace_item("p", "a", json!({ "id": "a", "pk": "p", "n": 2 }), Some(condition.clone()))
        .await
        .unwrap();
    let stale = items
        .replace_item("p", "a", json!({ "id": "a", "pk": "p", "n": 3 }), Some(condition.clone()))
        .await;
    assert_eq!(u16::from(stale.unwrap_err().status().status_code()), 412);
    let stale = items.delete_item("p", "a", Some(condition)).await;
    assert_eq!(u16::from(stale.unwrap_err().status().status_code()), 412);

    items.delete_item("p", "a", None).await.unwrap();
    assert!(items.read_item("p", "a", None).await.unwrap_err().status().is_not_found());
    assert!(items.delete_item("p", "a", None).await.unwrap_err().status().is_not_found());
}

#[tokio::test]
async fn a_second_item_of_the_same_id_conflicts_unless_the_partition_key_differs() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    items.create_item("p", "a", json!({ "id": "a", "pk": "p" }), None).await.unwrap();
    let again = items.create_item("p", "a", json!({ "id": "a", "pk": "p" }), None).await;
    assert!(again.unwrap_err().status().is_conflict());
    items.create_item("q", "a", json!({ "id": "a", "pk": "q" }), None).await.unwrap();
}

#[tokio::test]
async fn an_upsert_says_whether_it_created() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let put = |n: i32| items.upsert_item("p", "a", json!({ "id": "a", "pk": "p", "n": n }), None);
    assert_eq!(u16::from(put(1).await.unwrap().status().status_code()), 201);
    assert_eq!(u16::from(put(2).await.unwrap().status().status_code()), 200);
}

#[tokio::test]
async fn a_write_answers_with_the_item_only_when_asked() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let item = json!({ "id": "a", "pk": "p", "n": 1 });
    let silent = items.create_item("p", "a", &item, None).await.unwrap();
    assert!(silent.headers().etag().is_some());
    assert!(silent.into_model::<Value>().is_err(), "no body was asked for");

    let mut operation = OperationOptions::default();
    operation.content_response_on_write = Some(ContentResponseOnWrite::Enabled);
    let options = ItemWriteOptions::default().with_operation_options(operation);
    let told: Value =
        items.upsert_item("p", "a", &item, Some(options)).await.unwrap().into_model().unwrap();
    assert_eq!(told["n"], json!(1));
}

#[tokio::test]
async fn a_batch_writes_all_or_nothing() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let item = |id: &str| json!({ "id": id, "pk": "p" });
    let good = TransactionalBatch::new("p")
        .create_item(item("a"))
        .unwrap()
        .create_item(item("b"))
        .unwrap();
    let done = items.execute_transactional_batch(good, None).await.unwrap();
    assert_eq!(u16::from(done.status().status_code()), 200);

    let bad = TransactionalBatch::new("p")
        .create_item(item("c"))
        .unwrap()
        .create_item(item("a"))
        .unwrap();
    let undone = items.execute_transactional_batch(bad, None).await.unwrap();
    assert_eq!(u16::from(undone.status().status_code()), 207);
    assert_eq!(account.ids("items").await, ["a", "b"]);
}
