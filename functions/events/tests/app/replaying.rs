//! Events of the lake, sent to a consumer once more.

use crate::support::{ACTIVATED, LEAD, TestApp, activated, ids, lead, name};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// Of the day's hours 7 and 8.
fn wish(types: &[&str]) -> Value {
    json!({ "types": types, "from": "2026-10-12T07:00:00Z", "to": "2026-10-12T09:00:00Z", "consumer": "contacts" })
}

async fn done(app: &TestApp, url: &str) -> Value {
    app.eventually("the end of the replay", async || {
        let replay = app.get(url).await.expect(200).json();
        (replay["state"] == "done").then_some(replay)
    })
    .await
}

async fn all_of(app: &TestApp, queue: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let some = app.queue(queue).take_json().await;
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

#[tokio::test]
async fn a_range_is_sent_as_it_was_sent_first_and_nothing_else_is() {
    let app = TestApp::start().await;
    let files = [name("account", 0, 0), name("account", 1, 0), name("lead", 0, 0)];
    app.capture(&files[0], 1, &[activated("before", 6), activated("a", 7), activated("b", 8)])
        .await;
    app.capture(&files[1], 1, &[activated("c", 7), activated("after", 9)]).await;
    app.capture(&files[2], 1, &[lead("l", "a", 8)]).await;
    app.worked_at(&[&files[0], &files[1], &files[2]]).await;
    let begun = app.post("/events/v1/replays", &wish(&[ACTIVATED])).await.expect(202);
    let url = begun.header("location").unwrap().to_owned();
    let replay = done(&app, &url).await;
    assert_eq!((&replay["sent"], &replay["leftOut"]), (&json!(3), &json!(0)));
    let sent = all_of(&app, "contacts-replays").await;
    let mut found = ids(&sent);
    found.sort_unstable();
    assert_eq!(found, ["a", "b", "c"].map(|id| format!("{id}-1-account-activated")));
    assert!(sent.contains(&activated("a", 7)));
    let both = app.post("/events/v1/replays", &wish(&[ACTIVATED, LEAD])).await.expect(202);
    assert_eq!(done(&app, both.header("location").unwrap()).await["sent"], 4);
    let list = app.get("/events/v1/replays").await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_replay_whose_worker_died_goes_on_where_it_was_noted_and_skips_nothing() {
    let app = TestApp::start().await;
    let file = name("account", 0, 0);
    let events: Vec<Value> = (0..450).map(|n| activated(&format!("p{n:03}"), 8)).collect();
    app.capture(&file, 0, &events).await;
    app.worked_at(&[&file]).await;
    let begun = app.post("/events/v1/replays", &wish(&[ACTIVATED])).await.expect(202);
    let url = begun.header("location").unwrap().to_owned();
    let id = begun.json()["id"].as_str().unwrap().to_owned();
    done(&app, &url).await;
    let first = all_of(&app, "contacts-replays").await;
    assert_eq!(first.len(), 450);
    // As if it had been killed after the first 200, with 30 more sent that nobody has noted.
    let cursor =
        json!({ "hour": "2026-10-12T08", "hub": "account", "partition": 0, "sequence": 199 });
    let then = json!({ "state": "running", "sent": 200, "cursor": cursor, "touchedAt": "2026-10-12T10:00:00.000Z" });
    app.documents("replays").change(&id, &id, &then).await;
    app.run_timer("sweep").await;
    assert_eq!(done(&app, &url).await["sent"], 450);
    let rest = all_of(&app, "contacts-replays").await;
    assert_eq!(ids(&rest).len(), 250);
    assert!(
        ids(&rest).contains(&"p200-1-account-activated")
            && !ids(&rest).contains(&"p199-1-account-activated")
    );
}

#[tokio::test]
async fn what_cannot_be_a_replay_is_refused_with_every_field_and_nothing_is_sent_of_a_time_without_events()
 {
    let app = TestApp::start().await;
    let refused = |body: Value, fields: &'static [&'static str]| {
        let app = &app;
        async move { app.post("/events/v1/replays", &body).await.refused(422, "invalid-body", fields) }
    };
    refused(json!({}), &["/from", "/to", "/consumer"]).await;
    refused(json!({ "types": ["com.iommi.profiles.erased.v1"], "from": "x", "to": "y", "consumer": "sales" }), &["/types", "/from", "/to", "/consumer"]).await;
    let mut backwards = wish(&[ACTIVATED]);
    backwards["to"] = json!("2026-10-12T06:00:00Z");
    refused(backwards, &["/to"]).await;
    let mut future = wish(&[ACTIVATED]);
    (future["from"], future["to"]) = (json!("2099-01-01T00:00:00Z"), json!("2099-01-02T00:00:00Z"));
    refused(future, &["/to"]).await;
    let mut long_ago = wish(&[ACTIVATED]);
    (long_ago["from"], long_ago["to"]) =
        (json!("1969-12-01T00:00:00Z"), json!("1969-12-02T00:00:00Z"));
    let begun = app.post("/events/v1/replays", &long_ago).await.expect(202);
    assert_eq!(done(&app, begun.header("location").unwrap()).await["sent"], 0);
    app.get("/events/v1/replays/01980c6e-1111-7000-8000-000000000001").await.refused(
        404,
        "no-such-replay",
        &[],
    );
}
