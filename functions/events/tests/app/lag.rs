//! How far consumers are behind: checkpoints of their own host against what was captured.

use crate::support::{TestApp, activated, name};
use app_tests::{Fault, Requests, Rule, Service, Setup, When, this_app};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// On a laptop a capture window has at most 10 seconds.
const WINDOW: Duration = Duration::from_secs(11);
const PERSON: &str = "01980c6e-7777-7000-8000-000000000007";

/// What `profiles` says of an account, so that `contacts` takes it in.
fn account(revision: u32) -> Value {
    let what = if revision == 1 { "activated" } else { "deactivated" };
    json!({
        "specversion": "1.0", "id": format!("{PERSON}-{revision}-account-{what}"), "source": "/profiles",
        "type": format!("com.iommi.profiles.account-{what}.v1"), "subject": PERSON, "time": "2026-11-01T08:00:00Z",
        "revision": revision, "data": { "profileId": PERSON, "at": "2026-11-01T08:00:00Z" },
    })
}

/// All partitions of the hub `account` as `contacts` has read them.
async fn partitions(app: &TestApp) -> Vec<Value> {
    let all = app.get("/events/v1/consumers").await.expect(200).json();
    let items = all["items"].as_array().unwrap();
    let reading = items.iter().find(|it| it["app"] == "contacts" && it["hub"] == "account");
    reading.unwrap()["partitions"].as_array().unwrap().clone()
}

/// Everything that lies on the hub was captured and read.
async fn all_read(app: &TestApp) {
    app.eventually_with_time("a consumer that has read everything", WINDOW, async || {
        let sent = app.hub("account").events().await.len() as u64;
        let partitions = partitions(app).await;
        let captured = partitions.iter().filter_map(|one| one["lastCaptured"].as_u64());
        let is_captured = captured.map(|last| last + 1).sum::<u64>() == sent;
        let is_read = |one: &Value| one["standing"] == "caught-up" || one["lastCaptured"].is_null();
        (is_captured && partitions.iter().all(is_read)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_consumer_that_is_held_up_falls_behind_and_says_so_and_catches_up() {
    let app = TestApp::beside(&["profiles", "contacts"]).await;
    app.hub("account").publish(&account(1)).await;
    all_read(&app).await;

    // Neither can it do anything, nor can it put off what it cannot do.
    let held = [
        (Service::Cosmos, format!("/colls/contacts/docs/{PERSON}")),
        (Service::Cosmos, "/colls/dead-letters/".to_owned()),
        (Service::Queue, "contacts-replays/messages".to_owned()),
    ];
    let held = held.map(|(service, path)| {
        let only = Requests::any().path(&path);
        app.faults().add(Rule { service, only, fault: Fault::InternalError, when: When::Always })
    });
    app.hub("account").publish(&account(2)).await;
    app.hub("account").publish(&account(3)).await;
    let late = app
        .eventually_with_time("a consumer that is 2 behind", WINDOW, async || {
            partitions(&app).await.into_iter().find(|one| one["behind"] == 2)
        })
        .await;
    assert_eq!(late["standing"], "behind");
    let number = |name: &str| late[name].as_i64().unwrap();
    assert_eq!(number("lastCaptured") - number("checkpoint"), 2);
    assert!(late["waitingSince"].as_str() <= late["capturedAt"].as_str(), "{late}");
    assert!(late["waitingSince"].is_string(), "{late}");
    let page = app.page("/events/consumers").await;
    assert!(page.contains("<td>2 behind</td>"), "{page}");

    for rule in held {
        app.faults().remove(rule);
    }
    all_read(&app).await;
    let read = partitions(&app).await.swap_remove(usize::try_from(number("partition")).unwrap());
    assert_eq!((&read["behind"], &read["waitingSince"]), (&json!(0), &Value::Null));
    assert_eq!(read["checkpoint"], late["lastCaptured"]);
    app.run_timer("sweep").await;
}

#[tokio::test]
async fn what_was_never_read_is_not_0_behind_and_what_was_never_captured_has_no_number() {
    let app = TestApp::start().await;
    let file = name("account", 0, 0);
    app.capture(&file, 4, &[activated("a", 8), activated("b", 8)]).await;
    app.worked_at(&[&file]).await;
    let partitions = partitions(&app).await;
    let never = |one: &Value| (one["standing"].clone(), one["behind"].clone());
    assert_eq!(never(&partitions[0]), (json!("never-read"), json!(6)));
    assert_eq!(never(&partitions[1]), (json!("never-read"), Value::Null));
    assert_eq!(partitions[0]["waitingSince"], "2026-10-12T08:00:00.000Z");
    let page = app.page("/events/consumers").await;
    assert!(page.contains("never read, 6 wait") && page.contains("never read, nothing captured"));
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_read_is_unknown_and_so_is_one_of_another_region() {
    let app = TestApp::start().await;
    let file = name("account", 0, 0);
    app.capture(&file, 0, &[activated("a", 8), activated("b", 8)]).await;
    app.worked_at(&[&file]).await;
    app.put_checkpoint("account/contacts", 0, "half a number").await;
    app.put_checkpoint("account/contacts", 1, "5").await;
    let partitions = partitions(&app).await;
    assert_eq!(
        (&partitions[0]["standing"], &partitions[0]["behind"]),
        (&json!("unknown"), &Value::Null)
    );
    assert!(partitions[0]["why"].as_str().unwrap().contains("half a number"));
    assert_eq!(partitions[1]["standing"], "not-captured");
    assert_eq!(partitions[1]["checkpoint"], 5);
    app.run_timer("sweep").await;
}

#[tokio::test]
async fn a_storage_that_is_away_and_one_that_is_not_ours_to_ask_are_said_as_such() {
    for (place, word) in [("http://127.0.0.1:9/away", "looking at"), ("", "in this region")] {
        let app = TestApp::from(Setup::of(this_app!()).setting("CHECKPOINTS", place)).await;
        for one in partitions(&app).await {
            assert_eq!((&one["standing"], &one["behind"]), (&json!("unknown"), &Value::Null));
            assert!(one["why"].as_str().unwrap().contains(word), "{one}");
        }
        app.run_timer("sweep").await;
    }
}
