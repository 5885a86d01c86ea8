//! The whole way: a question, the bank, a score.

use crate::support::{ACME, GLOBEX, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn with_a_consent_a_partner_gets_a_score_and_nothing_is_left_of_the_banks_answer() {
    let app = TestApp::start().await;
    let consent = app.granted("customer-1", "salaried").await;
    let id = app.begun(&json!({ "consentId": consent })).await;
    let scored = app.is(&id, "scored").await;
    assert_eq!(scored["customerReference"], "customer-1");
    assert!(scored["result"]["score"].as_i64().unwrap() > 300, "{scored}");
    app.eventually("all duties to be done", async || {
        app.document(&id).await["duties"].as_array()?.is_empty().then_some(())
    })
    .await;
    assert!(!app.document(&id).await.to_string().contains("wrapped\":\"\""), "no key");
    assert_eq!(app.document(&id).await.get("key"), None);
    assert!(!app.has_blob(&format!("credit-activity/{id}/1/activity")).await);
    let used = app.read(&format!("consents/{consent}")).await;
    assert_eq!((&used["state"], &used["assessmentId"]), (&json!("used"), &json!(id)));
    let again = app.acme(Method::POST, "assessments", &json!({ "consentId": consent })).await;
    again.refused(409, "consent-not-usable", &[]);
    let path = format!("assessments/{id}");
    app.ask(GLOBEX, Method::GET, &path, &Value::Null).await.refused(404, "no-such-assessment", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_of_its_own_and_a_little_patience_the_answer_is_the_result() {
    let app = TestApp::start().await;
    let body = json!({ "bankToken": app.token("freelancer").await, "customerReference": "k" });
    let wait = async |seconds: &str| {
        app.request(Method::POST, "/credit/v1/assessments")
            .header("iommi-subscription-key", ACME)
            .header("idempotency-key", "patient")
            .header("prefer", &format!("wait={seconds}"))
            .json(&body)
            .send()
            .await
    };
    let now = wait("0").await.expect(202);
    assert_eq!(now.header("preference-applied").unwrap(), "respond-async");
    assert!(now.header("retry-after").is_some());
    assert_eq!(now.header("location").unwrap(), format!("/credit/v1/assessments/{}", now.id()));
    let held = wait("45").await.expect(200);
    assert_eq!(held.header("preference-applied").unwrap(), "wait=45");
    assert_eq!((held.id(), &held.json()["state"]), (now.id(), &json!("scored")));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_little_history_is_no_low_score() {
    let app = TestApp::start().await;
    let id = app.begun_by_token("thin", "thin-file").await;
    let ended = app.is(&id, "not-scoreable").await;
    assert_eq!(ended["notScoreable"]["reason"], "too-little-history");
    let path = format!("assessments/{id}/explanation");
    app.acme(Method::GET, &path, &Value::Null).await.refused(409, "not-scored", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_consent_is_good_for_one_assessment_at_a_time() {
    let app = TestApp::start().await;
    let consent = app.granted("customer-2", "salaried").await;
    app.wrong("hang");
    let body = json!({ "consentId": consent });
    let ask = async || app.acme(Method::POST, "assessments", &body).await;
    let all = futures::future::join_all((0..8).map(|_| ask())).await;
    let begun = all.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(begun, 1);
}
