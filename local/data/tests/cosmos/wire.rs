//! What other SDKs send, and what is refused: by plain HTTP.

use std::time::Duration;

use local_data::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

const KEY: (&str, &str) = ("x-ms-documentdb-partitionkey", "[\"p\"]");

/// An account with the item `a` (`n` = 1) in `items`.
async fn with_an_item() -> Account {
    let account = Account::empty().await;
    account.container("items").await;
    let (status, body) = create(&account, json!({ "id": "a", "pk": "p", "n": 1 })).await;
    assert_eq!(status, 201, "{body}");
    account
}

async fn create(account: &Account, item: Value) -> (u16, Value) {
    account
        .answer(account.request("POST", "dbs/db/colls/items/docs", &[KEY]).body(item.to_string()))
        .await
}

async fn read(account: &Account, id: &str) -> (u16, Value) {
    account.answer(account.request("GET", &format!("dbs/db/colls/items/docs/{id}"), &[KEY])).await
}

async fn patch(account: &Account, body: Value) -> (u16, Value) {
    account
        .answer(
            account.request("PATCH", "dbs/db/colls/items/docs/a", &[KEY]).body(body.to_string()),
        )
        .await
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_does_not_matter() {
    let account = with_an_item().await;
    let (status, body) =
        account.answer(account.request("GET", "dbs/db/colls/items/docs/a/", &[KEY])).await;
    assert_eq!((status, &body["n"]), (200, &json!(1)));
    let (status, _) =
        account.answer(account.request("GET", "dbs/db/colls/items/pkranges/", &[])).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_patch_may_be_a_bare_array_or_an_object() {
    let account = with_an_item().await;
    let operations = json!([{ "op": "incr", "path": "/n", "value": 5 }]);
    let (status, body) = patch(&account, operations.clone()).await;
    assert_eq!((status, &body["n"]), (200, &json!(6)));
    let (status, body) = patch(&account, json!({ "operations": operations })).await;
    assert_eq!((status, &body["n"]), (200, &json!(11)));
}

#[tokio::test]
async fn a_patch_whose_condition_is_false_changes_nothing() {
    let account = with_an_item().await;
    let operations = json!([{ "op": "set", "path": "/n", "value": 2 }]);
    let (status, body) =
        patch(&account, json!({ "condition": "from c where c.n = 7", "operations": operations }))
            .await;
    assert_eq!((status, &body["code"]), (412, &json!("PreconditionFailed")));
    let (status, _) =
        patch(&account, json!({ "condition": "from c where c.n = 1", "operations": operations }))
            .await;
    assert_eq!(status, 200);
    assert_eq!(read(&account, "a").await.1["n"], json!(2));
}

#[tokio::test]
async fn a_bulk_request_does_each_operation_by_itself() {
    let account = with_an_item().await;
    let operation = |kind: &str, rest: Value| {
        let mut operation = json!({ "operationType": kind, "partitionKey": "[\"p\"]" });
        operation.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        operation
    };
    let item = |id: &str, n: i32| json!({ "id": id, "pk": "p", "n": n });
    let operations = json!([
        operation("Create", json!({ "resourceBody": item("b", 2) })),
        operation("Create", json!({ "resourceBody": item("a", 9) })),
        operation("Upsert", json!({ "resourceBody": item("c", 3) })),
        operation(
            "Patch",
            json!({ "id": "a", "resourceBody": [{ "op": "incr", "path": "/n", "value": 1 }] })
        ),
        operation("Read", json!({ "id": "a" })),
        operation("Replace", json!({ "id": "b", "resourceBody": item("b", 4) })),
        operation("Delete", json!({ "id": "c" })),
    ]);
    let headers = [
        ("x-ms-cosmos-is-batch-request", "true"),
        ("x-ms-cosmos-batch-atomic", "false"),
        ("x-ms-cosmos-batch-continue-on-error", "true"),
        ("x-ms-documentdb-partitionkeyrangeid", "0"),
    ];
    let request =
        account.request("POST", "dbs/db/colls/items/docs", &headers).body(operations.to_string());
    let (status, body) = account.answer(request).await;
    let statuses: Vec<_> =
        body.as_array().unwrap().iter().map(|result| result["statusCode"].clone()).collect();
    assert_eq!(
        (status, statuses),
        (207, [201, 409, 201, 200, 200, 200, 204].map(|code| json!(code)).to_vec())
    );
    assert_eq!(body[4]["resourceBody"]["n"], json!(2));
    assert_eq!(account.ids("items").await, ["a", "b"]);
}

async fn batch(account: &Account, operations: Value) -> (u16, Value) {
    let headers =
        [KEY, ("x-ms-cosmos-is-batch-request", "true"), ("x-ms-cosmos-batch-atomic", "true")];
    let (status, body) = account
        .answer(
            account
                .request("POST", "dbs/db/colls/items/docs", &headers)
                .body(operations.to_string()),
        )
        .await;
    let statuses = body
        .as_array()
        .map(|results| results.iter().map(|result| result["statusCode"].clone()).collect());
    (status, statuses.unwrap_or(body))
}

#[tokio::test]
async fn a_batch_may_patch_what_it_has_written() {
    let account = with_an_item().await;
    let add = |id: &str, n: i32| json!({ "operationType": "Patch", "id": id, "resourceBody": { "operations": [{ "op": "incr", "path": "/n", "value": n }] } });
    let create =
        json!({ "operationType": "Create", "resourceBody": { "id": "b", "pk": "p", "n": 10 } });
    let done = batch(&account, json!([add("a", 1), create, add("b", 5), add("a", 1)])).await;
    assert_eq!(done, (200, json!([200, 201, 200, 200])));
    assert_eq!(
        (read(&account, "a").await.1["n"].clone(), read(&account, "b").await.1["n"].clone()),
        (json!(3), json!(15))
    );

    let undone = batch(&account, json!([add("a", 1), add("missing", 1)])).await;
    assert_eq!(undone, (207, json!([424, 404])));
    let delete = json!({ "operationType": "Delete", "id": "a" });
    let undone = batch(&account, json!([delete, add("a", 1)])).await;
    assert_eq!(undone, (207, json!([424, 404])));
    assert_eq!(read(&account, "a").await.1["n"], json!(3));
}

#[tokio::test]
async fn what_is_not_supported_is_named() {
    let account = with_an_item().await;
    let (status, body) =
        account.answer(account.request("GET", "dbs/db/colls/items/sprocs", &[])).await;
    assert_eq!(status, 501);
    assert!(body["message"].as_str().unwrap().contains("dbs/db/colls/items/sprocs"), "{body}");
    let headers = [("a-im", "Full-Fidelity Feed"), ("if-none-match", "*")];
    let (status, body) =
        account.answer(account.request("GET", "dbs/db/colls/items/docs", &headers)).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("all versions and deletes"), "{body}");
}

#[tokio::test]
async fn an_item_that_azure_would_refuse_is_refused() {
    let account = with_an_item().await;
    for (item, part) in [
        (json!({ "id": "x/y", "pk": "p" }), "must not contain"),
        (json!({ "id": "x", "pk": "p", "ttl": 0 }), "The input ttl '0' is invalid"),
        (json!({ "pk": "p" }), "id"),
        (json!({ "id": "x", "pk": "other" }), "partition key"),
    ] {
        let (status, body) = create(&account, item).await;
        assert_eq!(status, 400, "{body}");
        assert!(body["message"].as_str().unwrap().contains(part), "{body}");
    }
    let (status, _) =
        create(&account, json!({ "id": "x", "pk": "p", "text": "x".repeat(2 << 20) })).await;
    assert_eq!(status, 413);
    let (status, _) =
        create(&account, json!({ "id": "x", "pk": "p", "text": "x".repeat(5 << 20) })).await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn a_request_signed_with_a_wrong_key_is_refused() {
    let account = with_an_item().await;
    let signed = account
        .http
        .get(format!("{}dbs", account.services.cosmos_url()))
        .header("authorization", "type%3dmaster%26ver%3d1.0%26sig%3dAAAA")
        .header("x-ms-date", "Sat, 21 Nov 2026 08:09:55 GMT");
    let (status, body) = account.answer(signed).await;
    assert_eq!((status, &body["code"]), (401, &json!("Unauthorized")));
}

#[tokio::test]
async fn unicode_ids_are_paged_and_followed_like_any_other() {
    let account = Account::empty().await;
    account.container("items").await;
    for n in 0..5 {
        let item = json!({ "id": format!("straße 🌉 {n}"), "pk": "p" });
        assert_eq!(create(&account, item).await.0, 201);
    }
    let mut found = Vec::new();
    let mut continuation: Option<String> = None;
    loop {
        let mut request =
            account.request("GET", "dbs/db/colls/items/docs", &[KEY, ("x-ms-max-item-count", "2")]);
        if let Some(token) = &continuation {
            request = request.header("x-ms-continuation", token);
        }
        let response = request.send().await.unwrap();
        continuation = response
            .headers()
            .get("x-ms-continuation")
            .map(|token| token.to_str().unwrap().to_owned());
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        found.extend(
            body["Documents"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        if continuation.is_none() {
            break;
        }
    }
    assert_eq!(found, (0..5).map(|n| format!("straße 🌉 {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn faults_strike_as_asked_and_pass() {
    let account = with_an_item().await;
    let fail = |fault| {
        account.services.faults().add(Rule {
            service: Service::Cosmos,
            only: Requests::default(),
            fault,
            when: When::Next(1),
        })
    };

    fail(Fault::Throttle { retry_after: Duration::from_millis(1234) });
    let throttled = account.request("GET", "dbs", &[]).send().await.unwrap();
    let header =
        |name: &str| throttled.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(throttled.status(), 429);
    assert_eq!(
        (header("x-ms-retry-after-ms"), header("x-ms-substatus")),
        (Some("1234".into()), Some("3200".into()))
    );

    fail(Fault::Unavailable);
    assert_eq!(read(&account, "a").await.0, 503);
    fail(Fault::InternalError);
    assert_eq!(read(&account, "a").await.0, 500);
    fail(Fault::Disconnect);
    assert!(account.request("GET", "dbs", &[]).send().await.is_err());
    fail(Fault::Delay(Duration::from_millis(1)));
    assert_eq!(read(&account, "a").await.0, 200);
    assert_eq!(read(&account, "a").await.0, 200);
}

#[tokio::test]
async fn a_throttled_write_is_tried_again_by_the_sdk() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let fault = Fault::Throttle { retry_after: Duration::from_millis(5) };
    account.services.faults().add(Rule {
        service: Service::Cosmos,
        only: Requests::default(),
        fault,
        when: When::Next(2),
    });
    items.create_item("p", "a", json!({ "id": "a", "pk": "p" }), None).await.unwrap();
    assert_eq!(account.services.faults().rules(), vec![]);
    assert_eq!(account.ids("items").await, ["a"]);
}
