//! The app as its neighbours see it: through the local host, with the real binary and data services.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod marked;
#[path = "../people/mod.rs"]
mod people;
mod support;

use app_tests::{Fault, Gate, Requests, Rule, Service, When};
use people::{NAMES, person};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;
use support::Scoring;

app_tests::contract!(fed: crate::marked::feed);

fn gave_up(answer: &Value) -> (&str, &str) {
    let text =
        |value: &'static str| answer.pointer(value).and_then(Value::as_str).unwrap_or_default();
    (text("/type"), text("/data/reason"))
}

const GAVE_UP: &str = "com.iommi.scoring.gave-up.v1";

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_seven_people_have_the_answers_that_they_always_have() {
    let scoring = Scoring::start().await;
    let golden: Value = serde_json::from_str(include_str!("../people/golden.json")).unwrap();
    for name in NAMES {
        let job = scoring.stored(name, &person(name)).await;
        scoring.send(&job).await;
        let answer = scoring.answer().await;
        let expected = &golden[format!("{name} 2026-11")];
        assert_eq!((&answer["subject"], &answer["data"]["attempt"]), (&json!(name), &json!(1)));
        if expected.get("reason").is_some() {
            let mut data = answer["data"].clone();
            let object = data.as_object_mut().unwrap();
            object.remove("attempt");
            assert_eq!(object.remove("scorecard"), Some(json!("2026-11")));
            assert_eq!((&answer["id"], &data), (&json!(format!("{name}-1-unscoreable")), expected));
        } else {
            assert_eq!(
                (&answer["id"], &answer["data"]["result"]),
                (&json!(format!("{name}-1-scored")), expected)
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_comes_twice_is_answered_twice_with_the_same() {
    let scoring = Scoring::start().await;
    let job = scoring.stored("twice", &person("salaried")).await;
    scoring.send(&job).await;
    scoring.send(&job).await;
    let answers = scoring.answers(2).await;
    let told = |answer: &Value| (answer["id"].to_string(), answer["data"]["result"].to_string());
    assert_eq!(told(&answers[0]), told(&answers[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_handler_is_killed_before_during_and_after_the_sums_has_one_answer() {
    let scoring = Scoring::start().await;
    let mut job = scoring.stored("killed", &person("freelancer")).await;
    job.paths = 4_000_000;
    let gate = Gate::new();
    let rule = Rule {
        service: Service::Blob,
        only: Requests::any(),
        fault: Fault::Hold(gate.clone()),
        when: When::Next(1),
    };
    scoring.app.faults().add(rule);
    scoring.send(&job).await;
    gate.reached().await;
    scoring.app.host().kill_handler("scoring").await;
    gate.open();
    #[cfg(target_os = "linux")]
    {
        let wait = async || (scoring.app.host().handler_pids("scoring").len() == 1).then_some(());
        scoring.app.eventually_with_time("a new handler", Duration::from_secs(20), wait).await;
        scoring.computes().await;
        scoring.app.host().kill_handler("scoring").await;
    }
    let answer = scoring.answer().await;
    assert_eq!(answer["id"], "killed-1-scored");
    scoring.send(&job).await;
    assert_eq!(scoring.answer().await["data"]["result"], answer["data"]["result"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_destroyed_is_given_up() {
    let scoring = Scoring::start().await;
    let mut job = scoring.stored("gone", &person("salaried")).await;
    job.path = "gone/1/other".to_owned();
    scoring.send(&job).await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "activity-gone"));

    let mut job = scoring.stored("keyless", &person("salaried")).await;
    job.key.id = "rotated".to_owned();
    scoring.send(&job).await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "key-gone"));

    let one = scoring.stored("one", &person("salaried")).await;
    let mut other = scoring.stored("other", &person("salaried")).await;
    other.path = one.path;
    scoring.send(&other).await;
    assert_eq!(
        gave_up(&scoring.answer().await),
        (GAVE_UP, "failed"),
        "sealed for another assessment"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_scored_is_given_up_at_once() {
    let scoring = Scoring::start().await;
    let job = scoring.stored_bytes("garbled", b"{\"Kim\": 1}").await;
    scoring.send(&job).await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "failed"));
    let mut job = scoring.stored("later", &person("salaried")).await;
    job.scorecard = "2031-01";
    scoring.send(&job).await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_deadline_a_job_is_given_up_also_in_the_middle_of_the_sums() {
    let scoring = Scoring::start().await;
    let mut job = scoring.stored("late", &person("salaried")).await;
    job.deadline = "2026-01-01T00:00:00Z".to_owned();
    scoring.send(&job).await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "deadline-passed"));
    #[cfg(target_os = "linux")]
    {
        let mut job = scoring.stored("endless", &person("salaried")).await;
        job.paths = u32::MAX;
        scoring.send(&job).await;
        scoring.computes().await;
        scoring.app.travel(Duration::from_secs(121));
        assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "deadline-passed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_again_and_again_is_answered_by_the_timer() {
    let scoring = Scoring::start().await;
    let job = scoring.stored("unlucky", &person("salaried")).await;
    let fault = Fault::Throttle { retry_after: Duration::from_millis(1) };
    let rule = Rule { service: Service::Blob, only: Requests::any(), fault, when: When::Always };
    let rule = scoring.app.faults().add(rule);
    scoring.send(&job).await;
    let poisoned =
        async || (scoring.app.queue("scoring-jobs-poison").length().await > 0).then_some(());
    scoring.app.eventually_with_time("a poisoned job", Duration::from_secs(20), poisoned).await;
    scoring.answers_of_poison().await;
    assert_eq!(gave_up(&scoring.answer().await), (GAVE_UP, "failed"));
    scoring.app.faults().remove(rule);
    scoring.is_silent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_job_is_dropped_and_the_next_job_is_answered() {
    let scoring = Scoring::start().await;
    let job = scoring.stored("right", &person("salaried")).await;
    let mut without_paths = job.event();
    without_paths["data"]["paths"] = json!(0);
    scoring.app.queue("scoring-jobs").send_json(&without_paths).await;
    scoring.app.queue("scoring-jobs").send("{").await;
    scoring.send_text("no base64 at all!").await;
    scoring.app.queue("scoring-jobs-poison").send_json(&without_paths).await;
    scoring.send(&job).await;
    assert_eq!(scoring.answer().await["id"], "right-1-scored");
    scoring.answers_of_poison().await;
    scoring.is_silent().await;
}
