//! A person's leave.

use crate::support::{GLOBEX, RETURN_URL, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn a_person_agrees_at_the_bank_and_comes_back_with_nothing_but_the_consents_id() {
    let app = TestApp::start().await;
    let (id, url) = app.asked("customer-1").await;
    assert!(url.contains("request_uri=") && !url.contains("state="), "{url}");
    let path = format!("consents/{id}");
    assert_eq!(app.read(&path).await["state"], "pending");
    let callback = app.decided(&url, "salaried", "approve").await;
    for _ in 0..2 {
        // The second time somebody has reloaded.
        let answer = app.come_back(&callback).await.expect(303);
        assert_eq!(answer.header("location").unwrap(), format!("{RETURN_URL}?consentId={id}"));
        assert_eq!(answer.header("referrer-policy").unwrap(), "no-referrer");
        assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    }
    let consent = app.read(&path).await;
    assert_eq!(
        (&consent["state"], &consent["customerReference"]),
        (&json!("granted"), &json!("customer-1"))
    );
    app.ask(GLOBEX, Method::GET, &path, &Value::Null).await.refused(404, "no-such-consent", &[]);
    app.ask(GLOBEX, Method::DELETE, &path, &Value::Null).await.refused(404, "no-such-consent", &[]);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let app = TestApp::start().await;
    let (id, url) = app.asked("customer-2").await;
    let callback = app.decided(&url, "salaried", "refuse").await;
    app.come_back(&callback).await.expect(303);
    assert_eq!(app.read(&format!("consents/{id}")).await["state"], "refused");
    let body = json!({ "consentId": id });
    let refused = app.acme(Method::POST, "assessments", &body).await;
    refused.refused(409, "consent-not-usable", &[]);
}

#[tokio::test]
async fn an_answer_that_lies_changes_nothing() {
    let app = TestApp::start().await;
    let (id, url) = app.asked("customer-3").await;
    let (other, _) = app.asked("customer-4").await;
    let callback = app.decided(&url, "salaried", "approve").await;
    let state = callback.split(['?', '&']).find(|part| part.starts_with("state=")).unwrap();
    let iss = callback.split(['?', '&']).find(|part| part.starts_with("iss=")).unwrap();
    let stolen = state.replace(&id, &other);
    for lie in [
        callback.replace(iss, "iss=https%3A%2F%2Fevil.example"),
        callback.replace(&format!("&{iss}"), ""),
        callback.replace(state, "state=made-up"),
        callback.replace(state, &format!("state={id}.made-up")),
        callback.replace(state, &stolen),
        callback.replace("code=", "error=server_error&nothing="),
        callback.replace("code=", "nothing="),
        format!("{callback}&error=access_denied"),
        "callback".to_owned(),
    ] {
        app.come_back(&lie).await.refused(400, "callback-refused", &[]);
        for consent in [&id, &other] {
            assert_eq!(app.read(&format!("consents/{consent}")).await["state"], "pending", "{lie}");
        }
    }
    let wrong_code = callback.replace("code=", "code=x");
    app.come_back(&wrong_code).await.refused(400, "callback-refused", &[]);
    app.come_back(&callback).await.expect(303);
    assert_eq!(app.read(&format!("consents/{id}")).await["state"], "granted");
}

#[tokio::test]
async fn a_bank_that_answers_as_somebody_else_is_not_believed() {
    let app = TestApp::start().await;
    for faults in ["iss=wrong", "iss=missing", "state=wrong", "state=missing"] {
        let (id, url) = app.asked(&format!("customer of {faults}")).await;
        app.wrong(faults);
        let callback = app.decided(&url, "salaried", "approve").await;
        app.bank.clear_faults();
        app.come_back(&callback).await.refused(400, "callback-refused", &[]);
        assert_eq!(app.read(&format!("consents/{id}")).await["state"], "pending", "{faults}");
    }
}

#[tokio::test]
async fn the_same_request_is_about_the_same_consent_and_brings_a_new_way_to_the_bank() {
    let app = TestApp::start().await;
    app.asked("somebody").await;
    let body = json!({ "customerReference": "customer-5", "returnUrl": RETURN_URL });
    let ask = async |body: &Value| {
        app.request(Method::POST, "/credit/v1/consents")
            .header("iommi-subscription-key", crate::support::ACME)
            .header("idempotency-key", "one")
            .json(body)
            .send()
            .await
    };
    let (one, two) = (ask(&body).await.expect(201).json(), ask(&body).await.expect(201).json());
    assert_eq!(one["id"], two["id"]);
    assert_ne!(one["authorizeUrl"], two["authorizeUrl"]);
    let callback = app.decided(two["authorizeUrl"].as_str().unwrap(), "salaried", "approve").await;
    app.come_back(&callback).await.expect(303);
    let other = json!({ "customerReference": "customer-6", "returnUrl": RETURN_URL });
    ask(&other).await.refused(422, "idempotency-key-reused", &["Idempotency-Key"]);
}

#[tokio::test]
async fn a_place_to_return_to_is_registered_first_and_persons_have_no_consents() {
    let app = TestApp::start().await;
    let body = json!({ "customerReference": "customer-7", "returnUrl": "https://evil.example/" });
    app.acme(Method::POST, "consents", &body).await.refused(422, "invalid-body", &["/returnUrl"]);
    let person = app.ask("local-only-person", Method::POST, "consents", &body).await;
    person.refused(403, "for-partners-only", &[]);
}

#[tokio::test]
async fn without_the_bank_nobody_is_asked_and_nothing_is_lost() {
    let app = TestApp::start().await;
    app.asked("somebody").await;
    app.wrong("down=server-busy");
    let body = json!({ "customerReference": "customer-8", "returnUrl": RETURN_URL });
    let answer = app.acme(Method::POST, "consents", &body).await;
    answer.refused(503, "unavailable", &[]);
}
