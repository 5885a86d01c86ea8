//! Who is erased is told to the apps that keep something of people.

use crate::support::{
    ACCOUNTS_ERASURES, ERASURES, EVENTS_ERASURES, KIM, SALES_ERASURES, TestApp, registration,
};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Mutex};

/// Collects what the photos app is told until these profiles were named.
async fn told_of(app: &TestApp, profiles: &BTreeSet<String>) -> Vec<Value> {
    told_to(ERASURES, app, profiles).await
}

async fn told_to(queue: &str, app: &TestApp, profiles: &BTreeSet<String>) -> Vec<Value> {
    let told = Mutex::new(Vec::new());
    app.eventually("the news of the erasures", async || {
        let more = app.queue(queue).take_json().await;
        let mut told = told.lock().unwrap();
        told.extend(more);
        let named = |id: &String| told.iter().any(|event: &Value| event["subject"] == id.as_str());
        profiles.iter().all(named).then_some(())
    })
    .await;
    told.into_inner().unwrap()
}

fn keeps_the_schema(data: &Value) -> bool {
    let schema = serde_json::from_str(include_str!("../../messages/erased.schema.json")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.is_valid(data)
}

#[tokio::test]
async fn an_erasure_is_told_once_it_is_written() {
    let app = TestApp::start().await;
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    let told = told_of(&app, &BTreeSet::from([KIM.to_owned()])).await;
    let tombstone = app.stored_profile(KIM).await;
    for event in &told {
        assert_eq!(event["type"], "com.iommi.profiles.erased.v1");
        assert_eq!(event["source"], "/profiles");
        assert_eq!(event["id"], format!("{KIM}-2"));
        assert_eq!(event["data"], json!({"profileId": KIM, "erasedAt": tombstone["erasedAt"]}));
        assert!(keeps_the_schema(&event["data"]), "{event}");
        assert!(event["traceparent"].is_string());
    }
}

#[tokio::test]
async fn no_erasure_is_lost_when_the_queue_or_the_handler_fails() {
    let app = TestApp::start().await;
    let mut erased = BTreeSet::new();
    for number in 0..6 {
        let body = registration(&format!("gone{number}@example.com"), &format!("gone{number}"));
        let answer = app.request(Method::POST, "/v1/register").json(&body).send().await.expect(201);
        erased.insert(answer.id());
    }
    let fault = local_data::Rule {
        service: local_data::Service::Queue,
        only: local_data::Requests::default(),
        fault: local_data::Fault::InternalError,
        when: local_data::When::Always,
    };
    let fault = app.host().data().faults().add(fault);
    for id in &erased {
        app.delete(&format!("/v1/profiles/{id}")).await.expect(204);
    }
    app.eventually("a failure", async || {
        let invocations = app.host().invocations();
        let mut announced = invocations.iter().filter(|one| one.function == "announce_erasures");
        announced.any(|one| one.status == Some(500)).then_some(())
    })
    .await;
    app.host().kill_handler("profiles").await;
    app.host().data().faults().remove(fault);
    told_of(&app, &erased).await;
    told_to(ACCOUNTS_ERASURES, &app, &erased).await;
    told_to(SALES_ERASURES, &app, &erased).await;
    told_to(EVENTS_ERASURES, &app, &erased).await;
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_keeps_no_other_from_hearing() {
    let app = TestApp::start().await;
    let fault = local_data::Rule {
        service: local_data::Service::Queue,
        only: local_data::Requests::any().writes().path("/photo-erasures/messages"),
        fault: local_data::Fault::InternalError,
        when: local_data::When::Always,
    };
    let fault = app.host().data().faults().add(fault);
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    let kim = BTreeSet::from([KIM.to_owned()]);
    told_to(ACCOUNTS_ERASURES, &app, &kim).await;
    told_to(SALES_ERASURES, &app, &kim).await;
    told_to(EVENTS_ERASURES, &app, &kim).await;
    app.host().data().faults().remove(fault);
    told_of(&app, &kim).await;
}

#[tokio::test]
async fn a_tombstone_that_cannot_be_read_is_kept_and_stops_nobody() {
    let app = TestApp::start().await;
    let broken = "01980c6e-1111-7000-8000-0000000000bb";
    let document = json!({"id": broken, "state": "erased", "revision": "many"});
    app.documents("profiles").put(broken, &document).await;
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    told_of(&app, &BTreeSet::from([KIM.to_owned()])).await;
    let letter = async || app.letters().await.into_iter().next();
    let letter = app.eventually("the letter of the broken one", letter).await;
    assert_eq!(
        (&letter["function"], &letter["subject"]),
        (&json!("announce_erasures"), &json!(broken))
    );
    assert!(letter["message"].as_str().unwrap().contains(broken));
}
