//! Queries by the SDK: one partition and all of them.

use std::num::NonZeroU32;

use azure_data_cosmos::{
    Query,
    clients::ContainerClient,
    feed::{ContinuationToken, FeedScope},
    options::{MaxItemCountHint, QueryOptions},
};
use futures::{StreamExt, TryStreamExt};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

/// Sixty items in six partition keys.
async fn filled() -> (Account, ContainerClient) {
    let account = Account::empty().await;
    let items = account.container("items").await;
    for n in 0..60 {
        let (pk, id) = (format!("p{}", n % 6), format!("i{n:02}"));
        items
            .create_item(pk.clone(), &id, json!({ "id": id, "pk": pk, "n": n }), None)
            .await
            .unwrap();
    }
    (account, items)
}

async fn numbers(items: &ContainerClient, query: Query, scope: FeedScope) -> Vec<i64> {
    let found: Vec<Value> =
        items.query_items(query, scope, None).await.unwrap().try_collect().await.unwrap();
    found.iter().map(|item| item["n"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn parameters_are_bound_in_one_partition() {
    let (_account, items) = filled().await;
    let query = Query::from("SELECT * FROM c WHERE c.n > @min ORDER BY c.n DESC")
        .with_parameter("@min", 30)
        .unwrap();
    assert_eq!(numbers(&items, query, FeedScope::partition("p1")).await, [55, 49, 43, 37, 31]);
}

#[tokio::test]
async fn an_order_holds_across_partitions() {
    let (_account, items) = filled().await;
    let query = Query::from("SELECT * FROM c WHERE c.n >= @min ORDER BY c.n DESC")
        .with_parameter("@min", 50)
        .unwrap();
    assert_eq!(
        numbers(&items, query, FeedScope::full_container()).await,
        (50..60).rev().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn pages_hold_every_item_once_while_others_are_written() {
    let (_account, items) = filled().await;
    let mut token: Option<String> = None;
    let mut found = Vec::new();
    for page in 0.. {
        let mut options = QueryOptions::default()
            .with_max_item_count(MaxItemCountHint::Limit(NonZeroU32::new(7).unwrap()));
        if let Some(token) = token.take() {
            options = options.with_continuation_token(ContinuationToken::from_string(token));
        }
        let query = items.query_items::<Value>(
            "SELECT * FROM c WHERE c.n < 60",
            FeedScope::full_container(),
            Some(options),
        );
        let mut pages = query.await.unwrap().into_pages();
        let Some(items_of_page) = pages.next().await else { break };
        found.extend(
            items_of_page.unwrap().into_items().iter().map(|item| item["n"].as_i64().unwrap()),
        );
        token = Some(pages.to_continuation_token().unwrap().as_str().to_owned());
        let (pk, id) = (format!("p{}", page % 6), format!("new {page}"));
        items
            .create_item(pk.clone(), &id, json!({ "id": id, "pk": pk, "n": 100 }), None)
            .await
            .unwrap();
    }
    found.sort_unstable();
    assert_eq!(found, (0..60).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_text_may_be_in_double_quotes_as_in_azure() {
    let (account, items) = filled().await;
    for (id, text) in [("q1", "it's"), ("q2", "say \"hi\""), ("q3", "back\\slash")] {
        items
            .create_item("q", id, json!({ "id": id, "pk": "q", "text": text, "n": 100 }), None)
            .await
            .unwrap();
    }
    for (condition, id) in [
        (r#"c.text = "it's""#, "q1"),
        (r"c.text = 'it\'s'", "q1"),
        (r#"c.text = "say \"hi\"""#, "q2"),
        (r#"c["text"] = 'say "hi"'"#, "q2"),
        (r#"c.text = "back\\slash""#, "q3"),
    ] {
        let body =
            json!({ "query": format!("SELECT VALUE c.id FROM c WHERE {condition}") }).to_string();
        let headers = [("x-ms-documentdb-isquery", "true")];
        let query = account.request("POST", "dbs/db/colls/items/docs", &headers).body(body);
        let (_, found) = account.answer(query).await;
        assert_eq!(found["Documents"], json!([id]), "{condition}");
    }
}

#[tokio::test]
async fn a_planned_query_keeps_its_literals() {
    let (account, items) = filled().await;
    items
        .create_item("q", "q", json!({ "id": "q", "pk": "q", "text": "a\\nb", "n": 1 }), None)
        .await
        .unwrap();
    let query = json!({ "query": r#"SELECT c.id FROM c WHERE c.text = "a\\nb" ORDER BY c.n"#, "parameters": [] });
    let headers = [
        ("x-ms-cosmos-is-query-plan-request", "True"),
        ("x-ms-cosmos-supported-query-features", "OrderBy"),
    ];
    let path = "dbs/db/colls/items/docs";
    let (status, plan) =
        account.answer(account.request("POST", path, &headers).body(query.to_string())).await;
    assert_eq!(status, 200, "{plan}");
    let rewritten = plan["queryInfo"]["rewrittenQuery"]
        .as_str()
        .unwrap()
        .replace("{documentdb-formattableorderbyquery-filter}", "true");
    let query = json!({ "query": rewritten, "parameters": [] }).to_string();
    let headers = [("x-ms-documentdb-isquery", "true")];
    let (_, found) = account.answer(account.request("POST", path, &headers).body(query)).await;
    assert_eq!(found["Documents"][0]["payload"]["id"], json!("q"), "{found}");
}

#[tokio::test]
async fn a_page_ends_after_a_hundred_items_unless_asked_otherwise() {
    let account = Account::empty().await;
    account.define("items", json!({})).await;
    crate::feed::write(&account, "items", 0..130).await;
    for headers in [&[("x-ms-documentdb-isquery", "true")][..], &[]] {
        let method = if headers.is_empty() { "GET" } else { "POST" };
        let body = json!({ "query": "SELECT * FROM c" }).to_string();
        let page = account
            .request(method, "dbs/db/colls/items/docs", headers)
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(page.headers().contains_key("x-ms-continuation"), "{method}");
        let page: Value = serde_json::from_str(&page.text().await.unwrap()).unwrap();
        assert_eq!(page["Documents"].as_array().unwrap().len(), 100, "{method}");
    }
}

#[tokio::test]
async fn an_order_across_partitions_is_paged_without_a_gap_while_others_are_written() {
    let (_account, items) = filled().await;
    let mut token: Option<String> = None;
    let mut found = Vec::new();
    for page in 0.. {
        let mut options = QueryOptions::default()
            .with_max_item_count(MaxItemCountHint::Limit(NonZeroU32::new(7).unwrap()));
        if let Some(token) = token.take() {
            options = options.with_continuation_token(ContinuationToken::from_string(token));
        }
        let query = items.query_items::<Value>(
            "SELECT * FROM c ORDER BY c.n",
            FeedScope::full_container(),
            Some(options),
        );
        let mut pages = query.await.unwrap().into_pages();
        let Some(items_of_page) = pages.next().await else { break };
        found.extend(
            items_of_page.unwrap().into_items().iter().map(|item| item["n"].as_i64().unwrap()),
        );
        token = Some(pages.to_continuation_token().unwrap().as_str().to_owned());
        let (pk, id) = (format!("p{}", page % 6), format!("new {page}"));
        items
            .create_item(pk.clone(), &id, json!({ "id": id, "pk": pk, "n": -1 }), None)
            .await
            .unwrap();
    }
    assert_eq!(found, (0..60).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_prefix_of_a_hierarchical_key_and_what_would_be_answered_wrongly_are_refused() {
    let account = Account::empty().await;
    let key = json!({ "paths": ["/tenant", "/user"], "kind": "MultiHash", "version": 2 });
    account.define("tenants", json!({ "partitionKey": key })).await;
    let query = |key: &'static str, query: &str| {
        let headers = [("x-ms-documentdb-isquery", "true"), ("x-ms-documentdb-partitionkey", key)];
        let body = json!({ "query": query, "parameters": [] }).to_string();
        account.request("POST", "dbs/db/colls/tenants/docs", &headers).body(body)
    };
    let (prefix, whole) = (r#"["a"]"#, r#"["a","b"]"#);
    assert_eq!(account.answer(query(whole, "SELECT * FROM c")).await.0, 200);
    assert_eq!(account.answer(query(prefix, "SELECT * FROM c")).await.0, 501);
    let spanned = |method: &str, headers: &[(&'static str, &'static str)]| {
        let spanned = [("x-ms-start-epk", "05C1"), ("x-ms-end-epk", "05C1FF")];
        let headers = [&spanned, headers].concat();
        account.request(method, "dbs/db/colls/tenants/docs", &headers)
    };
    let query_headers =
        [("x-ms-documentdb-isquery", "true"), ("x-ms-documentdb-partitionkeyrangeid", "0")];
    let body = json!({ "query": "SELECT * FROM c" }).to_string();
    for request in [
        spanned("POST", &query_headers).body(body.clone()),
        spanned("GET", &[("x-ms-documentdb-partitionkeyrangeid", "0")]),
        spanned(
            "GET",
            &[("a-im", "Incremental Feed"), ("x-ms-documentdb-partitionkeyrangeid", "0")],
        ),
        account.request(
            "GET",
            "dbs/db/colls/tenants/docs",
            &[("a-im", "Incremental Feed"), ("x-ms-documentdb-partitionkey", prefix)],
        ),
    ] {
        assert_eq!(account.answer(request).await.0, 501);
    }
    let all = [
        query_headers.as_slice(),
        &[
            ("x-ms-start-epk", ""),
            ("x-ms-end-epk", "FF"),
            ("x-ms-read-key-type", "EffectivePartitionKeyRange"),
        ],
    ]
    .concat();
    let whole_range = account.request("POST", "dbs/db/colls/tenants/docs", &all).body(body);
    let (status, body) = account.answer(whole_range).await;
    assert_eq!(status, 200, "the span is all there is: {body}");
    for wrong in ["SELECT * FROM c.x", "SELECT * FROM c WHERE c.a LIKE '[a]'"] {
        let (status, body) = account.answer(query(whole, wrong)).await;
        assert_eq!((status, body["code"].as_str()), (501, Some("NotImplemented")), "{wrong}");
    }
}

#[tokio::test]
async fn a_group_for_null_takes_in_nobody_who_has_nothing() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    for (id, group) in [("a", json!(1)), ("b", json!(null)), ("c", json!(1))] {
        let item = json!({ "id": id, "pk": "p", "group": group });
        items.create_item("p", id, item, None).await.unwrap();
    }
    let query = |query: &str| {
        let headers =
            [("x-ms-documentdb-isquery", "true"), ("x-ms-documentdb-partitionkey", r#"["p"]"#)];
        // As JavaScript sends a query that is a mere text.
        let body = json!({ "query": query }).to_string();
        account.answer(account.request("POST", "dbs/db/colls/items/docs", &headers).body(body))
    };
    let grouped = "SELECT c.group AS g, COUNT(1) AS many FROM c GROUP BY c.group";
    let (status, body) = query(grouped).await;
    assert_eq!((status, body["Documents"].as_array().unwrap().len()), (200, 2), "{body}");
    items.create_item("p", "d", json!({ "id": "d", "pk": "p" }), None).await.unwrap();
    let (status, body) = query(grouped).await;
    assert_eq!((status, body["code"].as_str()), (501, Some("NotImplemented")), "{body}");
    let defined =
        "SELECT c.group AS g, COUNT(1) AS many FROM c WHERE IS_DEFINED(c.group) GROUP BY c.group";
    let (status, body) = query(defined).await;
    assert_eq!((status, body["Documents"].as_array().unwrap().len()), (200, 2), "{body}");
}

/// So the SDK asks for the pages of one partition key in order.
#[tokio::test]
async fn a_span_within_a_range_holds_only_its_own_items() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    for n in 0..12 {
        let (id, pk) = (format!("i{n}"), format!("p{}", n % 3));
        items.create_item(pk.clone(), &id, json!({ "id": id, "pk": pk }), None).await.unwrap();
    }
    let spans =
        [("", "80000000000000000000000000000000"), ("80000000000000000000000000000000", "FF")];
    let mut found = Vec::new();
    for (start, end) in spans {
        for range in ["0", "1", "2", "3"] {
            let headers = [
                ("x-ms-documentdb-isquery", "true"),
                ("x-ms-documentdb-partitionkeyrangeid", range),
                ("x-ms-read-key-type", "EffectivePartitionKeyRange"),
                ("x-ms-start-epk", start),
                ("x-ms-end-epk", end),
            ];
            let body = json!({ "query": "SELECT VALUE c.id FROM c" }).to_string();
            let request = account.request("POST", "dbs/db/colls/items/docs", &headers).body(body);
            let (_, body) = account.answer(request).await;
            found.extend(body["Documents"].as_array().into_iter().flatten().map(Value::to_string));
        }
    }
    found.sort();
    let mut once = found.clone();
    once.dedup();
    assert_eq!((found.len(), once.len()), (12, 12), "{found:?}");
}
