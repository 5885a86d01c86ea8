//! What a run leaves to the next one.

use std::collections::BTreeSet;

use azure_data_cosmos::{
    TransactionalBatch,
    options::{ItemWriteOptions, Precondition},
};
use local_data::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    account::Account,
    feed::{Reader, write},
};

async fn start(directory: &TempDir) -> Account {
    Account::start(Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() })
        .await
}

async fn again(account: Account, directory: &TempDir) -> Account {
    account.services.stop().await;
    start(directory).await
}

async fn item(account: &Account, id: &str, key: &str) -> (u16, Value) {
    let path = format!("dbs/db/colls/items/docs/{id}");
    account.answer(account.request("GET", &path, &[("x-ms-documentdb-partitionkey", key)])).await
}

#[tokio::test]
async fn items_come_back_as_they_were_with_their_etags() {
    let directory = tempfile::tempdir().unwrap();
    let mut account = start(&directory).await;
    let document =
        json!({ "id": "a", "pk": 7, "text": "ü🌉", "float": 0.1 + 0.2, "deep": { "null": null } });
    let created =
        account.container("items").await.create_item(7, "a", &document, None).await.unwrap();
    let etag = created.headers().etag().cloned().unwrap();
    let (_, before) = item(&account, "a", "[7.0]").await;

    for _ in 0..3 {
        account = again(account, &directory).await;
        let (_, after) = item(&account, "a", "[7.0]").await;
        for field in ["id", "pk", "text", "float", "deep", "_etag", "_ts"] {
            assert_eq!(after[field], before[field], "{field}");
        }
    }
    let items = account.client("items").await;
    let condition = ItemWriteOptions::default().with_precondition(Precondition::if_match(etag));
    items.replace_item(7, "a", &document, Some(condition.clone())).await.unwrap();
    let stale = items.replace_item(7, "a", &document, Some(condition)).await;
    assert_eq!(u16::from(stale.unwrap_err().status().status_code()), 412);
}

#[tokio::test]
async fn every_kind_of_write_leaves_its_last_word() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    let items = account.container("items").await;
    let document = |id: &str, n: i32| json!({ "id": id, "pk": "p", "n": n });
    for id in ["replaced", "patched", "deleted", "upserted", "in a batch", "removed in a batch"] {
        items.create_item("p", id, document(id, 1), None).await.unwrap();
    }
    items.replace_item("p", "replaced", document("replaced", 2), None).await.unwrap();
    items.upsert_item("p", "upserted", document("upserted", 2), None).await.unwrap();
    items.delete_item("p", "deleted", None).await.unwrap();
    let patch = json!([{ "op": "incr", "path": "/n", "value": 1 }]).to_string();
    let request = account.request(
        "PATCH",
        "dbs/db/colls/items/docs/patched",
        &[("x-ms-documentdb-partitionkey", "[\"p\"]")],
    );
    assert_eq!(account.answer(request.body(patch)).await.0, 200);
    let batch = TransactionalBatch::new("p")
        .replace_item("in a batch", document("in a batch", 5), None)
        .and_then(|batch| batch.create_item(document("created in a batch", 2)))
        .and_then(|batch| batch.replace_item("in a batch", document("in a batch", 2), None))
        .unwrap()
        .delete_item("removed in a batch", None);
    items.execute_transactional_batch(batch, None).await.unwrap();

    let account = again(account, &directory).await;
    let mut expected = ["created in a batch", "in a batch", "patched", "replaced", "upserted"];
    expected.sort_unstable();
    assert_eq!(account.ids("items").await, expected);
    for id in expected {
        assert_eq!(item(&account, id, "[\"p\"]").await.1["n"], json!(2), "{id}");
    }
}

#[tokio::test]
async fn containers_come_back_with_their_definitions_and_deleted_ones_do_not() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    for id in ["gone", "again", "kept"] {
        let unique_keys = json!({ "uniqueKeys": [{ "paths": ["/mail"] }] });
        account.define(id, json!({ "defaultTtl": 3600, "uniqueKeyPolicy": unique_keys })).await;
        write(&account, id, 0..3).await;
    }
    for id in ["gone", "again"] {
        let deleted =
            account.request("DELETE", &format!("dbs/db/colls/{id}"), &[]).send().await.unwrap();
        assert_eq!(deleted.status(), 204);
    }
    account.define("again", json!({})).await;
    let create = account.request("POST", "dbs", &[]).body(json!({ "id": "other" }).to_string());
    assert_eq!(account.answer(create).await.0, 201);
    let delete = account.request("DELETE", "dbs/other", &[]).send().await.unwrap();
    assert_eq!(delete.status(), 204);
    let (_, before) = account.answer(account.request("GET", "dbs/db/colls/kept", &[])).await;

    let account = again(account, &directory).await;
    let (_, after) = account.answer(account.request("GET", "dbs/db/colls/kept", &[])).await;
    for field in ["id", "_rid", "partitionKey", "defaultTtl", "uniqueKeyPolicy", "indexingPolicy"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let (_, containers) = account.answer(account.request("GET", "dbs/db/colls", &[])).await;
    let ids: BTreeSet<_> = containers["DocumentCollections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, BTreeSet::from(["again", "kept"]));
    assert_eq!((account.ids("again").await.len(), account.ids("kept").await.len()), (0, 3));
    assert_eq!(account.answer(account.request("GET", "dbs/other", &[])).await.0, 404);
}

#[tokio::test]
async fn keys_of_every_shape_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    let definition = json!({ "id": "items", "partitionKey": { "paths": ["/a", "/b"], "kind": "MultiHash", "version": 2 } });
    let created = account.request("POST", "dbs/db/colls", &[]).body(definition.to_string());
    assert_eq!(account.answer(created).await.0, 201);
    let documents = [
        ("[\"x\",1]", json!({ "id": "1", "a": "x", "b": 1 })),
        ("[\"x\",1.25]", json!({ "id": "2", "a": "x", "b": 1.25 })),
        ("[null,true]", json!({ "id": "3", "a": null, "b": true })),
        ("[\"Köln/\\\"\",{}]", json!({ "id": "4", "a": "Köln/\"" })),
    ];
    for (_, document) in &documents {
        // Without a header the key is read out of the document.
        let created =
            account.request("POST", "dbs/db/colls/items/docs", &[]).body(document.to_string());
        let (status, body) = account.answer(created).await;
        assert_eq!(status, 201, "{body}");
    }
    let account = again(account, &directory).await;
    for (key, document) in &documents {
        let id = document["id"].as_str().unwrap();
        assert_eq!(item(&account, id, &key.replace('ö', "\\u00f6")).await.0, 200, "{key}");
    }
}

#[tokio::test]
async fn an_item_as_large_as_they_get_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    account.define("items", json!({})).await;
    let mut document = json!({ "id": "a", "pk": "p", "text": "" });
    document["text"] = "x".repeat((2 << 20) - document.to_string().len()).into();
    let key = [("x-ms-documentdb-partitionkey", "[\"p\"]")];
    let create =
        account.request("POST", "dbs/db/colls/items/docs", &key).body(document.to_string());
    assert_eq!(account.answer(create).await.0, 201);
    let account = again(account, &directory).await;
    assert_eq!(item(&account, "a", "[\"p\"]").await.1["text"], document["text"]);
}

#[tokio::test]
async fn a_start_in_time_knows_when_what_was_read_back_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    account.define("items", json!({})).await;
    let early = write(&account, "items", 0..10).await;
    let (_, last) = item(&account, "item 9", "[\"p9\"]").await;
    let after_it = jiff::Timestamp::from_second(last["_ts"].as_i64().unwrap() + 1).unwrap();
    let deadline = after_it + jiff::SignedDuration::from_secs(10);
    while jiff::Timestamp::now() < after_it {
        // Its times count seconds: the next one has to begin.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert!(jiff::Timestamp::now() < deadline);
    }
    let account = again(account, &directory).await;
    let late = write(&account, "items", 10..13).await;
    let since = after_it.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let read: BTreeSet<String> =
        Reader::of("items").since(&since).read(&account).await.into_iter().collect();
    assert_eq!(read, late);
    let read: BTreeSet<String> = Reader::of("items").read(&account).await.into_iter().collect();
    assert_eq!(read, &early | &late);
}

#[tokio::test]
async fn a_feed_that_is_followed_through_restarts_skips_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut account = start(&directory).await;
    account.container("items").await;
    let mut readers =
        [Reader::of("items"), Reader::of("items").starting_now(), Reader::unranged("items")];
    for reader in &mut readers {
        assert_eq!(reader.read(&account).await, Vec::<String>::new());
    }
    for round in 0..4 {
        // Some are new, some are written again, and the readers learn of them before or after the restart.
        let mut expected = write(&account, "items", round * 5..round * 5 + 12).await;
        if round % 2 == 1 {
            for reader in &mut readers {
                assert_eq!(
                    reader.read(&account).await.into_iter().collect::<BTreeSet<_>>(),
                    expected
                );
            }
            expected.clear();
        }
        account = again(account, &directory).await;
        expected.extend(write(&account, "items", 100 + round..102 + round).await);
        for reader in &mut readers {
            let read: Vec<String> = reader.read(&account).await;
            let missed: Vec<_> = expected.iter().filter(|id| !read.contains(id)).collect();
            assert_eq!(missed, Vec::<&String>::new(), "round {round}");
            // The last change of each range may come again, but not the whole history.
            assert!(
                read.len() <= expected.len() + 4,
                "round {round}: {} for {}",
                read.len(),
                expected.len()
            );
        }
    }
}

#[tokio::test]
async fn a_feed_left_in_the_middle_of_what_was_read_back_goes_on_there() {
    let directory = tempfile::tempdir().unwrap();
    let mut account = start(&directory).await;
    account.container("items").await;
    let written = write(&account, "items", 0..60).await;
    let mut reader = Reader::of("items");
    let mut read = BTreeSet::new();
    for _ in 0..3 {
        account = again(account, &directory).await;
        let page = reader.read_a_page(&account).await;
        assert!(page.len() > 4, "a page goes beyond what is repeated");
        read.extend(page);
    }
    read.extend(reader.read(&account).await);
    assert_eq!(read, written);
}

#[tokio::test]
async fn a_client_goes_on_through_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let account = start(&directory).await;
    let items = account.container("items").await;
    let document = |n: i32| json!({ "id": "a", "pk": "p", "n": n });
    items.create_item("p", "a", document(0), None).await.unwrap();
    for n in 1..20 {
        items.replace_item("p", "a", document(n), None).await.unwrap();
    }
    let port = account
        .services
        .cosmos_url()
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    account.services.stop().await;
    let options =
        Options { cosmos: port, data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let _account = Account::start(options).await;
    // The client holds connections, a session token, a resource id and ranges of the run before.
    let read: Value = items.read_item("p", "a", None).await.unwrap().into_model().unwrap();
    assert_eq!(read["n"], json!(19));
    items.replace_item("p", "a", document(20), None).await.unwrap();
}
