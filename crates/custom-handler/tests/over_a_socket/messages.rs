//! Message functions: the three ways to end, and values as each binding sends them.

use custom_handler::{
    ChangeFeed, Done, EventSchema, Failure, GridEvent, GridEvents, Handler, HubEvents, Invocation,
    Payload, QueueMessage, Settings,
};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{App, Running, function, keep};

async fn on_queue(app: &App, message: QueueMessage, context: Invocation) -> Result<Done, Failure> {
    if message.text() == Some("panic") {
        panic!("as told");
    }
    app.note(message.body, context)
}

fn queue_bindings(data_type: Option<&str>) -> Value {
    json!([{ "type": "queueTrigger", "name": "msg", "queueName": "q", "dataType": data_type }])
}

async fn queue(app: &'static App, data_type: Option<&str>) -> Running {
    let handler = Handler::new(app).queue(function("OnQueue", queue_bindings(data_type)), on_queue);
    Running::start(handler.on_give_up(keep)).await
}

/// An envelope as the host writes it: a value that is no object is text inside a string.
fn wrapped(name: &str, value: &Value) -> String {
    json!({ "Data": { name: value.to_string() }, "Metadata": { "sys": {} } }).to_string()
}

#[tokio::test]
async fn done_is_a_reply_that_is_neither_empty_nor_null() {
    let running = queue(App::default().leak(), None).await;
    let reply = running.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    assert_eq!(reply.json(), json!({ "Outputs": {}, "Logs": [], "ReturnValue": null }));
}

#[tokio::test]
async fn again_is_a_500_and_nothing_is_kept() {
    let app = App { outcome: Some(Failure::again("Cosmos DB said 429")), ..App::default() }.leak();
    let reply = queue(app, None).await.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await;
    assert_eq!((reply.status, reply.header("content-type")), (500, "application/json"));
    assert_eq!(reply.json()["instance"], "urn:uuid:6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11");
    assert!(!String::from_utf8_lossy(&reply.body).contains("429"));
    assert!(app.kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn given_up_is_dealt_with_once_the_message_is_kept_with_its_reason() {
    let app = App { outcome: Some(Failure::give_up("no such profile")), ..App::default() }.leak();
    let reply = queue(app, None).await.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["Logs"], json!(["given up: no such profile"]));
    let kept = app.kept.lock().unwrap();
    assert_eq!(
        (kept.len(), kept[0].function, kept[0].reason.as_str()),
        (1, "OnQueue", "no such profile")
    );
    assert_eq!(kept[0].payload, Payload::Text("hello".to_owned()));
    assert_eq!(kept[0].invocation_id, "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11");
    assert_eq!((kept[0].trace_id.len(), kept[0].metadata.values().len()), (32, 1));
}

#[tokio::test]
async fn given_up_says_which_of_several_queues_it_came_from() {
    let app = App { outcome: Some(Failure::give_up("no")), ..App::default() }.leak();
    let bindings = json!([{ "type": "queueTrigger", "name": "msg", "queueName": "Q-%REGION%" }]);
    let handler = || Handler::new(app).queue(function("OnQueue", bindings.clone()), on_queue);
    let north = Settings::from_map([("REGION", "north")]);
    let running = Running::start(handler().on_give_up(keep).with_settings(&north)).await;
    assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await.status, 200);
    assert_eq!(app.kept.lock().unwrap()[0].queue.as_deref(), Some("q-north"));
    let nowhere = Settings::from_map([("OTHER", "x")]);
    let refused = handler().on_give_up(keep).with_settings(&nowhere).build();
    let error = refused.err().unwrap().to_string();
    assert!(
        error.contains("OnQueue: queueName is \"Q-%REGION%\", but there is no setting REGION"),
        "{error}"
    );
}

#[tokio::test]
async fn given_up_but_not_kept_is_tried_again() {
    let app =
        App { outcome: Some(Failure::give_up("no")), keeping_fails: true, ..App::default() }.leak();
    let reply = queue(app, None).await.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await;
    assert_eq!(reply.status, 500);
}

#[tokio::test]
async fn a_keeper_that_panics_is_one_that_failed() {
    async fn panics(_: &App, _: custom_handler::GivenUp) -> Result<(), String> {
        panic!("as told")
    }
    let app = App { outcome: Some(Failure::give_up("no")), ..App::default() }.leak();
    let handler = Handler::new(app)
        .queue(function("OnQueue", queue_bindings(None)), on_queue)
        .on_give_up(panics);
    let running = Running::start(handler).await;
    assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await.status, 500);
}

#[tokio::test]
async fn a_panic_fails_its_invocation_and_the_handler_lives_on() {
    let app = App::default().leak();
    let running = queue(app, None).await;
    assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!("panic"))).await.status, 500);
    assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!("hello"))).await.status, 200);
    assert_eq!(app.seen(), [r#"Text("hello")"#]);
}

#[tokio::test]
async fn a_text_is_taken_for_what_the_binding_says_and_never_guessed() {
    let app = App::default().leak();
    let running = queue(app, None).await;
    for text in ["aGk=", "7", "null", "true", "\"quoted\"", "[1,2]", "", "ünï\n"] {
        assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!(text))).await.status, 200);
        assert_eq!(app.seen().last().unwrap(), &format!("Text({text:?})"));
    }
}

#[tokio::test]
async fn a_binary_message_is_bare_base64() {
    let app = App::default().leak();
    let running = queue(app, Some("binary")).await;
    assert_eq!(
        running.invoke("OnQueue", r#"{"Data":{"msg":"AP8="},"Metadata":{}}"#).await.status,
        200
    );
    assert_eq!(app.seen(), [r#"Bytes(b"\0\xff")"#]);
    assert_eq!(
        running.invoke("OnQueue", r#"{"Data":{"msg":"not base64"},"Metadata":{}}"#).await.status,
        500
    );
}

#[tokio::test]
async fn what_is_not_the_hosts_envelope_fails_without_reaching_the_function() {
    let app = App::default().leak();
    let running = queue(app, None).await;
    for body in [
        "null",
        "{}",
        "[]",
        "{\"Data\":{}}",
        r#"{"Data":{"other":"\"x\""}}"#,
        r#"{"Data":{"msg":7}}"#,
        r#"{"Data":{"msg":"plain"}}"#,
    ] {
        assert_eq!(running.invoke("OnQueue", body).await.status, 500, "{body}");
    }
    assert_eq!(app.seen(), [""; 0]);
}

#[tokio::test]
async fn a_document_that_does_not_fit_does_not_sink_the_others() {
    #[derive(Debug, Deserialize)]
    struct Profile {
        id: String,
        revision: u64,
    }
    async fn on_docs(app: &App, feed: ChangeFeed, context: Invocation) -> Result<Done, Failure> {
        let (profiles, rejected) = feed.parse::<Profile>();
        let good: Vec<String> =
            profiles.iter().map(|profile| format!("{} {}", profile.id, profile.revision)).collect();
        let bad: Vec<String> =
            rejected.iter().map(|bad| format!("{:?} {}", bad.id(), bad.problem)).collect();
        app.note((good, bad), context)
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "cosmosDBTrigger", "name": "docs", "databaseName": "d", "containerName": "c" }]);
    let running = Running::start(
        Handler::new(app).cosmos_db(function("OnDocs", bindings), on_docs).on_give_up(keep),
    )
    .await;
    let documents = json!([{ "id": "1", "revision": 7 }, { "id": "2", "revision": "x" }, { "id": "3", "revision": 9 }]);
    let reply = running.invoke("OnDocs", &wrapped("docs", &json!(documents.to_string()))).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        app.seen(),
        [r#"(["1 7", "3 9"], ["Some(\"2\") revision: invalid type, expected u64"])"#]
    );
    let no_array = running.invoke("OnDocs", &wrapped("docs", &json!("{}"))).await;
    assert_eq!(no_array.status, 500);
}

#[tokio::test]
async fn cloud_events_are_read_by_their_own_names_and_carry_their_trace() {
    async fn on_event(
        app: &App,
        event: GridEvent,
        mut context: Invocation,
    ) -> Result<Done, Failure> {
        if let Some(traceparent) = event.traceparent() {
            context.continue_trace(traceparent, None);
        }
        assert_eq!(event.schema, EventSchema::CloudEvents);
        let trace = context.trace().trace_id();
        app.note((event.id, event.source, event.event_type, event.time, event.data, trace), context)
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventGridTrigger", "name": "event" }]);
    let running = Running::start(
        Handler::new(app).event_grid(function("OnEvent", bindings), on_event).on_give_up(keep),
    )
    .await;
    let event = json!({ "specversion": "1.0", "id": "e1", "source": "/photos", "type": "photo.decided", "time": "2026-01-02T03:04:05Z",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
    let reply = running.invoke("OnEvent", &json!({ "Data": { "event": event } }).to_string()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        app.seen(),
        [
            r#"("e1", "/photos", "photo.decided", Some(2026-01-02T03:04:05Z), Null, "0af7651916cd43dd8448eb211c80319c")"#
        ]
    );
    let nameless = running.invoke("OnEvent", r#"{"Data":{"event":{"id":"e1"}}}"#).await;
    assert_eq!(nameless.status, 500);
}

#[tokio::test]
async fn events_come_in_batches_where_function_json_says_many() {
    async fn on_events(
        app: &App,
        events: GridEvents,
        context: Invocation,
    ) -> Result<Done, Failure> {
        app.note(events.events.into_iter().map(|event| event.id).collect::<Vec<_>>(), context)
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventGridTrigger", "name": "events", "cardinality": "many" }]);
    let handler = Handler::new(app).event_grid_batch(function("OnEvents", bindings), on_events);
    let running = Running::start(handler.on_give_up(keep)).await;
    let events = json!([{ "id": "1", "eventType": "t" }, { "id": "2", "eventType": "t" }]);
    assert_eq!(running.invoke("OnEvents", &wrapped("events", &events)).await.status, 200);
    assert_eq!(app.seen(), [r#"["1", "2"]"#]);
}

async fn on_hub_events(app: &App, batch: HubEvents, context: Invocation) -> Result<Done, Failure> {
    app.note(batch.events.into_iter().map(|event| event.body).collect::<Vec<_>>(), context)
}

#[tokio::test]
async fn a_binary_batch_of_a_hub_is_decoded_event_by_event() {
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventHubTrigger", "name": "es", "eventHubName": "h", "connection": "C", "cardinality": "many",
        "dataType": "binary" }]);
    let handler = Handler::new(app).event_hub_batch(function("OnEvents", bindings), on_hub_events);
    let running = Running::start(handler.on_give_up(keep)).await;
    assert_eq!(
        running.invoke("OnEvents", &wrapped("es", &json!(["AP8=", "aGk="]))).await.status,
        200
    );
    assert_eq!(app.seen(), [r#"[Bytes(b"\0\xff"), Bytes(b"hi")]"#]);
    assert_eq!(running.invoke("OnEvents", &wrapped("es", &json!(["no!"]))).await.status, 500);
}

#[tokio::test]
async fn arrays_that_do_not_line_up_with_their_batch_fail_it() {
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventHubTrigger", "name": "es", "eventHubName": "h", "connection": "C", "cardinality": "many" }]);
    let handler = Handler::new(app).event_hub_batch(function("OnEvents", bindings), on_hub_events);
    let running = Running::start(handler.on_give_up(keep)).await;
    let envelope =
        json!({ "Data": { "es": "[1,2]" }, "Metadata": { "SequenceNumberArray": "[42]" } })
            .to_string();
    assert_eq!(running.invoke("OnEvents", &envelope).await.status, 500);
    assert_eq!(app.seen(), [""; 0]);
}

#[tokio::test]
async fn a_message_of_another_shape_is_given_up_with_the_place() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Decision {
        photo: Photo,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Photo {
        id: u32,
    }
    async fn on_decision(
        app: &App,
        message: QueueMessage,
        context: Invocation,
    ) -> Result<Done, Failure> {
        let decision: Decision = message.json()?;
        app.note(decision, context)
    }
    let app = App::default().leak();
    let handler = Handler::new(app)
        .queue(function("OnQueue", queue_bindings(None)), on_decision)
        .on_give_up(keep);
    let running = Running::start(handler).await;
    for text in [r#"{"photo":{"id":"x"}}"#, "not json"] {
        assert_eq!(running.invoke("OnQueue", &wrapped("msg", &json!(text))).await.status, 200);
    }
    let kept = app.kept.lock().unwrap();
    assert!(kept[0].reason.contains("photo.id: invalid type, expected u32"), "{}", kept[0].reason);
    assert!(kept[1].reason.contains("line 1 column"), "{}", kept[1].reason);
}

/// Values as strange as JSON allows, some of them strings that hold JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("\"text\"")),
        Just(json!("[1,2]")),
        Just(json!("\"[{}]\"")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name =
            prop_oneof![Just("msg"), Just("Id"), Just("RetryContext"), Just("sys"), Just("x")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    /// An empty or null reply would leave the invocation hanging until the host kills the handler.
    #[test]
    fn whatever_comes_the_reply_is_an_object_with_a_json_type(data in any_json(), metadata in any_json()) {
        let handler = Handler::new(App::default().leak()).queue(function("OnQueue", queue_bindings(None)), on_queue);
        let server = handler.on_give_up(keep).build().unwrap();
        let body = json!({ "Data": { "msg": data }, "Metadata": metadata }).to_string();
        let request = http::Request::post("/OnQueue").body(custom_handler::Bytes::from(body)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let reply = runtime.block_on(server.answer(request));
        prop_assert!([200, 500].contains(&reply.status().as_u16()));
        prop_assert_eq!(&reply.headers()["content-type"], "application/json");
        prop_assert!(serde_json::from_slice::<Value>(reply.body()).unwrap().is_object());
    }
}
