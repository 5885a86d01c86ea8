//! Documents by their ids: the same as any other query would find.

use azure_data_cosmos::{Query, clients::ContainerClient, feed::FeedScope};
use futures::TryStreamExt;
use local_data::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

const BY_IDS: &str = "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id)";
/// The same, which is looked for among all documents.
const AMONG_ALL: &str = "SELECT * FROM c WHERE ARRAY_CONTAINS(@ids, c.id) AND true";

async fn filled(account: &Account, keys: &[&str]) -> ContainerClient {
    let key = json!({ "paths": keys, "kind": "Hash", "version": 2 });
    let items = account.container_with("items", json!({ "partitionKey": key })).await;
    for n in 0..150 {
        let (id, pk) = (id(n), format!("p{}", n % 7));
        let partition = if keys == ["/id"] { id.clone() } else { pk.clone() };
        let item = json!({ "id": id, "pk": pk, "n": n });
        items.create_item(partition, &id, item, None).await.unwrap();
    }
    items
}

/// Some of them have to be escaped in a URL and in JSON.
fn id(n: u32) -> String {
    format!("\"{n}\" ü+%")
}

async fn found(items: &ContainerClient, query: &'static str, ids: &[String]) -> Vec<Value> {
    let query = Query::from(query).with_parameter("@ids", ids).unwrap();
    let found = items.query_items(query, FeedScope::full_container(), None).await.unwrap();
    let mut found: Vec<Value> = found.try_collect().await.unwrap();
    found.sort_by_key(|item| item["n"].as_u64());
    found
}

#[tokio::test]
async fn documents_are_found_by_their_ids_whatever_the_partition_key_is() {
    for keys in [["/id"], ["/pk"]] {
        let account = Account::empty().await;
        let items = filled(&account, &keys).await;
        // Some twice, some that are not there, more than a page.
        let ids: Vec<String> = (40..300).chain(40..60).map(id).collect();
        let all = found(&items, BY_IDS, &ids).await;
        assert_eq!((all.len(), &all[0]["n"], &all[109]["n"]), (110, &json!(40), &json!(149)));
        assert_eq!(all, found(&items, AMONG_ALL, &ids).await, "{keys:?}");
        let few: Vec<String> = [149, 3, 3, 999].map(id).to_vec();
        let two = found(&items, BY_IDS, &few).await;
        assert_eq!((two.len(), &two), (2, &found(&items, AMONG_ALL, &few).await), "{keys:?}");
        assert_eq!(found(&items, BY_IDS, &[id(999)]).await, [Value::Null; 0]);
        assert_eq!(found(&items, BY_IDS, &[]).await, [Value::Null; 0]);
    }
}

#[tokio::test]
async fn what_was_read_back_has_the_entity_tag_that_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(folder.path().to_owned()), ..Options::ephemeral() };
    let stamps = |items: &[Value]| {
        let stamp = |item: &Value| (item["id"].clone(), item["_etag"].clone(), item["_ts"].clone());
        items.iter().map(stamp).collect::<Vec<_>>()
    };
    let account = Account::start(options()).await;
    let items = filled(&account, &["/id"]).await;
    let before = found(&items, BY_IDS, &[id(1), id(2)]).await;
    account.services.stop().await;
    let account = Account::start(options()).await;
    let items = account.client("items").await;
    assert_eq!(stamps(&found(&items, BY_IDS, &[id(1), id(2)]).await), stamps(&before));
}
