//! Event hubs that an app declares: written by one function, read by another, with a real handler.

use std::time::Duration;

use local_data::Position;
use local_host::{AppSource, Executable, Options, StartError, start};
use serde_json::json;

use crate::support::{Running, TestApp, client, eventually, http};

/// `Envelope` is called over HTTP and writes to a hub, which starts `ByHub`. The handler answers both with `REPLY`.
fn chained(app_json: &str) -> TestApp {
    let mut over_http = http("facts", &["post"]);
    let output = json!({ "type": "eventHub", "direction": "out", "name": "out", "eventHubName": "fact",
                         "connection": "EVENT_HUBS" });
    over_http["bindings"].as_array_mut().unwrap().push(output);
    let by_hub = json!({ "bindings": [{ "type": "eventHubTrigger", "name": "events", "eventHubName": "fact",
        "connection": "EVENT_HUBS", "consumerGroup": "readers", "cardinality": "many", "dataType": "string" }] });
    let reply = json!({ "Outputs": { "res": { "statusCode": 202 }, "out": ["one", "two"] } });
    TestApp::empty()
        .function("Envelope", &over_http)
        .function("ByHub", &by_hub)
        .file("app.json", app_json)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("EVENT_HUBS__fullyQualifiedNamespace", "127.0.0.1:5300")
        .setting("REPLY", &reply.to_string())
}

const OWNS: &str = r#"{"owns": {"eventHubs": [{"name": "fact", "partitions": 2, "retentionHours": 48}],
                                "consumerGroups": [{"name": "readers", "eventHub": "fact"}]}}"#;

impl Running {
    async fn kept(&self) -> usize {
        let mut kept = 0;
        for partition in 0..2 {
            let url = format!(
                "{}$local/eventhubs/fact/consumergroups/$Default/partitions/{partition}/events?from={}",
                self.host.event_hubs_url(),
                Position::Start
            );
            let answer = self.client.get(url).send().await.unwrap().bytes().await.unwrap();
            kept += local_data::HubEvent::read_all(answer).unwrap().len();
        }
        kept
    }
}

#[tokio::test]
async fn an_output_of_one_function_is_a_batch_of_events_that_starts_another() {
    let app = chained(OWNS).start().await;
    assert_eq!(app.post("/facts", "").await.status(), 202);
    let record = eventually("the events are delivered", || async {
        app.host.invocations().into_iter().find(|record| record.function == "ByHub")
    });
    let record = record.await;
    assert_eq!((record.trigger, record.status), ("eventHub", Some(200)));
    assert!(record.about.contains("fact partition"), "{}", record.about);
    assert_eq!(app.kept().await, 2);
}

/// The hub, captured into this container.
fn captured(container: &str) -> String {
    let capture = json!({ "container": container, "seconds": 60 });
    let hub = json!({ "name": "fact", "partitions": 2, "team": "customer", "capture": capture });
    let subscription = json!({ "function": "Captured", "source": "capture" });
    json!({
        "owns": { "eventHubs": [hub], "blobContainers": [{ "name": "captured", "keepForDays": 7 }],
                  "consumerGroups": [{ "name": "readers", "eventHub": "fact" }] },
        "eventSubscriptions": [subscription],
    })
    .to_string()
}

#[tokio::test]
async fn captured_events_are_told_to_who_subscribes_to_capture() {
    let trigger = json!({ "type": "eventGridTrigger", "direction": "in", "name": "event" });
    let app = chained(&captured("captured"));
    let app = app.function("Captured", &json!({ "bindings": [trigger] })).start().await;
    assert_eq!(app.post("/facts", "").await.status(), 202);
    // A window that is declared to be a minute is over after ten seconds here.
    app.host.travel(Duration::from_secs(10)).unwrap();
    let record = eventually("the file is told of", || async {
        app.host.invocations().into_iter().find(|record| record.function == "Captured")
    });
    let record = record.await;
    assert_eq!((record.trigger, record.status), ("eventGrid", Some(200)));
}

#[tokio::test]
async fn a_container_that_no_app_owns_stops_the_start_and_is_named_with_its_hub() {
    let refused = chained(&captured("nowhere")).try_start().await;
    let Err(StartError::Resources(error)) = refused else { panic!("it has started") };
    let text = error.to_string();
    for part in ["of app", "fact", "nowhere", "owns.blobContainers"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn a_hub_is_not_captured_as_long_as_the_owner_of_the_container_does_not_run() {
    let capture = json!({ "container": "lake" });
    let owns = json!({ "eventHubs": [{ "name": "fact", "partitions": 2, "capture": capture }] });
    let of_lake = json!({ "owns": { "blobContainers": [{ "name": "lake" }] } });
    let workspace = TestApp::empty()
        .file("functions/shop/app.json", &json!({ "owns": owns }).to_string())
        .file("functions/shop/order/function.json", &http("o", &["get"]).to_string())
        .file("functions/lake/app.json", &of_lake.to_string())
        .file("functions/lake/src/functions/read/function.json", &http("x", &["get"]).to_string())
        .written();
    let shop = workspace.path().join("functions/shop");
    std::fs::copy(workspace.path().join("host.json"), shop.join("host.json")).unwrap();
    let apps = vec![AppSource::new("shop", shop, Executable::HostJson)];
    let host = start(Options { apps, ..Options::for_tests() }).await.unwrap();
    let url = format!("{}$local/eventhubs/fact", host.event_hubs_url());
    let told = client().get(url).send().await.unwrap().text().await.unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["name"], &told["capture"]), (&json!("fact"), &json!(null)));
}

#[tokio::test]
async fn a_hub_that_nobody_declares_fails_the_invocation_that_writes_to_it() {
    let app = chained("{}").start().await;
    assert_eq!(app.post("/facts", "").await.status(), 500);
}

#[tokio::test]
async fn a_group_of_a_hub_that_is_not_there_stops_the_start_and_is_named() {
    let owns = r#"{"owns": {"consumerGroups": [{"name": "readers", "eventHub": "fact"}]}}"#;
    let refused = chained(owns).try_start().await;
    let Err(StartError::Resources(error)) = refused else { panic!("it has started") };
    let text = error.to_string();
    assert!(text.contains("readers") && text.contains("fact"), "{text}");
}
