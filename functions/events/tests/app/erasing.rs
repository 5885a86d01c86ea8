//! What the lake keeps about somebody goes, and does not come back.

use crate::support::{ACTIVATED, DAY, LEAD, TestApp, activated, ids, lead, name};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// Who is erased; a word that is found nowhere else.
const ANNA: &str = "anna-4b1c7d";

async fn erased(app: &TestApp) {
    let event = json!({ "specversion": "1.0", "id": format!("{ANNA}-2"), "source": "/profiles", "type": "com.iommi.profiles.erased.v1",
        "subject": ANNA, "time": format!("{DAY}T12:00:00Z"), "data": { "profileId": ANNA, "erasedAt": format!("{DAY}T12:00:00Z") } });
    app.run_message("erase", &event).await;
}

/// Whether anything in the lake's files or in our documents says a word.
async fn is_said(app: &TestApp, word: &str) -> bool {
    let mut said = Vec::new();
    for kind in [ACTIVATED, LEAD] {
        for file in app.files(kind).await {
            let path = format!("event-lake/{}", file["name"].as_str().unwrap());
            let file = app.blob(&path).await.unwrap();
            let reader = apache_avro::Reader::new(file.as_slice()).unwrap();
            said.extend(reader.map(|record| format!("{:?}", record.unwrap())));
        }
    }
    for container in ["shelves", "captures", "erasures", "replays"] {
        said.extend(app.documents(container).all().await.iter().map(Value::to_string));
    }
    said.iter().any(|text| text.contains(word))
}

#[tokio::test]
async fn whoever_is_erased_is_in_no_file_any_more_and_all_others_are() {
    let app = TestApp::start().await;
    let files = [name("account", 0, 0), name("account", 0, 5), name("lead", 0, 0)];
    app.capture(&files[0], 0, &[activated("before", 8), activated(ANNA, 8), activated("after", 8)])
        .await;
    app.capture(&files[1], 9, &[activated(ANNA, 7)]).await;
    app.capture(&files[2], 0, &[lead("hers", ANNA, 8), lead("another", "somebody", 8)]).await;
    app.worked_at(&[&files[0], &files[1], &files[2]]).await;
    assert!(is_said(&app, ANNA).await);
    erased(&app).await;
    assert!(!is_said(&app, ANNA).await);
    let left = app.events(ACTIVATED).await;
    assert_eq!(ids(&left), ["before-1-account-activated", "after-1-account-activated"]);
    assert_eq!(ids(&app.events(LEAD).await), ["another-1-lead-generated"]);
    // Her capture files are there for 30 days: worked at once more, they bring nothing of her.
    for file in &files {
        let id = file.replace('/', "|");
        app.documents("captures").delete(&id, &id).await;
        app.curate(file).await;
    }
    // Nor does what is captured later.
    let late = name("account", 0, 20);
    app.capture(&late, 20, &[activated(ANNA, 10), activated("late", 10)]).await;
    app.worked_at(&[&late]).await;
    assert!(!is_said(&app, ANNA).await);
    assert_eq!(app.events(ACTIVATED).await.len(), 3);
}

#[tokio::test]
async fn an_operator_sees_how_far_an_erasure_is_and_it_is_looked_through_twice() {
    let app = TestApp::start().await;
    let file = name("lead", 0, 0);
    app.capture(&file, 0, &[lead("l", ANNA, 8)]).await;
    app.worked_at(&[&file]).await;
    let begun = app.post("/events/v1/erasures", &json!({ "subject": ANNA })).await.expect(202);
    let url = begun.header("location").unwrap().to_owned();
    assert!(!url.contains(ANNA) && !begun.json().to_string().contains(ANNA));
    let first = app
        .eventually("the first look", async || {
            let erasure = app.get(&url).await.expect(200).json();
            (erasure["events"] == 1).then_some(erasure)
        })
        .await;
    assert_eq!(first["done"], false);
    app.travel(Duration::from_secs(2 * 3_600));
    app.run_timer("sweep").await;
    let second = app.get(&url).await.expect(200).json();
    assert_eq!(
        (&second["done"], &second["againAt"], &second["events"]),
        (&json!(true), &Value::Null, &json!(1))
    );
    let again = app.post("/events/v1/erasures", &json!({ "subject": ANNA })).await.expect(202);
    assert_eq!(again.header("location").unwrap(), url);
    app.post("/events/v1/erasures", &json!({ "subject": "" })).await.refused(
        422,
        "invalid-body",
        &["/subject"],
    );
    app.get("/events/v1/erasures/nobody").await.refused(404, "no-such-erasure", &[]);
    app.keeps_garbage("events-erasures", "/events/v1/dead-letters").await;
}
