//! From a fact to the lake, to a consumer once more, and out of the lake: with the real apps around, hubs and capture.

use crate::support::{ACTIVATED, TestApp};
use app_tests::Method;
use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// On a laptop a capture window has at most 10 seconds.
const WINDOW: Duration = Duration::from_secs(11);

async fn registered(app: &TestApp) -> String {
    let body = json!({
        "account": { "emailAddress": "edda@example.com", "userName": "edda" },
        "givenName": "Edda", "familyName": "Bo", "age": 30,
        "address": { "street": "1 Marina", "city": "Lagos", "country": "NG" },
    });
    let request = app.request(Method::POST, "/v1/register").header("idempotency-key", "edda");
    let answer = request.json(&body).raw().await.expect(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The events of the lake about somebody, on this day.
async fn in_the_lake(app: &TestApp, day: &str, person: &str) -> Vec<Value> {
    let page = app.get(&format!("/events/v1/lake/{ACTIVATED}/events?date={day}")).await;
    let page = page.expect(200).json();
    let events = page["items"].as_array().unwrap().iter();
    events.filter(|event| event["subject"] == person).cloned().collect()
}

#[tokio::test]
async fn a_fact_comes_into_the_lake_by_itself_is_sent_once_more_and_goes_with_its_person() {
    let app = TestApp::beside(&["profiles", "contacts"]).await;
    let person = registered(&app).await;
    let day = Timestamp::now().to_string()[..10].to_owned();
    let event = app
        .eventually_with_time("the fact in the lake", WINDOW, async || {
            in_the_lake(&app, &day, &person).await.into_iter().next()
        })
        .await;
    assert_eq!(event["id"], format!("{person}-1-account-activated"));
    let contact = async || app.documents_of("contacts", "contacts").get(&person, &person).await;
    app.eventually("the contact", async || contact().await).await;

    // The consumer loses what it knew, and gets it once more.
    app.documents_of("contacts", "contacts").delete(&person, &person).await;
    app.travel(Duration::from_secs(60));
    let at: Timestamp = event["time"].as_str().unwrap().parse().unwrap();
    let (from, to) = (at - SignedDuration::from_secs(1), at + SignedDuration::from_secs(1));
    let wish = json!({ "types": [ACTIVATED], "from": from.to_string(), "to": to.to_string(), "consumer": "contacts" });
    app.post("/events/v1/replays", &wish).await.expect(202);
    app.eventually("the contact once more", async || contact().await).await;

    let profile = app.request(Method::DELETE, &format!("/v1/profiles/{person}"));
    profile.raw().await.expect(204);
    app.eventually_with_time("nothing in the lake", WINDOW, async || {
        in_the_lake(&app, &day, &person).await.is_empty().then_some(())
    })
    .await;
}
