//! The timer trigger: on time, late, at startup, never twice at once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::{sync::Arc, time::Duration};

use function_json::Trigger;
use jiff::Timestamp;
use local_host::{
    Lifecycle,
    triggers::{Listener, Target, timer::TimerListener},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, Rig, gate, retries, step_through, target};

fn tick(schedule: &str, more: Value) -> Target {
    let mut binding =
        json!({"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": schedule});
    binding.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    target("Tick", json!([binding]), None)
}

fn listener(rig: &Rig, target: &Target, now: Timestamp) -> TimerListener {
    let Trigger::Timer(trigger) = &target.json.trigger else { panic!("{target:?}") };
    TimerListener::new(rig.runner.clone(), target.clone(), trigger.clone(), now).unwrap()
}

fn moment(text: &str) -> Timestamp {
    format!("2026-01-02T{text}Z").parse().unwrap()
}

fn infos(rig: &Rig) -> Vec<Value> {
    rig.script.seen().iter().map(|seen| seen.body["Data"]["timer"].clone()).collect()
}

#[tokio::test]
async fn a_timer_fires_at_its_times_and_shows_the_occurrence_being_run() {
    let rig = Rig::start().await;
    let target = tick("0 */5 * * * *", json!({}));
    let mut timer = listener(&rig, &target, moment("03:04:05"));
    assert_eq!(timer.step(moment("03:04:05")).await.next, Some(moment("03:05:00")));
    assert_eq!(step_through(&mut timer, moment("03:04:59.999")).await, 0);
    assert_eq!(step_through(&mut timer, moment("03:05:00.001")).await, 1);
    assert_eq!(timer.next(), Some(moment("03:10:00")));
    assert_eq!(step_through(&mut timer, moment("03:10:00.002")).await, 1);
    let infos = infos(&rig);
    let first = json!({"Schedule": {"AdjustForDST": true}, "IsPastDue": false, "ScheduleStatus": {
        "Last": "0001-01-01T00:00:00", "Next": "2026-01-02T03:05:00+00:00", "LastUpdated": "2026-01-02T03:04:05+00:00"}});
    assert_eq!(infos[0], first);
    let second = json!({"Last": "2026-01-02T03:05:00.001+00:00", "Next": "2026-01-02T03:10:00+00:00",
        "LastUpdated": "2026-01-02T03:05:00.001+00:00"});
    assert_eq!(infos[1]["ScheduleStatus"], second);
    assert_eq!(rig.script.seen()[0].body["Metadata"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn an_occurrence_missed_while_the_host_was_down_is_run_once_at_the_start() {
    let rig = Rig::start().await;
    let target = tick("0 */5 * * * *", json!({}));
    let mut before = listener(&rig, &target, moment("03:04:05"));
    step_through(&mut before, moment("03:04:05")).await;
    step_through(&mut before, moment("03:05:00")).await;
    drop(before);
    let mut after = listener(&rig, &target, moment("03:31:30"));
    assert_eq!(step_through(&mut after, moment("03:31:30")).await, 1);
    assert_eq!(infos(&rig)[1]["IsPastDue"], json!(true));
    assert_eq!(after.next(), Some(moment("03:35:00")));
    assert_eq!(step_through(&mut after, moment("03:31:31")).await, 0);
}

#[tokio::test]
async fn run_on_startup_runs_at_every_start_and_is_not_past_due() {
    let rig = Rig::start().await;
    let target = tick("0 0 0 * * *", json!({"runOnStartup": true}));
    for start in ["03:00:00", "03:10:00"] {
        let mut timer = listener(&rig, &target, moment(start));
        assert_eq!(step_through(&mut timer, moment(start)).await, 1);
        assert_eq!(step_through(&mut timer, moment(start) + Duration::from_secs(1)).await, 0);
    }
    assert!(infos(&rig).iter().all(|info| info["IsPastDue"] == json!(false)));
}

#[tokio::test]
async fn a_run_that_takes_long_is_not_overlapped() {
    let rig = Rig::start().await;
    let gate = gate();
    rig.script.then(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Reply(json!({})))));
    let mut timer = listener(&rig, &tick("0 * * * * *", json!({})), moment("03:00:30"));
    timer.step(moment("03:00:30")).await;
    assert_eq!(timer.step(moment("03:01:00")).await.started, 1);
    for minute in ["03:02:00", "03:03:00", "03:04:00"] {
        assert_eq!(timer.step(moment(minute)).await.started, 0, "{minute}");
    }
    gate.add_permits(1);
    timer.settle().await;
    assert_eq!(timer.next(), Some(moment("03:02:00")), "counted from when the run began");
    assert_eq!(step_through(&mut timer, moment("03:04:10")).await, 1);
    assert_eq!(timer.next(), Some(moment("03:05:00")));
}

#[tokio::test]
async fn a_failed_run_waits_for_the_next_occurrence_unless_there_is_a_retry_policy() {
    let rig = Rig::start().await;
    rig.script.then(Answer::Status(500));
    let mut timer = listener(&rig, &tick("0 * * * * *", json!({})), moment("03:00:30"));
    step_through(&mut timer, moment("03:00:30")).await;
    step_through(&mut timer, moment("03:01:00")).await;
    assert_eq!((rig.script.calls(), timer.next()), (1, Some(moment("03:02:00"))));
    rig.script.then(Answer::Status(500));
    let mut target = tick("0 * * * * *", json!({"useMonitor": false}));
    target.retry = retries(1);
    let mut timer = listener(&rig, &target, moment("03:00:30"));
    step_through(&mut timer, moment("03:00:30")).await;
    step_through(&mut timer, moment("03:01:00")).await;
    assert_eq!(rig.script.calls(), 3);
}

#[tokio::test]
async fn frequent_and_unmonitored_timers_have_no_status_and_keep_none() {
    let rig = Rig::start().await;
    for target in
        [tick("*/10 * * * * *", json!({})), tick("0 */5 * * * *", json!({"useMonitor": false}))]
    {
        let mut timer = listener(&rig, &target, moment("03:04:05"));
        step_through(&mut timer, moment("03:04:05")).await;
        step_through(&mut timer, moment("03:05:00")).await;
    }
    assert_eq!(infos(&rig).len(), 2);
    assert!(infos(&rig).iter().all(|info| info["ScheduleStatus"].is_null()));
    assert_eq!(rig.list_blobs("azure-webjobs-hosts").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_interval_counts_from_the_last_run() {
    let rig = Rig::start().await;
    let mut timer = listener(&rig, &tick("00:10:00", json!({})), moment("03:00:00"));
    step_through(&mut timer, moment("03:00:00")).await;
    assert_eq!(step_through(&mut timer, moment("03:10:03")).await, 1);
    assert_eq!(timer.next(), Some(moment("03:20:03")));
    assert_eq!(infos(&rig)[0]["Schedule"], json!({"AdjustForDST": false}));
}

#[tokio::test]
async fn a_draining_host_fires_no_timers() {
    let rig = Rig::start().await;
    let mut timer = listener(&rig, &tick("0 * * * * *", json!({})), moment("03:00:30"));
    step_through(&mut timer, moment("03:00:30")).await;
    rig.state.send_replace(Lifecycle::Draining);
    assert_eq!(step_through(&mut timer, moment("03:01:00")).await, 0);
}
