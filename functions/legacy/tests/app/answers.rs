use crate::support::{TestApp, active, id, keeps, tombstone};
use mainframe::Faults;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn what_the_mainframe_applied_is_in_its_records_and_closes_the_lag() {
    let app = TestApp::start().await;
    let mainframe = app.mainframe(Faults::default()).await;
    for revision in 1..=3 {
        app.upsert(&active(1, revision)).await;
    }
    let record = app.record(&mainframe, &id(1), |record| record["revision"] == 3).await;
    assert_eq!(record["state"]["givenName"], "Robin");
    let sync = app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    assert_eq!((&sync["applied"]["revision"], &sync["waitingSince"]), (&json!(3), &Value::Null));
    let tombstone = tombstone(1, 4);
    app.upsert(&tombstone).await;
    let record = app.record(&mainframe, &id(1), |record| record["erased"] == true).await;
    assert_eq!(record["state"], Value::Null);
    mainframe.stop().await;
}

#[tokio::test]
async fn answers_in_any_order_and_number_make_no_difference() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 5)).await;
    app.messages(1).await;
    for (name, revision, outcome) in [
        ("a", 3, "applied"),
        ("b", 5, "busy"),
        ("c", 5, "applied"),
        ("c", 5, "applied"),
        ("d", 4, "superseded"),
    ] {
        app.answer(name, &id(1), revision, outcome, None).await;
    }
    app.sync(&id(1), |sync| sync["standing"] == "applied" && sync["applied"]["revision"] == 5)
        .await;
    app.answer("e", &id(1), 4, "refused", Some("MF-1043")).await;
    app.answer("f", &id(2), 1, "applied", None).await;
    app.sync(&id(2), |sync| sync["applied"]["revision"] == 1).await;
    assert_eq!(app.get("/ops/v1/dead-letters").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn what_was_never_answered_is_sent_again_and_alarms() {
    let app =
        TestApp::with(&[("LEGACY_UNANSWERED_AFTER_S", "1"), ("LEGACY_LAG_ALARM_AFTER_S", "1")])
            .await;
    app.upsert(&active(1, 1)).await;
    let first = app.messages(1).await;
    app.eventually("the alarm", async || {
        let lag = app.get("/ops/v1/legacy").await.expect(200).json();
        (lag["alarm"] == true && lag["lagSeconds"].as_u64() >= Some(2)).then_some(())
    })
    .await;
    app.run_timer("reconcile").await;
    // The sample profiles were not answered either.
    let again = app.eventually("it is sent again", async || {
        app.messages(1).await.into_iter().find(|message| message["subject"] == json!(id(1)))
    });
    let again = again.await;
    assert_eq!((&again["id"], &again["data"]), (&first[0]["id"], &first[0]["data"]));
    let sync = app.sync(&id(1), |sync| sync["sent"]["times"] == 2).await;
    assert_eq!(sync["standing"], "waiting");
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_kept() {
    let app = TestApp::start().await;
    app.queue("legacy-inbox").send("no JSON").await;
    app.answer("x", "nobody", 1, "applied", None).await;
    assert_eq!(app.letters("unreadable-answer", 2).await.len(), 2);
}

#[test]
fn the_answer_in_these_tests_is_one_that_the_contract_allows() {
    let data = json!({"profileId": id(1), "revision": 1, "outcome": "refused", "code": "MF-1043", "reason": "why",
        "appliedRevision": null, "at": "2026-03-01T08:00:00Z"});
    keeps(include_str!("../../messages/mainframe-answered.schema.json"), &data);
}
