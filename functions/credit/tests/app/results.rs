//! What a result is made of, and what somebody does who contests it.

use crate::support::TestApp;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_the_sum_of_what_is_explained_in_the_readers_language() {
    let app = TestApp::start().await;
    let id = app.begun_by_token("explained", "overdrawn").await;
    let scored = app.is(&id, "scored").await;
    let explain = async |language: &str| {
        let path = format!("/credit/v1/assessments/{id}/explanation");
        let request = app.request(Method::GET, &path);
        let request = request.header("iommi-subscription-key", crate::support::ACME);
        request.header("accept-language", language).send().await.expect(200)
    };
    let english = explain("fr, en;q=0.5").await;
    assert_eq!(english.header("content-language").unwrap(), "en");
    let english = english.json();
    let points = english["characteristics"].as_array().unwrap().iter();
    let sum: i64 = points.map(|part| part["points"].as_i64().unwrap()).sum();
    assert_eq!(json!(sum), scored["result"]["score"]);
    let reasons: Vec<_> = english["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["code"].clone())
        .collect();
    assert_eq!(json!(reasons), scored["result"]["reasons"]);
    assert!(!reasons.is_empty() && reasons.len() <= 4);
    let swedish = explain("sv").await.json();
    assert_eq!(swedish["score"], english["score"]);
    assert_ne!(swedish["reasons"][0]["sentence"], english["reasons"][0]["sentence"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_contested_once_and_a_person_decides() {
    let app = TestApp::start().await;
    let id = app.begun_by_token("contested", "overdrawn").await;
    app.is(&id, "scored").await;
    let path = format!("assessments/{id}/review");
    app.acme(Method::GET, &path, &Value::Null).await.refused(404, "no-such-review", &[]);
    let ask = async |statement: &str| {
        app.acme(Method::POST, &path, &json!({ "statement": statement })).await
    };
    for _ in 0..2 {
        assert_eq!(
            ask("The debits came back by mistake.").await.expect(201).json()["state"],
            "open"
        );
    }
    ask("And another thing.").await.refused(409, "review-asked", &[]);
    let open = app.get("/credit/v1/reviews").await.expect(200).json();
    assert_eq!(open["items"][0]["assessmentId"], json!(id));
    let case = app.get(&format!("/credit/v1/reviews/{id}")).await.expect(200);
    assert_eq!(case.json()["statement"], "The debits came back by mistake.");
    let decision = json!({ "state": "overturned", "finding": "The bank confirms it." });
    let etag = case.header("etag").unwrap().to_owned();
    app.patch(&format!("/credit/v1/reviews/{id}"), &etag, &decision).await.expect(200);
    let stale = app.patch(&format!("/credit/v1/reviews/{id}"), &etag, &decision).await;
    stale.refused(412, "precondition-failed", &[]);
    let told = app.read(&path).await;
    assert_eq!(
        (&told["state"], &told["finding"]),
        (&json!("overturned"), &json!("The bank confirms it."))
    );
    assert_eq!(app.get("/credit/v1/reviews").await.expect(200).json()["items"], json!([]));
}
