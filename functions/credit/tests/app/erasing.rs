//! What is left of somebody who is forgotten.

use crate::support::{GLOBEX, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn of_an_erased_assessment_nothing_is_left_but_that_it_was() {
    let app = TestApp::start().await;
    let id = app.begun_by_token("erased", "salaried").await;
    app.is(&id, "scored").await;
    let path = format!("assessments/{id}");
    let statement = json!({ "statement": "It was the bank's mistake." });
    app.acme(Method::POST, &format!("{path}/review"), &statement).await.expect(201);
    app.ask(GLOBEX, Method::DELETE, &path, &Value::Null).await.refused(
        404,
        "no-such-assessment",
        &[],
    );
    for _ in 0..2 {
        app.acme(Method::DELETE, &path, &Value::Null).await.expect(204);
    }
    app.acme(Method::GET, &path, &Value::Null).await.refused(404, "no-such-assessment", &[]);
    let document = app.document(&id).await;
    assert_eq!((&document["person"], document.get("outcome")), (&Value::Null, None));
    assert_eq!(app.documents("reviews").get(&id, &id).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_by_the_name_that_the_partner_has() {
    let app = TestApp::start().await;
    let granted = app.granted("kim", "salaried").await;
    let scored = app.begun_by_token("kim", "salaried").await;
    app.is(&scored, "scored").await;
    let other = app.begun_by_token("alex", "freelancer").await;
    app.is(&other, "scored").await;
    let body = json!({ "customerReference": "kim" });
    let theirs = app.ask(GLOBEX, Method::POST, "erasures", &body).await.expect(200).json();
    assert_eq!(theirs, json!({ "assessments": 0, "consents": 0 }), "another partner's kim");
    let forgotten = app.acme(Method::POST, "erasures", &body).await.expect(200).json();
    assert_eq!(forgotten, json!({ "assessments": 1, "consents": 2 }));
    let path = format!("consents/{granted}");
    app.acme(Method::GET, &path, &Value::Null).await.refused(404, "no-such-consent", &[]);
    let path = format!("assessments/{scored}");
    app.acme(Method::GET, &path, &Value::Null).await.refused(404, "no-such-assessment", &[]);
    app.is(&other, "scored").await;
    let again = app.acme(Method::POST, "erasures", &body).await.expect(200).json();
    assert_eq!(again, json!({ "assessments": 0, "consents": 0 }));
}
