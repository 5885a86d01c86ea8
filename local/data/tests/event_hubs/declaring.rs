//! Hubs and consumer groups are declared, and nothing else makes one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::namespace::{Namespace, answer};

#[tokio::test]
async fn a_hub_that_was_not_declared_is_not_there_and_is_not_made() {
    let namespace = Namespace::with_accounts().await;
    for _ in 0..2 {
        let refused = answer(namespace.publish("acount").body("x")).await;
        assert_eq!(refused.status, 404);
        assert_eq!(refused.header("content-type"), "application/xml; charset=utf-8");
        assert!(refused.body.starts_with("<Error><Code>404</Code><Detail>"), "{}", refused.body);
        assert!(refused.body.contains("acount"), "{}", refused.body);
    }
}

#[tokio::test]
async fn a_hub_declared_again_keeps_its_events_and_its_partitions() {
    let namespace = Namespace::with_accounts().await;
    namespace.send("account", "kept", Some("k1")).await;
    assert_eq!(namespace.declare("Account", 4).await.status, 200);
    assert_eq!(namespace.texts().await[0], ["kept"]);
    let refused = namespace.declare("account", 8).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("4 partitions"), "{}", refused.body);
}

#[tokio::test]
async fn a_consumer_group_is_declared_like_its_hub() {
    let namespace = Namespace::with_accounts().await;
    let group = "$local/eventhubs/account/consumergroups/contacts";
    let events = format!("{group}/partitions/0/events");
    assert_eq!(answer(namespace.request(Method::GET, &events)).await.status, 404);
    assert_eq!(answer(namespace.request(Method::PUT, group)).await.status, 201);
    assert_eq!(answer(namespace.request(Method::PUT, group)).await.status, 200);
    assert_eq!(answer(namespace.request(Method::GET, &events)).await.status, 200);
}

#[tokio::test]
async fn a_declaration_that_cannot_be_is_refused_and_names_what_is_wrong() {
    let namespace = Namespace::with_accounts().await;
    for (hub, declaration, part) in [
        ("sale", json!({"partitions": 0}), "partitions"),
        ("sale", json!({"partitions": 4, "retentionHours": 0}), "retentionHours"),
        ("sale", json!({"partitions": 4, "retention": 1}), "`retention`"),
        ("-sale", json!({"partitions": 4}), "-sale"),
    ] {
        let path = format!("$local/eventhubs/{hub}");
        let request = namespace.request(Method::PUT, &path).body(declaration.to_string());
        let refused = answer(request).await;
        assert_eq!(refused.status, 400, "{declaration}");
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
}

#[tokio::test]
async fn a_hub_tells_how_its_partitions_stand() {
    let namespace = Namespace::with_accounts().await;
    namespace.send("account", "one", Some("k1")).await;
    namespace.send("account", "two", Some("k1")).await;
    let told = answer(namespace.request(Method::GET, "$local/eventhubs/account")).await;
    let told: Value = serde_json::from_str(&told.body).unwrap();
    let partitions = told["partitions"].as_array().unwrap();
    let last: Vec<_> =
        partitions.iter().map(|one| one["lastSequenceNumber"].as_i64().unwrap()).collect();
    assert_eq!(last, [1, -1, -1, -1]);
    assert_eq!(partitions[0]["isEmpty"], json!(false));
}
