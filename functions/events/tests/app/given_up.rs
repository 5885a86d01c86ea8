//! What consumers gave up, as one list.

use crate::support::TestApp;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// Timers of all apps come round in this time.
const FIVE_MINUTES: Duration = Duration::from_secs(300);
const SECRET: &str = "no event at all, but words of somebody";

async fn list(app: &TestApp) -> Value {
    app.get("/events/v1/given-up").await.expect(200).json()
}

fn away<'a>(list: &'a Value, app: &str) -> &'a Value {
    let apps = list["apps"].as_array().unwrap();
    &apps.iter().find(|one| one["app"] == app).unwrap()["away"]
}

#[tokio::test]
async fn what_two_consumers_gave_up_is_one_list_without_what_the_events_say() {
    let app = TestApp::beside(&["profiles", "contacts", "conversions"]).await;
    app.hub("account").publish_text("one", SECRET).await;
    for consumer in ["contacts", "conversions"] {
        let letters = format!("/{consumer}/v1/dead-letters");
        app.eventually(&format!("a letter of {consumer}"), async || {
            let letters = app.request(Method::GET, &letters).raw().await.expect(200).json();
            (!letters["items"].as_array().unwrap().is_empty()).then_some(())
        })
        .await;
    }
    let list = app
        .eventually_with_time("the letters of two apps", FIVE_MINUTES, async || {
            let list = list(&app).await;
            (list["items"].as_array().unwrap().len() >= 2).then_some(list)
        })
        .await;
    let items = list["items"].as_array().unwrap();
    let mut apps: Vec<&str> = items.iter().map(|item| item["app"].as_str().unwrap()).collect();
    apps.sort_unstable();
    assert_eq!(apps, ["contacts", "conversions"]);
    for item in items {
        assert_eq!(
            (&item["hub"], &item["function"], &item["reason"]),
            (&json!("account"), &json!("accounts"), &json!("given-up"))
        );
        assert!(item["partition"].is_u64() && item["sequence"].is_u64(), "{item}");
        let letter = item["letter"].as_str().unwrap();
        let expected = format!("/{}/dead-letters/", item["app"].as_str().unwrap());
        assert!(letter.starts_with(&expected), "{letter}");
        assert!(app.page(letter).await.contains(SECRET), "it is found where it was given up");
    }
    assert!(!list.to_string().contains(SECRET), "{list}");
    assert_eq!((away(&list, "contacts"), away(&list, "conversions")), (&Value::Null, &Value::Null));
    let page = app.page("/events/given-up").await;
    assert!(
        !page.contains(SECRET) && page.contains("contacts") && page.contains("<td>account</td>")
    );

    // Decided where it is, it is gone here.
    let url = format!("/contacts/v1/dead-letters/{}", id_of(items, "contacts"));
    let discard = json!({ "action": "discard", "why": "nobody needs it" });
    app.request(Method::POST, &url).json(&discard).raw().await.expect(200);
    app.eventually_with_time("the list without it", FIVE_MINUTES, async || {
        let list = self::list(&app).await;
        let items = list["items"].as_array().unwrap().clone();
        (items.len() == 1 && items[0]["app"] == "conversions").then_some(())
    })
    .await;
}

fn id_of<'a>(items: &'a [Value], app: &str) -> &'a str {
    items.iter().find(|item| item["app"] == app).unwrap()["id"].as_str().unwrap()
}

#[tokio::test]
async fn an_app_that_says_nothing_or_what_nobody_can_read_is_named() {
    let app = TestApp::start().await;
    app.put_container("contacts-open-letters").await;
    app.put_blob("contacts-open-letters/open.json", "{", "application/json").await;
    let list = list(&app).await;
    assert_eq!(list["items"], json!([]));
    assert!(away(&list, "contacts").as_str().unwrap().starts_with("what it says cannot be read"));
    assert_eq!(away(&list, "conversions"), "it has never said");
    let page = app.page("/events/given-up").await;
    assert!(page.contains("it has never said") && page.contains("unknown"), "{page}");
}
