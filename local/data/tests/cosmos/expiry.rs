//! Time to live, with a driven clock.

use std::time::Duration;

use local_data::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::{account::Account, feed::Reader};

const KEY: (&str, &str) = ("x-ms-documentdb-partitionkey", "[\"p\"]");

async fn send(account: &Account, method: &str, path: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    account
        .answer(
            account.request(method, &format!("dbs/db/colls/items/docs{path}"), &[KEY]).body(body),
        )
        .await
}

async fn create(account: &Account, item: Value) -> u16 {
    send(account, "POST", "", item).await.0
}

async fn read(account: &Account, id: &str) -> u16 {
    send(account, "GET", &format!("/{id}"), Value::Null).await.0
}

fn pass(account: &Account, seconds: u64) {
    account.services.clock().advance(Duration::from_secs(seconds));
}

#[tokio::test]
async fn an_item_that_is_over_is_not_there() {
    let account = Account::empty().await;
    account.container_with("items", json!({ "defaultTtl": 60 })).await;
    assert_eq!(create(&account, json!({ "id": "short", "pk": "p", "ttl": 10 })).await, 201);
    assert_eq!(create(&account, json!({ "id": "usual", "pk": "p" })).await, 201);
    assert_eq!(create(&account, json!({ "id": "kept", "pk": "p", "ttl": -1 })).await, 201);

    pass(&account, 11);
    assert_eq!((read(&account, "short").await, read(&account, "usual").await), (404, 200));
    assert_eq!(account.ids("items").await, ["kept", "usual"]);
    pass(&account, 60);
    assert_eq!(account.ids("items").await, ["kept"]);
    assert_eq!(Reader::of("items").read(&account).await, ["kept"]);
    assert_eq!(read(&account, "usual").await, 404);
}

#[tokio::test]
async fn an_id_is_free_again_when_its_item_is_over() {
    let account = Account::empty().await;
    account.container_with("items", json!({ "defaultTtl": -1 })).await;
    let item = json!({ "id": "a", "pk": "p", "ttl": 10 });
    assert_eq!(create(&account, item.clone()).await, 201);
    assert_eq!(create(&account, item.clone()).await, 409);
    pass(&account, 11);
    assert_eq!(create(&account, item).await, 201);
}

#[tokio::test]
async fn every_write_to_an_item_that_is_over_finds_nothing() {
    let account = Account::empty().await;
    account.container_with("items", json!({ "defaultTtl": 10 })).await;
    for (method, body) in [
        ("PUT", json!({ "id": "a", "pk": "p" })),
        ("PATCH", json!({ "operations": [{ "op": "set", "path": "/n", "value": 1 }] })),
        ("DELETE", Value::Null),
    ] {
        assert_eq!(create(&account, json!({ "id": "a", "pk": "p" })).await, 201);
        pass(&account, 11);
        assert_eq!(send(&account, method, "/a", body).await.0, 404, "{method}");
    }
}

#[tokio::test]
async fn a_write_starts_the_time_anew() {
    let account = Account::empty().await;
    account.container_with("items", json!({ "defaultTtl": 10 })).await;
    assert_eq!(create(&account, json!({ "id": "a", "pk": "p" })).await, 201);
    pass(&account, 8);
    assert_eq!(send(&account, "PUT", "/a", json!({ "id": "a", "pk": "p" })).await.0, 200);
    pass(&account, 8);
    assert_eq!(read(&account, "a").await, 200);
    pass(&account, 3);
    assert_eq!(read(&account, "a").await, 404);
}

#[tokio::test]
async fn without_a_default_nothing_expires_until_there_is_one() {
    let account = Account::empty().await;
    account.container("items").await;
    assert_eq!(create(&account, json!({ "id": "a", "pk": "p", "ttl": 10 })).await, 201);
    pass(&account, 3600);
    assert_eq!(read(&account, "a").await, 200);
    let definition = json!({ "id": "items", "partitionKey": { "paths": ["/pk"], "kind": "Hash", "version": 2 }, "defaultTtl": -1 });
    let replaced = account.request("PUT", "dbs/db/colls/items", &[]).body(definition.to_string());
    assert_eq!(account.answer(replaced).await.0, 200);
    assert_eq!(read(&account, "a").await, 404);
}

#[tokio::test]
async fn a_deadline_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let account = Account::start(options()).await;
    account.container_with("items", json!({ "defaultTtl": 60 })).await;
    assert_eq!(create(&account, json!({ "id": "a", "pk": "p" })).await, 201);
    assert_eq!(create(&account, json!({ "id": "b", "pk": "p", "ttl": 600 })).await, 201);
    account.services.stop().await;

    let options = options();
    options.clock.advance(Duration::from_secs(61));
    let account = Account::start(options).await;
    assert_eq!((read(&account, "a").await, read(&account, "b").await), (404, 200));
    pass(&account, 600);
    account.services.step().await;
    account.services.stop().await;

    // What was removed stays removed, even for a clock that is behind.
    let options = Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let account = Account::start(options).await;
    assert_eq!(account.ids("items").await, Vec::<String>::new());
}
