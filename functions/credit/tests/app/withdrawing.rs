//! A consent that is taken back, at each moment.

use crate::support::{ACME, TestApp};
use app_tests::{Fault, Gate, Method, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

async fn withdraw(app: &TestApp, consent: &str) {
    let path = format!("consents/{consent}");
    for _ in 0..2 {
        app.acme(Method::DELETE, &path, &Value::Null).await.expect(204);
    }
    assert_eq!(app.read(&path).await["state"], "withdrawn");
}

async fn has_no_token(app: &TestApp, consent: &str) {
    let look = async || {
        let document = app.documents("consents").get(consent, consent).await?;
        (document["token"].is_null() && document["duties"] == json!([])).then_some(())
    };
    app.eventually("the token to be gone", look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_bank_and_after_it() {
    let app = TestApp::start().await;
    let (pending, url) = app.asked("early").await;
    withdraw(&app, &pending).await;
    let callback = app.decided(&url, "salaried", "approve").await;
    app.come_back(&callback).await.expect(303);
    assert_eq!(app.read(&format!("consents/{pending}")).await["state"], "withdrawn");
    let granted = app.granted("granted", "salaried").await;
    withdraw(&app, &granted).await;
    has_no_token(&app, &granted).await;
    let refused = app.acme(Method::POST, "assessments", &json!({ "consentId": granted })).await;
    refused.refused(409, "consent-not-usable", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_repeated_after_its_consent_was_withdrawn_gets_the_first_answer() {
    let app = TestApp::start().await;
    let consent = app.granted("repeated", "salaried").await;
    app.wrong("hang");
    let post = async || {
        let request = app.request(Method::POST, "/credit/v1/assessments");
        let request = request.header("iommi-subscription-key", ACME);
        let request = request.header("idempotency-key", "once");
        request.json(&json!({ "consentId": consent })).send().await.expect(202)
    };
    let first = post().await;
    assert_eq!(first.json()["state"], "fetching");
    withdraw(&app, &consent).await;
    let again = post().await;
    assert_eq!((again.id(), again.header("location")), (first.id(), first.header("location")));
    assert_eq!(again.json()["state"], "withdrawn", "the assessment of then, as it is now");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bank_is_asked() {
    let app = TestApp::start().await;
    let consent = app.granted("asked", "salaried").await;
    app.wrong("delayMs=1500");
    let id = app.begun(&json!({ "consentId": consent })).await;
    withdraw(&app, &consent).await;
    app.bank.clear_faults();
    let ended = app.is(&id, "withdrawn").await;
    assert_eq!(ended["result"], Value::Null);
    has_no_token(&app, &consent).await;
    // What the run finds that was at work changes nothing.
    let look = async || (app.queue("credit-fetch").length().await == 0).then_some(());
    app.eventually("the run to be over", look).await;
    assert_eq!(app.is(&id, "withdrawn").await["revision"], ended["revision"]);
    let look =
        async || (!app.has_blob(&format!("credit-activity/{id}/1/activity")).await).then_some(());
    app.eventually("nothing to be left of the bank's answer", look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_score_is_made() {
    let app = TestApp::with(|setup| setup.setting("SCORING_PATHS", "2000000")).await;
    let consent = app.granted("scored", "salaried").await;
    let id = app.begun(&json!({ "consentId": consent })).await;
    app.is(&id, "scoring").await;
    withdraw(&app, &consent).await;
    app.is(&id, "withdrawn").await;
    assert_eq!(
        app.document(&id).await.get("key"),
        None,
        "the key is gone before the score is there"
    );
    let look = async || {
        let jobs = app.queue("scoring-jobs").length().await;
        let results = app.queue("scoring-results").length().await;
        (jobs + results == 0).then_some(())
    };
    app.eventually("the score to have come", look).await;
    let ended = app.is(&id, "withdrawn").await;
    assert_eq!(ended["result"], Value::Null, "and to have been dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn between_the_consents_document_and_the_assessments() {
    let app = TestApp::start().await;
    let consent = app.granted("between", "salaried").await;
    let gate = Gate::new();
    let only = Requests::any().method("POST").path("assessments");
    let rule = Rule {
        service: Service::Cosmos,
        only,
        fault: Fault::Hold(gate.clone()),
        when: When::Next(1),
    };
    app.faults().add(rule);
    let body = json!({ "consentId": consent });
    let begin = app.acme(Method::POST, "assessments", &body);
    let meanwhile = async {
        gate.reached().await;
        withdraw(&app, &consent).await;
        gate.open();
    };
    let (begun, ()) = tokio::join!(begin, meanwhile);
    let id = begun.expect(202).id();
    app.is(&id, "withdrawn").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bank_says_that_it_is_over() {
    let app = TestApp::start().await;
    let consent = app.granted("over", "salaried").await;
    app.wrong("tokenExpires");
    let gate = Gate::new();
    let only = Requests::any().method("PUT").path("assessments");
    let rule = Rule {
        service: Service::Cosmos,
        only,
        fault: Fault::Hold(gate.clone()),
        when: When::Next(1),
    };
    app.faults().add(rule);
    let id = app.begun(&json!({ "consentId": consent })).await;
    // Whoever asked the bank knows that the consent is over, and is about to say so of the assessment.
    gate.reached().await;
    app.acme(Method::DELETE, &format!("consents/{consent}"), &Value::Null).await.expect(204);
    let stopped = app.read(&format!("assessments/{id}")).await;
    assert_eq!(stopped["failure"]["code"], "consent-gone", "{stopped}");
    gate.open();
    let look = async || (app.queue("credit-fetch").length().await == 0).then_some(());
    app.eventually("the run to be over", look).await;
    assert_eq!(app.is(&id, "failed").await["endedAt"], stopped["endedAt"], "it ended once");
}
