//! Every key of `function.json` with its default, and what the host refuses at load.

use std::time::Duration;

use function_json::*;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn parse(bindings: Value) -> Result<FunctionJson, FunctionJsonError> {
    FunctionJson::parse(&json!({ "bindings": bindings }).to_string())
}

fn trigger(binding: Value) -> Trigger {
    parse(json!([binding])).expect("a function that loads").trigger
}

/// The key that the error names.
fn refused(bindings: Value) -> String {
    match parse(bindings.clone()) {
        Err(FunctionJsonError::Key { key, problem, remedy }) => {
            assert!(!problem.is_empty() && !remedy.is_empty());
            key
        }
        other => panic!("{bindings} gave {other:?}"),
    }
}

const QUEUE: &str = r#"{ "type": "queueTrigger", "name": "m", "queueName": "q" }"#;

fn queue_trigger() -> Value {
    serde_json::from_str(QUEUE).expect("valid JSON")
}

#[test]
fn an_http_trigger_defaults_to_every_method_a_function_key_and_the_folder_as_route() {
    let name = FunctionName::parse("profile").unwrap();
    let text = r#"{ "bindings": [ { "type": "httpTrigger", "name": "request" } ] }"#;
    let Trigger::Http(http) = FunctionJson::parse_named(&name, text).unwrap().trigger else {
        panic!()
    };
    assert_eq!(
        (http.route.as_str(), http.methods, http.auth_level),
        ("profile", None, AuthLevel::Function)
    );
    assert!(http.route.matches("/Profile").is_some());
    let Trigger::Http(unnamed) = FunctionJson::parse(text).unwrap().trigger else { panic!() };
    assert_eq!(unnamed.route.as_str(), "");
}

#[test]
fn an_http_trigger_says_route_methods_and_level() {
    let Trigger::Http(http) =
        trigger(json!({ "type": "httpTrigger", "name": "request", "direction": "in",
        "authLevel": "Anonymous", "methods": ["get", "PUT", "Get"], "route": "v1/profiles/{id}" }))
    else {
        panic!()
    };
    assert_eq!(http.route.as_str(), "v1/profiles/{id}");
    assert_eq!(http.methods.unwrap(), ["GET", "PUT"]);
    assert_eq!(http.auth_level, AuthLevel::Anonymous);
}

#[test]
fn a_wrong_method_level_or_route_is_refused() {
    let http =
        |key: &str, value: Value| json!([{ "type": "httpTrigger", "name": "r", key: value }]);
    assert_eq!(refused(http("methods", json!([]))), "bindings[0].methods");
    assert_eq!(refused(http("methods", json!("get"))), "bindings[0].methods");
    assert_eq!(refused(http("methods", json!(["g t"]))), "bindings[0].methods");
    assert_eq!(refused(http("authLevel", json!("nobody"))), "bindings[0].authLevel");
    assert_eq!(refused(http("route", json!("/v1"))), "bindings[0].route");
    assert_eq!(refused(http("route", json!(7))), "bindings[0].route");
}

#[test]
fn a_queue_name_is_lower_cased_and_the_connection_is_the_hosts_storage() {
    assert_eq!(
        trigger(json!({ "type": "queueTrigger", "name": "m", "queueName": "Photo-Decisions" })),
        Trigger::Queue(QueueTrigger {
            queue_name: "photo-decisions".into(),
            connection: "AzureWebJobsStorage".into(),
            data_type: None
        })
    );
    assert_eq!(
        trigger(
            json!({ "type": "queueTrigger", "name": "m", "queueName": "q", "connection": "Other", "dataType": "binary" })
        ),
        Trigger::Queue(QueueTrigger {
            queue_name: "q".into(),
            connection: "Other".into(),
            data_type: Some(DataType::Binary)
        })
    );
    assert_eq!(refused(json!([{ "type": "queueTrigger", "name": "m" }])), "bindings[0].queueName");
}

#[test]
fn a_change_feed_trigger_has_the_extensions_defaults() {
    let Trigger::CosmosDb(feed) = trigger(
        json!({ "type": "cosmosDBTrigger", "name": "d", "databaseName": "shop", "containerName": "profiles" }),
    ) else {
        panic!()
    };
    assert_eq!(
        feed,
        CosmosDbTrigger {
            connection: "CosmosDB".into(),
            database_name: "shop".into(),
            container_name: "profiles".into(),
            lease_connection: "CosmosDB".into(),
            lease_database_name: "shop".into(),
            lease_container_name: "leases".into(),
            create_lease_container_if_not_exists: false,
            leases_container_throughput: None,
            lease_container_prefix: String::new(),
            feed_poll_delay: Duration::from_millis(5000),
            lease_acquire_interval: Duration::from_millis(13_000),
            lease_expiration_interval: Duration::from_millis(60_000),
            lease_renew_interval: Duration::from_millis(17_000),
            max_items_per_invocation: None,
            start_from_beginning: false,
            start_from_time: None,
            preferred_locations: vec![],
        }
    );
}

#[test]
fn a_change_feed_trigger_takes_every_key() {
    let Trigger::CosmosDb(feed) = trigger(
        json!({ "type": "cosmosDBTrigger", "name": "d", "connection": "C",
        "databaseName": "shop", "containerName": "profiles", "leaseConnection": "L", "leaseDatabaseName": "ld",
        "leaseContainerName": "lc", "createLeaseContainerIfNotExists": true, "leasesContainerThroughput": 400,
        "leaseContainerPrefix": "p", "feedPollDelay": 250, "leaseAcquireInterval": 1, "leaseExpirationInterval": 2,
        "leaseRenewInterval": 3, "maxItemsPerInvocation": 10, "startFromTime": "2026-01-02T03:04:05Z",
        "preferredLocations": "North Europe, West Europe" }),
    ) else {
        panic!()
    };
    assert_eq!((feed.lease_connection.as_str(), feed.lease_database_name.as_str()), ("L", "ld"));
    assert_eq!(
        (feed.feed_poll_delay, feed.max_items_per_invocation),
        (Duration::from_millis(250), Some(10))
    );
    assert_eq!(feed.preferred_locations, ["North Europe", "West Europe"]);
    assert_eq!(feed.start_from_time.as_deref(), Some("2026-01-02T03:04:05Z"));
    assert!(feed.create_lease_container_if_not_exists);
}

#[test]
fn a_change_feed_starts_at_the_beginning_or_at_a_time_but_not_both() {
    let both = json!([{ "type": "cosmosDBTrigger", "name": "d", "databaseName": "i", "containerName": "p",
        "startFromBeginning": true, "startFromTime": "2026-01-02T03:04:05Z" }]);
    assert_eq!(refused(both), "bindings[0].startFromTime");
    let zero = json!([{ "type": "cosmosDBTrigger", "name": "d", "databaseName": "i", "containerName": "p",
        "maxItemsPerInvocation": 0 }]);
    assert_eq!(refused(zero), "bindings[0].maxItemsPerInvocation");
}

#[test]
fn event_grid_event_hub_timer_and_blob_triggers_have_their_defaults() {
    assert_eq!(
        trigger(json!({ "type": "eventGridTrigger", "name": "e" })),
        Trigger::EventGrid(EventGridTrigger { cardinality: Cardinality::One })
    );
    assert_eq!(
        trigger(
            json!({ "type": "eventHubTrigger", "name": "e", "eventHubName": "h", "connection": "C" })
        ),
        Trigger::EventHub(EventHubTrigger {
            event_hub_name: "h".into(),
            connection: "C".into(),
            consumer_group: "$Default".into(),
            cardinality: Cardinality::One,
            data_type: None
        })
    );
    assert_eq!(
        trigger(json!({ "type": "timerTrigger", "name": "t", "schedule": "0 */5 * * * *" })),
        Trigger::Timer(TimerTrigger {
            schedule: "0 */5 * * * *".into(),
            run_on_startup: false,
            use_monitor: true
        })
    );
    assert_eq!(
        trigger(
            json!({ "type": "blobTrigger", "name": "b", "path": "in/{name}", "source": "EventGrid" })
        ),
        Trigger::Blob(BlobTrigger {
            path: "in/{name}".into(),
            connection: "AzureWebJobsStorage".into(),
            source: BlobSource::EventGrid,
            data_type: None
        })
    );
    assert_eq!(refused(json!([{ "type": "timerTrigger", "name": "t" }])), "bindings[0].schedule");
    assert_eq!(
        refused(json!([{ "type": "eventHubTrigger", "name": "e", "eventHubName": "h" }])),
        "bindings[0].connection"
    );
    assert_eq!(
        refused(json!([{ "type": "eventGridTrigger", "name": "e", "cardinality": "few" }])),
        "bindings[0].cardinality"
    );
}

#[test]
fn outputs_and_inputs_are_sorted_by_direction() {
    let function = parse(json!([
        queue_trigger(),
        { "type": "http", "direction": "out", "name": "$return" },
        { "type": "queue", "direction": "out", "name": "out", "queueName": "OUT", "dataType": "binary" },
        { "type": "cosmosDB", "direction": "OUT", "name": "doc", "databaseName": "i", "containerName": "p" },
        { "type": "blob", "direction": "out", "name": "file", "path": "c/{rand-guid}" },
        { "type": "eventHub", "direction": "out", "name": "hub", "eventHubName": "h", "connection": "C" },
        { "type": "eventGrid", "direction": "out", "name": "grid", "connection": "G" },
        { "type": "signalR", "direction": "out", "name": "live", "hubName": "h" },
        { "type": "cosmosDB", "direction": "in", "name": "one", "databaseName": "i", "containerName": "p", "id": "{id}" },
        { "type": "blob", "name": "template", "path": "templates/a.txt" },
    ]))
    .unwrap();
    let outputs: Vec<&str> = function.outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(outputs, ["$return", "out", "doc", "file", "hub", "grid", "live"]);
    assert_eq!(
        function.outputs[1],
        OutputBinding {
            name: "out".into(),
            data_type: Some(DataType::Binary),
            kind: Output::Queue {
                queue_name: "out".into(),
                connection: "AzureWebJobsStorage".into()
            }
        }
    );
    assert_eq!(function.outputs[6].kind, Output::Other("signalR".into()));
    assert_eq!(function.inputs.len(), 2);
    assert_eq!(
        function.inputs[1].kind,
        Input::Blob { path: "templates/a.txt".into(), connection: "AzureWebJobsStorage".into() }
    );
}

#[test]
fn only_one_http_trigger_and_one_http_output_make_plain_http() {
    let http = json!({ "type": "httpTrigger", "name": "request" });
    let reply = json!({ "type": "http", "direction": "out", "name": "response" });
    let queue = json!({ "type": "queue", "direction": "out", "name": "out", "queueName": "q" });
    let document = json!({ "type": "blob", "direction": "in", "name": "file", "path": "c/f" });
    assert!(parse(json!([http, reply])).unwrap().is_http_in_out());
    assert!(!parse(json!([http])).unwrap().is_http_in_out());
    assert!(!parse(json!([http, queue])).unwrap().is_http_in_out());
    assert!(!parse(json!([http, reply, queue])).unwrap().is_http_in_out());
    assert!(!parse(json!([http, reply, document])).unwrap().is_http_in_out());
    assert!(!parse(json!([queue_trigger(), reply])).unwrap().is_http_in_out());
}

#[test]
fn a_function_has_exactly_one_trigger() {
    assert_eq!(refused(json!([])), "bindings");
    assert_eq!(refused(json!([{ "type": "http", "direction": "out", "name": "r" }])), "bindings");
    let second = json!({ "type": "TIMERTRIGGER", "name": "t", "schedule": "0 * * * * *" });
    assert_eq!(refused(json!([queue_trigger(), second])), "bindings[1].type");
    let outwards =
        json!([{ "type": "queueTrigger", "direction": "out", "name": "m", "queueName": "q" }]);
    assert_eq!(refused(outwards), "bindings[0].direction");
}

#[test]
fn binding_names_are_unique_in_any_case_and_plain() {
    let twice = json!([queue_trigger(), { "type": "blob", "direction": "out", "name": "M", "path": "c/f" }]);
    assert_eq!(refused(twice), "bindings[1].name");
    for name in ["", "1a", "a_b", "a-b", "$other", "$return"] {
        let named = json!([{ "type": "queueTrigger", "name": name, "queueName": "q" }]);
        assert_eq!(refused(named), "bindings[0].name", "{name}");
    }
    assert_eq!(refused(json!([{ "type": "queueTrigger", "queueName": "q" }])), "bindings[0].name");
}

#[test]
fn a_binding_type_outside_the_bundle_is_refused() {
    assert_eq!(refused(json!([{ "type": "faxTrigger", "name": "f" }])), "bindings[0].type");
    assert_eq!(
        refused(json!([queue_trigger(), { "type": "fax", "direction": "out", "name": "f" }])),
        "bindings[1].type"
    );
    assert_eq!(
        refused(json!([queue_trigger(), { "type": "fax", "direction": "in", "name": "f" }])),
        "bindings[1].type"
    );
    assert_eq!(refused(json!([{ "name": "f" }])), "bindings[0].type");
}

#[test]
fn an_output_only_binding_cannot_be_an_input_and_inout_is_refused() {
    assert_eq!(
        refused(json!([queue_trigger(), { "type": "http", "name": "r" }])),
        "bindings[1].direction"
    );
    let queue = json!({ "type": "queue", "direction": "in", "name": "x", "queueName": "q" });
    assert_eq!(refused(json!([queue_trigger(), queue])), "bindings[1].direction");
    let both = json!({ "type": "blob", "direction": "inout", "name": "x", "path": "c/f" });
    assert_eq!(refused(json!([queue_trigger(), both])), "bindings[1].direction");
}

#[test]
fn disabled_and_retry_are_read_and_unknown_keys_ignored() {
    let text = format!(
        r#"{{ "$schema": "x", "scriptFile": "", "disabled": true,
             "retry": {{ "strategy": "fixedDelay", "maxRetryCount": -1, "delayInterval": "00:00:05" }},
             "bindings": [ {QUEUE} ] }}"#
    );
    let function = FunctionJson::parse(&format!("\u{feff}{text}")).unwrap();
    assert!(function.disabled);
    assert_eq!(
        function.retry,
        Some(RetryPolicy::FixedDelay { max_retry_count: -1, delay: Duration::from_secs(5) })
    );
    let plain = parse(json!([queue_trigger()])).unwrap();
    assert_eq!((plain.disabled, plain.retry), (false, None));
    let setting = format!(r#"{{ "disabled": "SETTING", "bindings": [ {QUEUE} ] }}"#);
    assert!(
        matches!(FunctionJson::parse(&setting), Err(FunctionJsonError::Key { key, .. }) if key == "disabled")
    );
}

#[test]
fn keys_are_found_in_any_case() {
    assert_eq!(
        trigger(json!({ "Type": "QueueTrigger", "Name": "m", "QUEUENAME": "q" })),
        trigger(queue_trigger())
    );
}

#[test]
fn broken_json_names_the_line() {
    let error = FunctionJson::parse("{\n  \"bindings\": [,]\n}").unwrap_err();
    assert!(matches!(error, FunctionJsonError::Syntax { line: 2, column: 16, .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "reading function.json: line 2, column 16: expected value; correct the JSON there"
    );
    assert!(FunctionJson::parse("[]").is_err());
}

#[test]
fn an_error_reads_as_key_problem_and_remedy() {
    let error = parse(json!([{ "type": "queueTrigger", "name": "m" }])).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"reading function.json: `bindings[0].queueName` is missing; add "queueName": "orders""#
    );
}
