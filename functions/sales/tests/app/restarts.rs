//! Our people restart many orders at once.

use crate::post::{Made, PostApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

async fn failed(app: &PostApp, count: usize) -> Vec<Made> {
    app.wrong("fails");
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(app.due("email").await);
    }
    for made in &all {
        app.is_with_time(made, "failed", "Failed").await;
    }
    app.wrong("delayMs=0");
    all
}

async fn restart(app: &PostApp, body: &Value) -> Value {
    app.post("/sales/v1/restarts", body).await.expect(200).json()
}

#[tokio::test]
async fn those_that_failed_for_a_reason_are_restarted_and_no_others() {
    let app = PostApp::start().await;
    let failed = failed(&app, 3).await;
    let other = app.made("invoice").await;
    let listed = app.get("/sales/v1/orders?state=failed&step=email").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    let nothing = json!({"restarted": 0, "refused": [], "more": false});
    let another_reason = json!({"step": "email", "problem": "not-answering"});
    assert_eq!(restart(&app, &another_reason).await, nothing);
    let another_step = json!({"step": "document"});
    assert_eq!(restart(&app, &another_step).await, nothing);
    let this = json!({"step": "email", "problem": "undeliverable", "resend": true});
    let all = json!({"restarted": 3, "refused": [], "more": false});
    assert_eq!(restart(&app, &this).await, all);
    for made in &failed {
        app.is_with_time(made, "done", "Delivered").await;
        assert_eq!(app.mails(made).await.len(), 2, "the one that failed, and another");
    }
    assert_eq!(restart(&app, &this).await, nothing, "none failed any more");
    assert_eq!(app.order(&other).await["state"], "open");
}

#[tokio::test]
async fn what_cannot_be_restarted_there_is_told_with_its_reason() {
    let app = PostApp::start().await;
    let failed = failed(&app, 1).await;
    let path = format!("sales-payloads/{}/accept/1.json", failed[0].id);
    assert!(!app.has_blob(&path).await, "what was ordered went long ago");
    let body = json!({"step": "email", "from": "provision"});
    let answer = restart(&app, &body).await;
    assert_eq!((&answer["restarted"], &answer["more"]), (&json!(0), &json!(false)));
    let [refused] = &answer["refused"].as_array().unwrap()[..] else { panic!("{answer}") };
    assert_eq!(refused["id"], failed[0].id.as_str());
    assert!(refused["detail"].as_str().unwrap().contains("30 days"), "{refused}");
    for (body, pointer) in [
        (json!({"step": "sleep"}), "/step"),
        (json!({"step": "email", "problem": "bad luck"}), "/problem"),
        (json!({"step": "email", "failedSince": "yesterday"}), "/failedSince"),
    ] {
        app.post("/sales/v1/restarts", &body).await.refused(422, "invalid-body", &[pointer]);
    }
}
