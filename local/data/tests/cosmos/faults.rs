//! Lost and held answers and old reads, as the SDK meets them.

use azure_data_cosmos::options::{ItemWriteOptions, Precondition};
use local_data::{Fault, Gate, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

fn writes_of_items(fault: Fault, when: When) -> Rule {
    let only = Requests::any().writes().path("/colls/items/");
    Rule { service: Service::Cosmos, only, fault, when }
}

fn item(n: i32) -> Value {
    json!({ "id": "a", "pk": "p", "n": n })
}

#[tokio::test]
async fn the_sdk_sends_a_write_again_whose_answer_was_lost_and_meets_its_own_work() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let faults = account.services.faults();
    let lost = faults.add(writes_of_items(Fault::LoseAnswer, When::Nth(1)));
    let create = items.create_item("p", "a", item(1), None).await;
    assert!(create.unwrap_err().status().is_conflict());
    assert_eq!((faults.met(lost), account.ids("items").await), (1, vec!["a".to_owned()]));

    let etag = items.read_item("p", "a", None).await.unwrap().headers().etag().cloned().unwrap();
    let condition = ItemWriteOptions::default().with_precondition(Precondition::if_match(etag));
    faults.add(writes_of_items(Fault::LoseAnswer, When::Nth(1)));
    let replaced = items.replace_item("p", "a", item(2), Some(condition)).await;
    assert_eq!(u16::from(replaced.unwrap_err().status().status_code()), 412);
    let body: Value = items.read_item("p", "a", None).await.unwrap().into_model().unwrap();
    assert_eq!(body["n"], json!(2));
}

#[tokio::test]
async fn a_held_write_lands_after_a_later_one() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let gate = Gate::new();
    let faults = account.services.faults();
    faults.add(writes_of_items(Fault::Hold(gate.clone()), When::Nth(1)));
    let held = tokio::spawn({
        let items = items.clone();
        async move { items.upsert_item("p", "a", item(1), None).await.map(|_| ()) }
    });
    gate.reached().await;
    items.upsert_item("p", "a", item(2), None).await.unwrap();
    gate.open();
    held.await.unwrap().unwrap();
    let body: Value = items.read_item("p", "a", None).await.unwrap().into_model().unwrap();
    assert_eq!(body["n"], json!(1));
}

#[tokio::test]
async fn old_reads_show_a_container_as_it_was_while_writes_go_to_the_live_one() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    items.create_item("p", "a", item(1), None).await.unwrap();
    let etag = items.read_item("p", "a", None).await.unwrap().headers().etag().cloned().unwrap();

    let stale = account.services.faults().stale("db", "items");
    items.replace_item("p", "a", item(2), None).await.unwrap();
    items.create_item("p", "b", json!({ "id": "b", "pk": "p" }), None).await.unwrap();

    let old = items.read_item("p", "a", None).await.unwrap();
    assert_eq!(old.headers().etag(), Some(&etag));
    let body: Value = old.into_model().unwrap();
    assert_eq!((&body["n"], &body["_etag"]), (&json!(1), &json!(etag.to_string())));
    assert!(items.read_item("p", "b", None).await.unwrap_err().status().is_not_found());
    assert_eq!(account.ids("items").await, ["a"]);
    let condition = ItemWriteOptions::default().with_precondition(Precondition::if_match(etag));
    let on_old = items.replace_item("p", "a", item(3), Some(condition)).await;
    assert_eq!(u16::from(on_old.unwrap_err().status().status_code()), 412);
    assert!(
        items
            .create_item("p", "b", json!({ "id": "b", "pk": "p" }), None)
            .await
            .unwrap_err()
            .status()
            .is_conflict()
    );

    drop(stale);
    let body: Value = items.read_item("p", "a", None).await.unwrap().into_model().unwrap();
    assert_eq!(
        (body["n"].clone(), account.ids("items").await),
        (json!(2), vec!["a".to_owned(), "b".to_owned()])
    );
}
