//! What others are told on the event hubs: who has an account, and how the catalogue is.

use crate::support::{KIM, TestApp};
use app_tests::{Fault, Requests, Rule, Service, When};
use serde_json::{Value, json};

fn of_type<'a>(events: &'a [Value], what: &str) -> Vec<&'a Value> {
    let name = format!("com.iommi.profiles.{what}.v1");
    events.iter().filter(|event| event["type"] == name).collect()
}

/// The events of a hub about this subject, once there are so many.
async fn told(app: &TestApp, hub: &str, subject: &str, count: usize) -> Vec<Value> {
    let told = async || {
        let events = app.hub(hub).events_about(subject).await;
        (events.len() >= count).then_some(events)
    };
    app.eventually(&format!("{count} facts about {subject}"), told).await
}

fn keeps_its_schema(name: &str, event: &Value) {
    let path = format!("{}/messages/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&event["data"]), "{event}");
}

#[tokio::test]
async fn an_account_is_told_of_once_however_often_the_profile_changes() {
    let app = TestApp::start().await;
    let registered = app.register("robin@example.com", "robin").await.expect(201);
    let (id, etag) = (registered.id(), registered.etag().to_owned());
    let path = format!("/v1/profiles/{id}");
    let changed = app.patch(&path, &etag, &json!({"age": 31})).await.expect(200);
    let events = told(&app, "account", &id, 1).await;
    keeps_its_schema("account-activated", &events[0]);
    assert_eq!(events[0]["id"], format!("{id}-1-account-activated"));
    assert_eq!((&events[0]["revision"], &events[0]["source"]), (&json!(1), &json!("/profiles")));
    assert_eq!(events[0]["data"]["accountId"], registered.json()["account"]["id"]);
    // It is no change of the profile that others were told.
    app.patch(&path, changed.etag(), &json!({"age": 32})).await.expect(200);
    app.delete(&path).await.expect(204);
    let events = told(&app, "account", &id, 2).await;
    assert_eq!(of_type(&events, "account-activated").len(), 1);
    let gone = of_type(&events, "account-deactivated");
    keeps_its_schema("account-deactivated", gone[0]);
    assert!(gone[0]["revision"].as_i64() > Some(2), "{gone:?}");
}

#[tokio::test]
async fn whose_first_version_nobody_saw_is_told_of_all_the_same() {
    let app = TestApp::start().await;
    // The sample's profiles were never registered here.
    let events = told(&app, "account", KIM, 1).await;
    assert_eq!(events[0]["id"], format!("{KIM}-1-account-activated"));
}

#[tokio::test]
async fn an_answer_of_the_hub_that_is_lost_makes_the_same_event_twice_and_loses_none() {
    let app = TestApp::start().await;
    told(&app, "account", KIM, 1).await;
    let only = Requests::any().writes().path("/account/partitions/");
    let rule =
        Rule { service: Service::EventHubs, only, fault: Fault::LoseAnswer, when: When::Next(2) };
    app.faults().add(rule);
    let id = app.register("robin@example.com", "robin").await.expect(201).id();
    let events = told(&app, "account", &id, 3).await;
    let ids: Vec<&Value> = events.iter().map(|event| &event["id"]).collect();
    assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn a_service_is_told_of_as_it_is_after_each_change() {
    let app = TestApp::start().await;
    let path = "/v1/services/home-care";
    let etag = app.get(path).await.expect(200).etag().to_owned();
    let first = told(&app, "product", "home-care", 1).await;
    keeps_its_schema("product-updated", &first[0]);
    app.patch(path, &etag, &json!({"retired": true})).await.expect(200);
    let retired = async || {
        let events = app.hub("product").events_about("home-care").await;
        events.into_iter().find(|event| event["data"]["retired"] == true)
    };
    let retired = app.eventually("the retired service", retired).await;
    assert_eq!(retired["id"], "home-care-2-product-updated");
    assert_eq!(retired["data"]["monthlyPrice"], json!({"amount": "9.90", "currency": "EUR"}));
}
