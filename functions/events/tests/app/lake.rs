//! What was sent is in the lake, once, whatever happened on its way.

use crate::support::{ACTIVATED, LEAD, TestApp, activated, ids, lead, name};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn what_was_captured_is_found_by_type_and_hour_as_it_was_sent() {
    let app = TestApp::start().await;
    let (one, two) = (name("account", 0, 0), name("lead", 3, 5));
    let of_accounts = [activated("a", 8), activated("b", 7), activated("c", 8), activated("d", 8)];
    app.capture(&one, 100, &of_accounts).await;
    app.capture(&two, 7, &[lead("l", "a", 8)]).await;
    app.worked_at(&[&one, &two]).await;
    let [a, b, c, d] = of_accounts;
    assert_eq!(app.events(ACTIVATED).await, [b, a, c, d]);
    assert_eq!(app.events(LEAD).await, [lead("l", "a", 8)]);
    let hour = app.get(&format!("/events/v1/lake/{ACTIVATED}/events?date=2026-10-12&hour=7")).await;
    assert_eq!(
        ids(hour.expect(200).json()["items"].as_array().unwrap()),
        ["b-1-account-activated"]
    );
    let files = app.files(ACTIVATED).await;
    let folder = format!("events/{ACTIVATED}/date=2026-10-12");
    assert_eq!(
        files,
        [
            json!({ "name": format!("{folder}/hour=07/account-0-100.avro"), "hour": "2026-10-12T07", "hub": "account", "partition": 0, "events": 1 }),
            json!({ "name": format!("{folder}/hour=08/account-0-100.avro"), "hour": "2026-10-12T08", "hub": "account", "partition": 0, "events": 3 }),
        ]
    );
    let consumed =
        app.blob(&format!("event-lake/{folder}/hour=08/account-0-100.avro")).await.unwrap();
    assert_eq!(apache_avro::Reader::new(consumed.as_slice()).unwrap().count(), 3);
}

#[tokio::test]
async fn a_capture_file_that_is_worked_at_twice_changes_nothing() {
    let app = TestApp::start().await;
    let file = name("account", 1, 0);
    app.capture(&file, 1, &[activated("a", 8), activated("b", 8)]).await;
    app.worked_at(&[&file]).await;
    let path = format!("event-lake/{}", app.files(ACTIVATED).await[0]["name"].as_str().unwrap());
    let before = app.blob(&path).await.unwrap();
    app.tell(&file).await;
    app.curate(&file).await;
    // As after a kill before it was noted that the file was worked at: all of it is done again.
    let id = file.replace('/', "|");
    app.documents("captures").delete(&id, &id).await;
    app.curate(&file).await;
    app.worked_at(&[&file]).await;
    assert_eq!(app.blob(&path).await.unwrap(), before);
    assert_eq!(
        ids(&app.events(ACTIVATED).await),
        ["a-1-account-activated", "b-1-account-activated"]
    );
}

#[tokio::test]
async fn an_event_that_was_sent_twice_is_there_once_in_whatever_order_its_files_come() {
    let app = TestApp::start().await;
    let files = [name("account", 2, 0), name("account", 2, 5), name("account", 2, 10)];
    // The last file comes first, and is worked at again after the others.
    app.capture(&files[2], 20, &[activated("b", 8), activated("c", 8), activated("c", 8)]).await;
    app.worked_at(&[&files[2]]).await;
    app.capture(&files[0], 0, &[activated("a", 8), activated("b", 8)]).await;
    app.capture(&files[1], 10, &[activated("a", 8), activated("c", 8), activated("d", 8)]).await;
    app.worked_at(&[&files[0], &files[1], &files[2]]).await;
    for file in &files {
        let id = file.replace('/', "|");
        app.documents("captures").delete(&id, &id).await;
        app.curate(file).await;
    }
    let events = app.events(ACTIVATED).await;
    let mut found = ids(&events);
    found.sort_unstable();
    assert_eq!(found, ["a", "b", "c", "d"].map(|id| format!("{id}-1-account-activated")));
}

#[tokio::test]
async fn a_file_of_which_nobody_told_is_found_by_the_timer() {
    let app = TestApp::start().await;
    let hour = this_hour();
    let file = format!("local/account/0/{hour}/00/00.avro");
    app.put_capture(&file, 5, &[activated("a", 8)]).await;
    app.run_timer("sweep").await;
    app.worked_at(&[&file]).await;
    assert_eq!(ids(&app.events(ACTIVATED).await), ["a-1-account-activated"]);
    let consumers = app.get("/events/v1/consumers").await.expect(200).json();
    let of_account =
        consumers["items"].as_array().unwrap().iter().find(|one| one["hub"] == "account");
    assert_eq!(of_account.unwrap()["partitions"][0]["lastCaptured"], 5);
}

/// The hour that it is, as capture writes it.
fn this_hour() -> String {
    jiff::Timestamp::now().strftime("%Y/%m/%d/%H").to_string()
}

#[tokio::test]
async fn what_is_no_event_stops_nothing_and_what_is_no_capture_file_is_a_dead_letter() {
    let app = TestApp::start().await;
    let (mixed, spoilt) = (name("account", 0, 0), name("account", 0, 5));
    let body = |text: &str| text.as_bytes().to_vec();
    let bodies = [body("hello"), body(&activated("a", 8).to_string()), Vec::new(), body("{}")];
    app.put_bytes(&mixed, crate::support::capture_file(1, &bodies)).await;
    app.put_bytes(&spoilt, b"Obj\x01 and then nothing of the kind".to_vec()).await;
    app.tell(&mixed).await;
    app.tell(&spoilt).await;
    app.worked_at(&[&mixed]).await;
    assert_eq!(ids(&app.events(ACTIVATED).await), ["a-1-account-activated"]);
    let known = app.documents("captures").all().await;
    let mixed = known.iter().find(|one| one["id"] == mixed.replace('/', "|")).unwrap();
    assert_eq!((&mixed["events"], &mixed["unreadable"]), (&json!(1), &json!(3)));
    app.eventually("the dead letter", async || {
        let letters = app.get("/events/v1/dead-letters").await.expect(200).json();
        let detail = letters["items"].get(0)?["detail"].as_str()?.to_owned();
        assert!(detail.contains("no Avro file"), "{detail}");
        Some(())
    })
    .await;
    app.keeps_garbage("events-captures", "/events/v1/dead-letters").await;
}

#[tokio::test]
async fn what_is_asked_of_the_lake_wrongly_is_named() {
    let app = TestApp::start().await;
    let url = format!("/events/v1/lake/{ACTIVATED}");
    app.get(&url).await.refused(400, "invalid-parameter", &["date"]);
    app.get(&format!("{url}/events?date=2026-10-12&hour=24")).await.refused(
        400,
        "invalid-parameter",
        &["hour"],
    );
    app.get("/events/v1/lake/a..b?date=2026-10-12").await.refused(404, "no-such-event-type", &[]);
    let none = app.get("/events/v1/lake/nobody.says.this?date=2026-10-12").await.expect(200).json();
    assert_eq!(none, json!({ "items": [], "continuation": null }));
}

#[tokio::test]
async fn whoever_is_killed_while_files_come_twice_every_event_is_there_once() {
    let app = TestApp::start().await;
    let files: Vec<String> = (0..12).map(|n| name("account", n % 2, 5 * n)).collect();
    for (n, file) in (0_u32..).zip(&files) {
        // Each file says again what the two before it in its partition said.
        let people = (0..6).map(|at| activated(&format!("p{}-{}", n % 2, 2 * (n / 2) + at), 8));
        app.put_capture(file, i64::from(n) * 100, &people.collect::<Vec<_>>()).await;
        for _ in 0..2 {
            app.send_capture(file).await;
        }
    }
    let worked = async || {
        let known = app.documents("captures").all().await;
        known
            .iter()
            .filter(|one| one["id"].as_str().is_some_and(|id| id.starts_with("local")))
            .count()
    };
    for least in [1, 6] {
        let step = Duration::from_secs(31);
        app.eventually_with_time("some more files", step, async || {
            (worked().await >= least).then_some(())
        })
        .await;
        app.host().kill_handler("events").await;
    }
    let step = Duration::from_secs(31);
    app.eventually_with_time("all files", step, async || {
        (worked().await == files.len()).then_some(())
    })
    .await;
    let events = app.events(ACTIVATED).await;
    let mut found = ids(&events);
    found.sort_unstable();
    let count = found.len();
    found.dedup();
    assert_eq!((found.len(), count), (2 * 16, 2 * 16));
}
