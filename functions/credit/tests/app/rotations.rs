//! Secrets change, and nothing is refused meanwhile.

use crate::hooked::Hooked;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// How long an old secret signs along.
const OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn old_and_new_secrets_sign_for_a_day_and_then_only_the_new_one() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("main", json!({})).await;
    let path = format!("webhook-endpoints/{}/secret", endpoint["id"].as_str().unwrap());
    let text = |view: &Value| view["secret"].as_str().unwrap().to_owned();
    let mut secrets = vec![text(&endpoint)];
    for _ in 0..4 {
        let rotated = app.acme(Method::POST, &path, &Value::Null).await.expect(201).json();
        assert!(rotated["secrets"].as_array().unwrap().len() <= 3, "{rotated}");
        secrets.push(text(&rotated));
    }
    // The newest three sign, each alone is enough.
    for secret in &secrets[2..] {
        app.believes("main", &[secret]).await;
        let delivery = app.tested(&endpoint).await;
        app.delivery_is(&delivery, "delivered").await;
    }
    app.travel(OVERLAP);
    app.believes("main", &[&secrets[3]]).await;
    let late = app.tested(&endpoint).await;
    let attempt = &app.attempted(&late, 1).await["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["reason"]), (&json!(400), &json!("status")));
    app.believes("main", &[&secrets[4]]).await;
    app.delivery_will_be(&late, "delivered").await;
    assert_eq!(app.endpoint_now(&endpoint).await["secrets"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn public_keys_change_as_secrets_do_and_the_private_one_never_leaves() {
    let app = Hooked::start().await;
    let endpoint = app.endpoint("pairs", json!({ "signing": "v1a" })).await;
    let path = format!("webhook-endpoints/{}/secret", endpoint["id"].as_str().unwrap());
    let rotated = app.acme(Method::POST, &path, &Value::Null).await.expect(201).json();
    assert_eq!(rotated["secret"], Value::Null);
    assert_ne!(rotated["publicKey"], endpoint["publicKey"]);
    for view in [&endpoint, &rotated] {
        app.believes("pairs", &[view["publicKey"].as_str().unwrap()]).await;
        let delivery = app.tested(&endpoint).await;
        app.delivery_is(&delivery, "delivered").await;
    }
}
