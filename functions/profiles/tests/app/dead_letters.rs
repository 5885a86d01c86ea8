//! What the app cannot deal with ends where people find it, and comes back when they say so.

use crate::support::{DECISIONS, KIM, POISON, TestApp, decided};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const PHOTO: &str = "01980c6e-2222-7000-8000-000000000001";

async fn photos(app: &TestApp) -> Value {
    let kim = app.get(&format!("/v1/profiles/{KIM}")).await.expect(200).json();
    kim["photos"].clone()
}

fn path(letter: &Value) -> String {
    format!("/profiles/v1/dead-letters/{}", letter["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_message_against_the_contract_is_kept_with_the_reason() {
    let app = TestApp::start().await;
    let mut wrong = decided(KIM, PHOTO, "beautiful", 1);
    app.decide(&wrong).await;
    wrong["data"]["state"] = json!("approved");
    wrong["subject"] = json!(PHOTO);
    app.decide(&wrong).await;
    app.queue(DECISIONS).send("no JSON").await;
    app.all_decided().await;
    let letters = app.letters().await;
    assert_eq!(letters.len(), 3, "{letters:?}");
    assert!(letters.iter().all(|letter| letter["reason"] == "given-up"));
    let details: Vec<&str> = letters.iter().map(|one| one["detail"].as_str().unwrap()).collect();
    assert!(details.contains(&"the subject is not the profile of the data"), "{details:?}");
    assert!(letters.iter().any(|letter| letter["message"] == "no JSON"));
    assert_eq!(photos(&app).await, json!([]));
    assert_eq!(app.queue(POISON).length().await, 0);
}

#[tokio::test]
async fn a_message_that_was_given_up_is_mended_and_sent_again() {
    let app = TestApp::start().await;
    app.decide(&decided(KIM, PHOTO, "beautiful", 1)).await;
    app.all_decided().await;
    let [letter] = <[_; 1]>::try_from(app.letters().await).unwrap();
    assert_eq!((&letter["queue"], &letter["subject"]), (&json!(DECISIONS), &json!(KIM)));
    let read = app.get(&path(&letter)).await.expect(200);
    let mended = json!({"message": decided(KIM, PHOTO, "approved", 1).to_string()});
    let put = app.request(app_tests::Method::PUT, &path(&letter)).header("if-match", read.etag());
    put.json(&mended).send().await.expect(200);
    let sent = app.post(&path(&letter), &json!({"action": "redrive"})).await.expect(200).json();
    assert_eq!(sent["state"], "redriven");
    app.all_decided().await;
    assert_eq!(photos(&app).await, json!([{"id": PHOTO, "state": "approved"}]));
}

/// Behind the host `Host` is the handler's own address; a browser that is old says only where its page came from.
#[tokio::test]
async fn a_form_is_told_from_another_site_s_by_its_origin_alone() {
    let app = TestApp::start().await;
    let own = app.url().to_owned();
    let post = |origin: &str, also: (&str, &str)| {
        let form = "token=forged&action=discard&why=x".to_owned();
        app.request(Method::POST, "/profiles/dead-letters/01ARZ3NDEKTSV4RRFFQ69G5FAV")
            .header("cookie", "AppServiceAuthSession=olga")
            .header("origin", origin)
            .header(also.0, also.1)
            .body("application/x-www-form-urlencoded", form)
            .send()
    };
    let nothing = ("x-other", "1");
    post(&own, nothing).await.refused(403, "form-refused", &[]);
    post("https://evil.example", nothing).await.refused(403, "cross-site", &[]);
    let says_so_itself = ("x-forwarded-host", "evil.example");
    post("https://evil.example", says_so_itself).await.refused(403, "cross-site", &[]);
}
