//! Travelling in time: one clock for handlers, timers, messages and data.

use std::time::Duration;

use local_host::{ExternalServices, Options};
use serde_json::{Value, json};

use crate::{
    command::iommi,
    support::{Running, TestApp, eventually, http},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn signature() -> String {
    local_data::account_sas("2200-01-01T00:00:00Z".parse().unwrap())
}

impl Running {
    async fn offset_of_handler_ms(&self) -> i64 {
        self.text("/clock-offset-ms").await.parse().unwrap()
    }

    async fn move_clock(&self, how: Value) -> (u16, Value) {
        let request = self.client.post(self.url("/admin/clock"));
        let request = request.header("content-type", "application/json").body(how.to_string());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }
}

#[tokio::test]
async fn a_blob_expires_after_its_days_and_the_handler_goes_along() {
    let declared = r#"{"owns": {"blobContainers": [{"name": "short", "deleteAfterDays": 30}, {"name": "long"}]}}"#;
    let app = TestApp::new().file("app.json", declared).start().await;
    assert_eq!(app.offset_of_handler_ms().await, 0);
    let url = |container: &str| format!("{}/{container}/a?{}", app.host.blob_url(), signature());
    for container in ["short", "long"] {
        let put = app.client.put(url(container)).header("x-ms-blob-type", "BlockBlob");
        let put = put.header("x-ms-version", "2024-11-04").body("hi");
        assert_eq!(put.send().await.unwrap().status(), 201);
    }
    app.host.travel(31 * DAY).unwrap();
    assert_eq!(app.offset_of_handler_ms().await, 31 * 24 * 60 * 60 * 1000);
    eventually("the blob is gone", || async {
        (app.client.get(url("short")).send().await.unwrap().status() == 404).then_some(())
    })
    .await;
    assert_eq!(app.client.get(url("long")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_host_goes_by_the_clock_of_the_one_that_has_the_data_services() {
    let home = TestApp::new().start().await;
    let mut app = TestApp::new();
    app.options.services = Some(ExternalServices {
        cosmos: home.host.cosmos_url().to_owned(),
        blob: home.host.blob_url().to_owned(),
        queue: home.host.queue_url().to_owned(),
        event_hubs: home.host.event_hubs_url().to_owned(),
    });
    app.options.clock_file = Some(home.host.clock().file().to_owned());
    let app = app.start().await;
    home.host.travel(DAY).unwrap();
    assert_eq!(app.offset_of_handler_ms().await, 24 * 60 * 60 * 1000);
    eventually("the host goes along", || async {
        (app.host.clock().offset().as_hours() == 24).then_some(())
    })
    .await;
    assert_ne!(app.move_clock(json!("reset")).await.0, 200, "it is moved where the data is");
}

#[tokio::test]
async fn a_timer_that_was_due_several_times_fires_once_and_again_after_a_reset() {
    let timer =
        json!({ "bindings": [{ "type": "timerTrigger", "name": "t", "schedule": "0 0 3 * * *" }] });
    let app = TestApp::empty()
        .function("Envelope", &timer)
        .setting("REPLY", "{}")
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .start()
        .await;
    let fired = |count: usize| {
        let host = &app.host;
        eventually("the timer fires", move || async move {
            (host.invocations().len() >= count).then_some(())
        })
    };
    app.host.travel(31 * DAY).unwrap();
    fired(1).await;
    assert!(app.invocation().await.about.ends_with("(past due)"));
    app.host.travel(DAY).unwrap();
    fired(2).await;
    assert_eq!(app.move_clock(json!("reset")).await.0, 200);
    app.host.travel(DAY).unwrap();
    fired(3).await;
    assert_eq!(app.host.invocations().len(), 3);
}

#[tokio::test]
async fn a_message_that_is_invisible_for_a_week_arrives_a_week_later() {
    let by_queue =
        json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "later" }] });
    let app = TestApp::empty()
        .function("ByQueue", &by_queue)
        .file("app.json", r#"{"owns": {"queues": ["later"]}}"#)
        .setting("REPLY", "{}")
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .start()
        .await;
    let url =
        format!("{}/later/messages?visibilitytimeout=518400&{}", app.host.queue_url(), signature());
    let message = "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>";
    assert_eq!(app.client.post(url).body(message).send().await.unwrap().status(), 201);
    app.host.travel(5 * DAY).unwrap();
    assert!(app.host.invocations().is_empty());
    app.host.travel(DAY).unwrap();
    assert_eq!(app.invocation().await.function, "ByQueue");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_shown_and_moved_over_admin_and_by_the_command() {
    let app = TestApp::new().start().await;
    let (status, moved) = app.move_clock(json!({ "advance": "1d 2h" })).await;
    assert_eq!((status, &moved["clock"]["ahead"]), (200, &json!("1d 2h")));
    let shown: Value = serde_json::from_str(&app.text("/admin/clock").await).unwrap();
    assert_eq!(shown["offsetMs"], 26 * 60 * 60 * 1000);
    for (how, why) in [
        (json!({ "advance": "soon" }), "31d"),
        (json!({ "set": "2001-01-01T00:00:00Z" }), "has passed"),
        (json!({ "back": "1d" }), "back"),
    ] {
        let (status, refused) = app.move_clock(how).await;
        assert_eq!(status, 400, "{refused}");
        assert!(refused["error"].as_str().unwrap().contains(why), "{refused}");
    }
    let command = |arguments: &[&str]| {
        let output = iommi(&[arguments, &["--url", app.host.url()]].concat()).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let run =
        |arguments: &'static [&'static str]| tokio::task::block_in_place(|| command(arguments));
    assert!(run(&["clock", "advance", "P1D"]).1.contains("2d 2h ahead"));
    assert!(run(&["clock", "show"]).1.contains("2d 2h ahead"));
    assert!(run(&["clock", "reset"]).1.contains("the machine's time"));
    assert!(!run(&["clock", "advance", "yesterday"]).0);
    assert_eq!(app.offset_of_handler_ms().await, 0);
}

#[tokio::test]
async fn the_clock_is_the_hosts_to_move_and_not_for_strangers() {
    let app = TestApp::empty().function("x", &http("x", &[])).keys().start().await;
    assert_eq!(app.status("/admin/clock").await, 401);
    let request =
        app.client.post(app.url("/admin/clock")).header("content-type", "application/json");
    assert_eq!(request.body("\"reset\"").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn kept_data_keeps_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let start = || async {
        let mut app = TestApp::new();
        let data = local_data::Options { data: Some(folder.path().to_owned()), ..app.options.data };
        app.options = Options { data, ..app.options };
        app.start().await
    };
    let app = start().await;
    app.host.travel(DAY).unwrap();
    app.host.stop().await;
    assert_eq!(start().await.offset_of_handler_ms().await, 24 * 60 * 60 * 1000);
}
