//! Whose orders they are, and what others are told of them.

use crate::post::{Made, PostApp};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use uuid::Uuid;

const SCHEMAS: [(&str, &str); 5] = [
    ("ordered", include_str!("../../messages/ordered.schema.json")),
    ("provisioned", include_str!("../../messages/provisioned.schema.json")),
    ("invoiced", include_str!("../../messages/invoiced.schema.json")),
    ("delivered", include_str!("../../messages/delivered.schema.json")),
    ("failed", include_str!("../../messages/failed.schema.json")),
];

fn keeps_its_schema(event: &Value) {
    let is_of = |(name, _): &&(&str, &str)| event["type"] == format!("com.iommi.sales.{name}.v1");
    let (_, schema) = SCHEMAS.iter().find(is_of).unwrap();
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&event["data"]).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {event}");
}

/// The events of an order by their ids, once there are so many; the same id always says the same.
async fn told(app: &PostApp, made: &Made, count: usize) -> BTreeMap<String, Value> {
    let found = RefCell::new(BTreeMap::new());
    app.eventually("the events", async || {
        for event in app.queue("sales-events").take_json().await {
            keeps_its_schema(&event);
            if event["subject"] == made.id.as_str() {
                let data = event["data"].clone();
                let id = event["id"].as_str().unwrap().replace(&made.id, "");
                let before = found.borrow_mut().insert(id, event);
                assert!(before.is_none_or(|before: Value| before["data"] == data));
            }
        }
        (found.borrow().len() >= count).then_some(())
    })
    .await;
    found.take()
}

#[tokio::test]
async fn each_fact_of_an_order_is_told_once_even_if_the_feed_passes_over_versions() {
    let app = PostApp::start().await;
    app.wrong("report=Bounced");
    let made = app.due("email").await;
    app.is_with_time(&made, "failed", "Bounced").await;
    let events = told(&app, &made, 4).await;
    let names: Vec<&str> = events.keys().map(String::as_str).collect();
    assert_eq!(names, ["-failed-email-1", "-invoiced-1", "-ordered", "-provisioned-1"]);
    assert_eq!(events["-ordered"]["data"]["net"]["amount"], "34.00");
    app.wrong("delayMs=0");
    app.restarted(&made, true).await;
    app.is_with_time(&made, "done", "Delivered").await;
    let more = told(&app, &made, 1).await;
    assert_eq!(more.keys().collect::<Vec<_>>(), ["-delivered-2"]);
    let documents = Value::Array(app.documents("orders").all().await);
    app.run_message("changes", &documents).await;
    assert_eq!(app.queue("sales-events").take_json().await, Vec::<Value>::new());
}

#[tokio::test]
async fn whichever_answer_is_lost_all_is_told() {
    let app = PostApp::start().await;
    let sends = Requests::any().method("POST").path("/sales-events/");
    app.with_each_answer_lost(Service::Queue, sends, async |_| {
        let made = app.made("invoice").await;
        told(&app, &made, 2).await;
    })
    .await;
    let writes = Requests::any().writes().path("/colls/by-customer/");
    app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
        let made = app.made("invoice").await;
        told(&app, &made, 2).await;
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_what_they_ordered_newest_first_and_nothing_of_others() {
    let app = PostApp::start().await;
    let profile = Uuid::now_v7().to_string();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(app.made_for(&profile, "invoice").await.id);
    }
    app.made("invoice").await;
    let path = format!("/v1/profiles/{profile}/orders?limit=2");
    let first = app
        .eventually("the list", async || {
            let page = app.get(&path).await.expect(200).json();
            page["continuation"].is_string().then_some(page)
        })
        .await;
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let next = format!("{path}&continuation={}", first["continuation"].as_str().unwrap());
    let mut all = ids(&first);
    all.extend(ids(&app.get(&next).await.expect(200).json()));
    made.reverse();
    assert_eq!(all, made);
    assert_eq!(first["items"][0]["net"], json!({"amount": "34.00", "currency": "EUR"}));
    app.get(&format!("{path}&continuation=x")).await.refused(
        400,
        "invalid-parameter",
        &["continuation"],
    );
}

#[tokio::test]
async fn only_where_mail_goes_can_be_corrected() {
    let app = PostApp::start().await;
    let made = app.made("invoice").await;
    let path = format!("/v1/orders/{}", made.id);
    let patch = |body: Value| {
        let path = path.clone();
        let app = &app;
        async move {
            let etag = app.etag(&path).await;
            app.patch(&path, &etag, &body).await
        }
    };
    let to = |address: &str| json!({"buyer": {"emailAddress": address}});
    let order = patch(to("kim@example.org")).await.expect(200).json();
    assert_eq!(order["buyer"]["emailAddress"], "kim@example.org");
    patch(to("kim")).await.refused(422, "invalid-body", &["/buyer/emailAddress"]);
    patch(json!({"state": "fulfilled"})).await.refused(422, "invalid-body", &["/buyer", "/state"]);
    let other = json!({"buyer": {"emailAddress": "a@example.org", "name": "Eve"}});
    patch(other).await.refused(422, "invalid-body", &["/buyer/name"]);
    app.patch(&path, "\"1\"", &to("a@example.org")).await.refused(412, "precondition-failed", &[]);
}
