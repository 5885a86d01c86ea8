//! What webhooks say, held against `webhooks` in the contract.

use crate::hooked::Hooked;
use app_tests::{Method, this_app};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The body of the one event of a type that came to a receiver.
async fn heard(app: &Hooked, receiver: &str, name: &str) -> Value {
    let look = async || {
        let messages = app.received(receiver).await;
        messages.into_iter().find(|it| it["type"] == name && !it["takenAt"].is_null())
    };
    let message = app.eventually(name, look).await;
    serde_json::from_str(message["body"].as_str().unwrap()).unwrap()
}

/// By its name, the schema of each webhook's body.
fn schemas() -> BTreeMap<String, Value> {
    let contract: Value = serde_saphyr::from_str(this_app!().contract).unwrap();
    let find = |reference: &Value| {
        let pointer = reference["$ref"].as_str().unwrap().trim_start_matches('#').to_owned();
        contract.pointer(&pointer).unwrap().clone()
    };
    let schema = |item: &Value| {
        let schema = &find(item)["post"]["requestBody"]["content"]["application/json"]["schema"];
        let reference = schema["$ref"].clone();
        json!({ "$ref": reference, "components": contract["components"] })
    };
    let webhooks = contract["webhooks"].as_object().unwrap();
    webhooks.iter().map(|(name, item)| (name.clone(), schema(item))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_says_what_the_contract_promises() {
    let app = Hooked::start().await;
    let gone = app.endpoint("gone", json!({ "types": ["credit.test"] })).await;
    let endpoint = app.endpoint("all", json!({})).await;
    app.tested(&endpoint).await;
    let mut bodies = vec![heard(&app, "all", "credit.test").await];
    app.misbehaves("status=410,receiver=gone");
    app.tested(&gone).await;
    bodies.push(heard(&app, "all", "credit.endpoint.disabled").await);

    let id = app.begun_by_token("Kim – 4711", "salaried").await;
    app.is(&id, "scored").await;
    let scored = heard(&app, "all", "credit.assessment.completed").await;
    assert_eq!(scored["data"]["customerReference"], "Kim – 4711");
    assert!(scored["data"]["result"]["band"].is_string(), "{scored}");
    bodies.push(scored);

    let withdrawn = app.granted("withdrawn", "salaried").await;
    app.wrong("delayMs=1500");
    let id = app.begun(&json!({ "consentId": withdrawn })).await;
    app.acme(Method::DELETE, &format!("consents/{withdrawn}"), &Value::Null).await.expect(204);
    app.is(&id, "withdrawn").await;
    bodies.push(heard(&app, "all", "credit.assessment.withdrawn").await);
    app.bank.clear_faults();

    let ended = app.granted("ended", "salaried").await;
    app.wrong("consentWithdrawn");
    let id = app.begun(&json!({ "consentId": ended })).await;
    app.is(&id, "failed").await;
    bodies.push(heard(&app, "all", "credit.assessment.failed").await);
    bodies.push(heard(&app, "all", "credit.consent.expired").await);

    let schemas = schemas();
    assert_eq!(schemas.len(), bodies.len());
    for body in bodies {
        let schema = &schemas[body["type"].as_str().unwrap()];
        let validator = jsonschema::validator_for(schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&body).map(|it| it.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{body}");
    }
}
