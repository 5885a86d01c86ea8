//! At most one message of a profile is unanswered: what is newer waits, and only the newest goes. The test is the
//! mainframe.

use crate::support::{TestApp, active, id, tombstone};
use app_tests::{Fault, Gate, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const PROFILES: u32 = 6;
/// Answers until the changes end; each time every profile changes.
const ROUNDS: u64 = 60;
/// Longer than a message that failed is hidden, and than the first wait after `busy`.
const A_WHILE: Duration = Duration::from_secs(61);

/// What has been taken and not answered, the oldest first.
#[derive(Default)]
struct SlowMainframe {
    unanswered: Vec<(String, u64)>,
    applied: BTreeMap<String, u64>,
    answers: u64,
    taken: usize,
}

impl SlowMainframe {
    async fn take(&mut self, app: &TestApp) {
        for message in app.queue("legacy-outbox").take_json().await {
            let profile = message["subject"].as_str().unwrap().to_owned();
            let is_unanswered = self.unanswered.iter().any(|(known, _)| *known == profile);
            assert!(!is_unanswered, "{profile} has a message that was not answered: {message}");
            self.unanswered.push((profile, message["revision"].as_u64().unwrap()));
            self.taken += 1;
        }
    }

    async fn answer_oldest(&mut self, app: &TestApp, outcome: &str) {
        if self.unanswered.is_empty() {
            return;
        }
        let (profile, revision) = self.unanswered.remove(0);
        self.answers += 1;
        let name = format!("answer-{}", self.answers);
        app.answer(&name, &profile, revision, outcome, None).await;
        if outcome == "applied" {
            self.applied.insert(profile, revision);
        }
    }
}

async fn sync_of(app: &TestApp, number: u32) -> Option<Value> {
    app.documents("legacy-sync").get(&id(number), &id(number)).await
}

async fn is_held(app: &TestApp, number: u32, revision: u64) {
    app.eventually(&format!("{revision} is held back"), async || {
        let sync = sync_of(app, number).await?;
        (sync["held"]["revision"] == revision).then_some(())
    })
    .await;
}

#[tokio::test]
async fn however_often_profiles_change_the_mainframe_is_never_behind_by_more_than_one_message_each()
{
    let app = TestApp::start().await;
    let mut mainframe = SlowMainframe::default();
    let outcomes = ["applied", "superseded", "applied", "busy", "applied"];
    for (round, outcome) in (1..=ROUNDS).zip(outcomes.into_iter().cycle()) {
        for number in 1..=PROFILES {
            app.upsert(&active(number, round)).await;
        }
        mainframe.take(&app).await;
        mainframe.answer_oldest(&app, outcome).await;
    }
    let slow = std::sync::Mutex::new(mainframe);
    app.eventually_with_time("the newest revision of each is applied", A_WHILE, async || {
        let mut mainframe = std::mem::take(&mut *slow.lock().unwrap());
        mainframe.take(&app).await;
        mainframe.answer_oldest(&app, "applied").await;
        let newest = mainframe.applied.values().filter(|revision| **revision == ROUNDS).count();
        *slow.lock().unwrap() = mainframe;
        (newest == PROFILES as usize).then_some(())
    })
    .await;
    let mainframe = slow.into_inner().unwrap();
    let changes = usize::try_from(ROUNDS * u64::from(PROFILES)).unwrap();
    assert!(mainframe.taken < changes / 2, "{} messages for {changes} changes", mainframe.taken);
    app.sync(&id(1), |sync| sync["standing"] == "applied" && sync["lagSeconds"] == 0).await;
}

#[tokio::test]
async fn after_any_answer_the_newest_goes_at_once() {
    let app = TestApp::start().await;
    for (number, outcome) in (1..).zip(["applied", "superseded", "refused", "busy"]) {
        app.upsert(&active(number, 1)).await;
        app.messages(1).await;
        for revision in 2..=4 {
            app.upsert(&active(number, revision)).await;
            is_held(&app, number, revision).await;
        }
        app.answer(outcome, &id(number), 1, outcome, None).await;
        let sent = app.messages(1).await.remove(0);
        assert_eq!((&sent["subject"], &sent["revision"]), (&json!(id(number)), &json!(4)));
    }
    assert_eq!(app.get("/ops/v1/dead-letters").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn whether_the_change_or_the_answer_is_stored_first_the_newest_is_sent() {
    let app = TestApp::start().await;
    for (number, answer_first) in [(1, false), (2, true)] {
        app.upsert(&active(number, 1)).await;
        app.messages(1).await;
        app.sync(&id(number), |sync| sync["sent"]["revision"] == 1).await;
        let gate = Gate::new();
        let only =
            Requests::any().method("PUT").path(format!("/colls/legacy-sync/docs/{}", id(number)));
        let fault = Fault::Hold(gate.clone());
        app.faults().add(Rule { service: Service::Cosmos, only, fault, when: When::Nth(1) });
        let change = async || app.upsert(&active(number, 2)).await;
        let answer = async || app.answer("a", &id(number), 1, "applied", None).await;
        if answer_first {
            answer().await
        } else {
            change().await
        }
        gate.reached().await;
        if answer_first {
            change().await
        } else {
            answer().await
        }
        app.eventually("the other one is stored", async || {
            let sync = sync_of(&app, number).await?;
            let is_stored = if answer_first {
                sync["held"]["revision"] == 2
            } else {
                sync["standing"] == "applied"
            };
            is_stored.then_some(())
        })
        .await;
        gate.open();
        assert_eq!(app.messages(1).await[0]["revision"], 2, "answer first: {answer_first}");
    }
}

#[tokio::test]
async fn what_an_old_copy_has_is_not_sent_for_the_newest() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 1)).await;
    app.messages(1).await;
    let old = app.faults().stale("profiles", "profiles");
    app.upsert(&active(1, 2)).await;
    is_held(&app, 1, 2).await;
    app.answer("a", &id(1), 1, "applied", None).await;
    app.sync(&id(1), |sync| sync["applied"]["revision"] == 1 && sync["standing"] == "waiting")
        .await;
    app.travel(A_WHILE);
    app.run_timer("reconcile").await;
    assert_eq!(app.queue("legacy-outbox").take_json().await, Vec::<Value>::new());
    drop(old);
    let sent = app.eventually_with_time("the newest", A_WHILE, async || {
        app.queue("legacy-outbox").take_json().await.pop()
    });
    assert_eq!(sent.await["revision"], 2);
}

#[tokio::test]
async fn an_erasure_waits_no_longer_than_the_first_wait() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 1)).await;
    app.messages(1).await;
    app.upsert(&tombstone(1, 2)).await;
    is_held(&app, 1, 2).await;
    app.travel(Duration::from_secs(601));
    app.run_timer("reconcile").await;
    let erased = app.eventually("the erasure", async || {
        let messages = app.queue("legacy-outbox").take_json().await;
        messages.into_iter().find(|message| message["subject"] == json!(id(1)))
    });
    assert_eq!(erased.await["type"], "com.iommi.legacy.profile-erased.v1");
    app.answer("a", &id(1), 2, "applied", None).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
}
