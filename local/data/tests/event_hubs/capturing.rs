//! Capture: windows, names, what is told, what cannot be written over, faults, and restarts.

use std::{path::Path, time::Duration};

use jiff::SignedDuration;
use local_data::{Fault, Gate, Options, Requests, RetentionRule, Rule, Service, When};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    captured::{BYTES, CONTAINER, SECONDS},
    namespace::{Namespace, answer},
};

fn kept_in(directory: &Path) -> Options {
    Options { data: Some(directory.to_owned()), ..Options::ephemeral() }
}

async fn captured() -> Namespace {
    Namespace::captured(Options::ephemeral()).await
}

impl Namespace {
    /// How many events are captured of each partition.
    async fn next_to_capture(&self) -> Vec<i64> {
        let told = answer(self.request(Method::GET, "$local/eventhubs/account")).await;
        let told: Value = serde_json::from_str(&told.body).unwrap();
        let partitions = told["partitions"].as_array().unwrap().iter();
        partitions.map(|one| one["nextToCapture"].as_i64().unwrap()).collect()
    }

    fn captures_fail(&self, fault: Fault, when: When) {
        let only = Requests::any().path("/account/partitions/0/capture");
        self.services.faults().add(Rule { service: Service::EventHubs, only, fault, when });
    }
}

#[tokio::test]
async fn events_are_written_when_their_window_is_over_and_empty_windows_make_no_file() {
    let namespace = captured().await;
    namespace.window_is_over().await;
    for text in ["a", "b"] {
        namespace.send_to(0, text).await;
    }
    namespace.services.step().await;
    assert_eq!(namespace.files().await, [], "more may come");
    namespace.window_is_over().await;
    namespace.send_to(1, "c").await;
    namespace.window_is_over().await;
    namespace.window_is_over().await;
    let files = namespace.files().await;
    let contents: Vec<_> = files.iter().map(|(_, events)| events.clone()).collect();
    assert_eq!(contents, [vec![(0, "a".into()), (1, "b".into())], vec![(0, "c".to_owned())]]);
    assert_eq!(namespace.next_to_capture().await, [2, 1]);
}

#[tokio::test]
async fn a_file_is_named_for_the_moment_at_which_its_window_began() {
    let namespace = captured().await;
    namespace.services.clock().set_offset(SignedDuration::ZERO);
    namespace.send_to(1, "a").await;
    let began = namespace.read(1, local_data::Position::Start).await[0].enqueued;
    namespace.window_is_over().await;
    let name = format!("local/account/1/{}.avro", began.strftime("%Y/%m/%d/%H/%M/%S"));
    assert_eq!(namespace.files().await[0].0, name);
}

#[tokio::test]
async fn a_full_window_is_over_early_and_files_of_one_second_have_names_of_their_own() {
    let namespace = captured().await;
    assert_eq!(namespace.capture(SECONDS, 1_024).await.status, 200);
    for _ in 0..3 {
        namespace.send_to(0, &"x".repeat(2_000)).await;
    }
    namespace.send_to(0, "waits").await;
    namespace.services.step().await;
    let files = namespace.files().await;
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let numbers: Vec<_> = files.iter().flat_map(|(_, events)| events).map(|one| one.0).collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[tokio::test]
async fn what_was_written_is_told_in_event_grid_s_schema() {
    let namespace = captured().await;
    for text in ["a", "b", "c"] {
        namespace.send_to(1, text).await;
    }
    namespace.window_is_over().await;
    let told = namespace.told().await;
    let (name, _) = &namespace.files().await[0];
    let data = &told.event["data"];
    assert_eq!(told.event["eventType"], json!("Microsoft.EventHub.CaptureFileCreated"));
    assert_eq!(told.event["subject"], json!("eventhubs/account"));
    let url = format!("{}/{CONTAINER}/{name}", namespace.services.blob_url());
    assert_eq!((&data["fileUrl"], &data["fileType"]), (&json!(url), &json!("AzureBlockBlob")));
    let head = namespace.blob(Method::HEAD, &format!("{CONTAINER}/{name}")).send().await.unwrap();
    let length = head.headers()["content-length"].to_str().unwrap().to_owned();
    assert_eq!(data["sizeInBytes"].to_string(), length);
    assert_eq!((&data["partitionId"], &data["eventCount"]), (&json!("1"), &json!(3)));
    let numbers = [&data["firstSequenceNumber"], &data["lastSequenceNumber"]];
    assert_eq!(numbers, [&json!(0), &json!(2)]);
    let events = namespace.read(1, local_data::Position::Start).await;
    assert_eq!(data["firstEnqueueTime"], json!(events[0].enqueued));
    assert_eq!(data["lastEnqueueTime"], json!(events[2].enqueued));
    namespace.services.capture_events().acknowledge(told.id);
    assert_eq!(namespace.services.capture_events().waiting(), 0);
}

#[tokio::test]
async fn only_what_comes_after_capture_was_declared_is_captured() {
    let namespace = captured().await;
    namespace.send_to(0, "captured").await;
    namespace.window_is_over().await;
    namespace.stop_capture().await;
    namespace.send_to(0, "not captured").await;
    assert_eq!(namespace.capture(SECONDS, BYTES).await.status, 200);
    namespace.send_to(0, "captured again").await;
    namespace.window_is_over().await;
    assert_eq!(namespace.captured_texts().await[&0], ["captured", "captured again"]);
}

#[tokio::test]
async fn a_container_whose_blobs_cannot_be_changed_is_good_enough() {
    let namespace = captured().await;
    let kept = RetentionRule { container: CONTAINER.to_owned(), days: 7 };
    namespace.services.set_retention_rules(vec![kept]);
    namespace.captures_fail(Fault::LoseAnswer, When::Next(1));
    namespace.send_to(0, "a").await;
    namespace.window_is_over().await;
    let files = namespace.files().await;
    assert_eq!(files.len(), 1, "it was written, and nothing was heard of it");
    let over = namespace.blob(Method::PUT, &format!("{CONTAINER}/{}", files[0].0));
    let over = answer(over.header("x-ms-blob-type", "BlockBlob").body("x")).await;
    assert_eq!((over.status, over.header("x-ms-error-code")), (409, "BlobImmutableDueToPolicy"));
    namespace.send_to(0, "b").await;
    namespace.window_is_over().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a", "b"]);
    let events = [namespace.told().await, namespace.told().await];
    assert_eq!(events.map(|told| told.event["data"]["eventCount"].clone()), [json!(1), json!(1)]);
    assert_eq!(namespace.services.capture_events().waiting(), 2);
}

#[tokio::test]
async fn a_blob_of_somebody_else_takes_no_events_away() {
    let namespace = captured().await;
    namespace.send_to(0, "a").await;
    let began = namespace.read(0, local_data::Position::Start).await[0].enqueued;
    let name = format!("local/account/0/{}.avro", began.strftime("%Y/%m/%d/%H/%M/%S"));
    let put = namespace.blob(Method::PUT, &format!("{CONTAINER}/{name}"));
    let put = answer(put.header("x-ms-blob-type", "BlockBlob").body("theirs")).await;
    assert_eq!(put.status, 201);
    namespace.window_is_over().await;
    let url = namespace.told().await.event["data"]["fileUrl"].as_str().unwrap().to_owned();
    assert!(!url.ends_with(&name), "{url}");
}

#[tokio::test]
async fn capture_that_is_stopped_catches_up_and_the_other_partitions_go_on() {
    let namespace = captured().await;
    namespace.captures_fail(Fault::Unavailable, When::Always);
    namespace.send_to(0, "a").await;
    namespace.send_to(1, "b").await;
    namespace.window_is_over().await;
    assert_eq!(namespace.next_to_capture().await, [0, 1]);
    // Its hours are over, and it is still to be captured.
    namespace.services.clock().advance(Duration::from_secs(48 * 3_600));
    namespace.services.step().await;
    assert_eq!(namespace.read(1, local_data::Position::Start).await, []);
    namespace.services.faults().clear();
    namespace.services.step().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a"]);
    assert_eq!(namespace.read(0, local_data::Position::Start).await, []);
}

#[tokio::test]
async fn the_blob_service_may_be_away_and_capture_may_be_late() {
    let namespace = captured().await;
    let service = Service::Blob;
    let only = Requests::any().path("/captured-events/local/account/0/");
    let fault = Fault::Unavailable;
    namespace.services.faults().add(Rule { service, only, fault, when: When::Next(1) });
    namespace.send_to(0, "a").await;
    namespace.window_is_over().await;
    // The loop beside this test may have tried again already: the rule is used up all the same.
    namespace.services.step().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a"]);
    namespace.captures_fail(Fault::Delay(Duration::from_secs(600)), When::Always);
    namespace.send_to(0, "late").await;
    namespace.window_is_over().await;
    namespace.services.step().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a"]);
}

#[tokio::test]
async fn a_file_whose_note_was_not_written_is_not_written_twice_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let namespace = Namespace::captured(kept_in(directory.path())).await;
    let gate = Gate::new();
    namespace.captures_fail(Fault::HoldAnswer(gate.clone()), When::Always);
    namespace.send_to(0, "a").await;
    namespace.services.clock().advance(Duration::from_secs(SECONDS.into()));
    gate.reached().await;
    let files = namespace.files().await;
    assert_eq!(files.len(), 1);
    // More comes before it ends: it is no part of the file that is begun.
    namespace.send_to(0, "b").await;
    namespace.services.stop().await;

    let namespace = Namespace::captured(kept_in(directory.path())).await;
    namespace.window_is_over().await;
    namespace.window_is_over().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a", "b"]);
    assert_eq!(namespace.files().await[0], files[0]);
    assert_eq!(namespace.services.capture_events().waiting(), 2);
}

#[tokio::test]
async fn what_came_before_the_first_file_is_captured_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let namespace = Namespace::captured(kept_in(directory.path())).await;
    namespace.send_to(0, "a").await;
    namespace.services.stop().await;

    let namespace = Namespace::captured(kept_in(directory.path())).await;
    namespace.window_is_over().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a"]);
}

#[tokio::test]
async fn what_is_told_and_how_far_it_came_are_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let namespace = Namespace::captured(kept_in(directory.path())).await;
    namespace.send_to(0, "a").await;
    namespace.window_is_over().await;
    let told = namespace.told().await;
    namespace.services.stop().await;

    let namespace = Namespace::captured(kept_in(directory.path())).await;
    assert_eq!(namespace.next_to_capture().await, [1, 0]);
    assert_eq!(namespace.told().await, told);
    namespace.send_to(0, "b").await;
    namespace.window_is_over().await;
    assert_eq!(namespace.captured_texts().await[&0], ["a", "b"]);
}

#[tokio::test]
async fn a_capture_that_cannot_be_is_refused_and_names_what_is_wrong() {
    let namespace = captured().await;
    let of = |capture: Value| json!({ "partitions": 2, "capture": capture });
    for (capture, part) in [
        (json!({ "container": "nowhere", "seconds": 10, "bytes": 10_485_760 }), "nowhere"),
        (json!({ "container": CONTAINER, "seconds": 0, "bytes": 10_485_760 }), "capture.seconds"),
        (json!({ "container": CONTAINER, "seconds": 10, "bytes": 1 }), "capture.bytes"),
        (json!({ "container": CONTAINER, "seconds": 10 }), "`bytes`"),
    ] {
        let request = namespace.request(Method::PUT, "$local/eventhubs/sale");
        let refused = answer(request.body(of(capture).to_string())).await;
        assert_eq!(refused.status, 400, "{part}");
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
}
