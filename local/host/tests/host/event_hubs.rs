//! Event hubs that an app declares: written by one function, read by another, with a real handler.

use local_data::Position;
use local_host::StartError;
use serde_json::json;

use crate::support::{Running, TestApp, eventually, http};

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
