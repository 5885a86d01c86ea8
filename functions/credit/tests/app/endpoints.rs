//! Where partners hear of what happens.

use crate::hooked::Hooked;
use crate::support::{ACME, GLOBEX};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_again_only_to_the_same_request() {
    let app = Hooked::start().await;
    let body = json!({ "url": "https://hooks.partner.example/iommi?token=of-the-partner", "signing": "v1", "description": "Production" });
    let add = async |key: &str| {
        let request = app.request(Method::POST, "/credit/v1/webhook-endpoints");
        let request = request.header("iommi-subscription-key", ACME);
        request.header("idempotency-key", key).json(&body).send().await.expect(201)
    };
    let made = add("one").await;
    let path = made.header("location").unwrap().to_owned();
    let made = made.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{made}");
    assert_eq!(add("one").await.json()["secret"], secret, "the answer was lost");
    let path = path.split_once("/credit/v1/").unwrap().1.to_owned();
    let read = app.read(&path).await;
    assert_eq!((&read["secret"], &read["state"]), (&Value::Null, &json!("enabled")));
    let list = app.read("webhook-endpoints").await;
    assert_eq!(list["items"], json!([read]), "the same request made one");
    app.ask(GLOBEX, Method::GET, &path, &Value::Null).await.refused(404, "no-such-endpoint", &[]);
    for _ in 0..2 {
        app.acme(Method::DELETE, &path, &Value::Null).await.expect(204);
    }
    app.acme(Method::GET, &path, &Value::Null).await.refused(404, "no-such-endpoint", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_say_how_to_sign_shares_a_secret() {
    let app = Hooked::start().await;
    let url = "https://hooks.partner.example/";
    for body in [json!({ "url": url }), json!({ "url": url, "signing": null })] {
        let made = app.acme(Method::POST, "webhook-endpoints", &body).await.expect(201).json();
        assert_eq!(made["signing"], "v1", "{made}");
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
    }
    let body = json!({ "url": url, "signing": "v2" });
    let refused = app.acme(Method::POST, "webhook-endpoints", &body).await;
    refused.refused(422, "invalid-body", &["/signing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_ten_endpoints_also_when_all_are_added_at_once() {
    let app = Hooked::start().await;
    let body = json!({ "url": "https://hooks.partner.example/", "signing": "v1a" });
    let add = || app.acme(Method::POST, "webhook-endpoints", &body);
    let added = futures::future::join_all((0..12).map(|_| add())).await;
    for answer in &added {
        assert!([201, 409].contains(&answer.status), "{}", answer.status);
    }
    // Who met too many others may ask again.
    for _ in 0..10 {
        add().await;
    }
    add().await.refused(409, "too-many-endpoints", &[]);
    let all = app.read("webhook-endpoints").await["items"].as_array().unwrap().clone();
    assert_eq!(all.len(), 10);
    let key = all[0]["publicKey"].as_str().unwrap();
    assert!(key.starts_with("whpk_") && !added[0].json().to_string().contains("whsk_"));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_hide_are_refused_with_what_would_be_right() {
    let app = Hooked::start().await;
    for url in [
        "http://hooks.partner.example/",
        "ftp://hooks.partner.example/",
        "https://user:secret@hooks.partner.example/",
        "https://hooks.partner.example:8443/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/metadata",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://localhost/",
        "https://metadata.internal/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "hooks.partner.example",
    ] {
        let body = json!({ "url": url, "signing": "v1" });
        let answer = app.acme(Method::POST, "webhook-endpoints", &body).await;
        let problem = answer.refused(422, "invalid-body", &["/url"]).problem();
        assert!(!problem.contains("secret"), "{problem}");
    }
    for body in [
        json!({ "signing": "v1" }),
        json!({ "url": "https://a.example/", "signing": "v2" }),
        json!({ "url": "https://a.example/", "signing": "v1", "types": ["credit.unknown"] }),
        json!({ "url": "https://a.example/", "signing": "v1", "types": [] }),
        json!({ "url": "https://a.example/", "signing": "v1", "more": 1 }),
    ] {
        app.acme(Method::POST, "webhook-endpoints", &body).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_names_the_version_and_hears_only_what_it_wants() {
    let app = Hooked::start().await;
    let wants = json!({ "types": ["credit.assessment.failed"] });
    let endpoint = app.endpoint("picky", wants).await;
    let all = app.endpoint("all", json!({ "signing": "v1a" })).await;
    let patched =
        app.patched(&endpoint, &json!({ "description": "Errors only" })).await.expect(200);
    let view = patched.json();
    assert_eq!((&view["description"], &view["revision"]), (&json!("Errors only"), &json!(2)));
    let path = format!("/credit/v1/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    let stale = app.request(Method::PATCH, &path).header("iommi-subscription-key", ACME);
    let stale = stale.header("if-match", "\"1\"").merge_patch(&json!({ "state": "disabled" }));
    stale.send().await.refused(412, "precondition-failed", &[]);
    let id = app.begun_by_token("heard", "salaried").await;
    let scored = app.is(&id, "scored").await;
    let look = async || app.received("all").await.into_iter().find(|it| !it["takenAt"].is_null());
    let heard = app.eventually("the webhook", look).await;
    assert_eq!(heard["type"], "credit.assessment.completed");
    let body: Value = serde_json::from_str(heard["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["data"]["id"], &body["data"]["result"]), (&json!(id), &scored["result"]));
    assert_eq!(body["data"]["customerReference"], "heard");
    assert_eq!(body["timestamp"], scored["endedAt"]);
    assert_eq!(app.received("picky").await, Vec::<Value>::new());
    assert_eq!(app.endpoint_now(&all).await["trouble"], Value::Null);
}
