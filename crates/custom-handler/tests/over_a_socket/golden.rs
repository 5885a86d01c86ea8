//! Golden requests of the real host, replayed byte by byte, and the replies it takes.

use custom_handler::{
    BlobContent, ChangeFeed, Failure, GridEvent, Handler, HubEvent, HubEvents, Outputs, Payload,
    QueueMessage, RetryContext, TimerTick,
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{App, Running, chunked, function, keep, with_length};

const SYS: &str = r#""sys":{"MethodName":"F","UtcNow":"2026-01-02T03:04:05.6789012Z","RandGuid":"24ad4c06-24ad-4e5b-8294-3da9714877e9"}"#;

fn queue_function() -> custom_handler::Function {
    function(
        "OnQueue",
        json!([
            { "type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "q" },
            { "type": "queue", "direction": "out", "name": "out", "queueName": "o" }
        ]),
    )
}

fn plain_message() -> String {
    format!(
        r#"{{"Data":{{"msg":"\"hello\""}},"Metadata":{{"DequeueCount":"1","ExpirationTime":"2026-01-09T03:04:05+00:00","Id":"\"800ae4b3-bdd2-4c08-badd-f08e5a34b865\"","InsertionTime":"2026-01-02T03:04:05+00:00","NextVisibleTime":"2026-01-02T03:14:05+00:00","PopReceipt":"\"AgAAAAMAAAAAAAAAAgtnj8x+1QE=\"",{SYS}}}}}"#
    )
}

async fn on_queue(
    app: &App,
    message: QueueMessage,
    context: custom_handler::Invocation,
) -> Result<custom_handler::Done, Failure> {
    app.note(message, context)
}

async fn queue(app: &'static App) -> Running {
    Running::start(Handler::new(app).queue(queue_function(), on_queue).on_give_up(keep)).await
}

#[tokio::test]
async fn the_readiness_ping_is_answered_at_once() {
    let running = queue(App::default().leak()).await;
    let reply = running.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:40123\r\n\r\n").await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"".as_slice()));
}

#[tokio::test]
async fn a_text_message_arrives_as_it_was_sent_and_two_go_out_verbatim() {
    let outputs = Outputs::new().messages("out", ["test", "two"]);
    let app = App { outputs, log: Some("processed hello"), ..App::default() }.leak();
    let running = queue(app).await;
    for request in [chunked("OnQueue", &plain_message()), with_length("OnQueue", &plain_message())]
    {
        let reply = running.send(request).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
        assert_eq!(
            reply.json(),
            json!({ "Outputs": { "out": ["test", "two"] }, "Logs": ["processed hello"], "ReturnValue": null })
        );
    }
    let expected = QueueMessage {
        body: Payload::Text("hello".to_owned()),
        id: Some("800ae4b3-bdd2-4c08-badd-f08e5a34b865".to_owned()),
        dequeue_count: Some(1),
        pop_receipt: Some("AgAAAAMAAAAAAAAAAgtnj8x+1QE=".to_owned()),
        insertion_time: "2026-01-02T03:04:05Z".parse().ok(),
        expiration_time: "2026-01-09T03:04:05Z".parse().ok(),
        next_visible_time: "2026-01-02T03:14:05Z".parse().ok(),
    };
    assert_eq!(app.seen(), [format!("{expected:?}"), format!("{expected:?}")]);
    let context = app.contexts.lock().unwrap()[0].clone();
    assert_eq!(context.id(), "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11");
    assert_eq!(context.metadata().system().unwrap().method_name, "F");
    assert_eq!(context.retry(), None);
}

#[tokio::test]
async fn json_in_a_message_is_text_and_hides_the_hosts_metadata() {
    let app = App { outputs: Outputs::new().message("out", "12345678"), ..App::default() }.leak();
    let running = queue(app).await;
    let envelope = format!(
        r#"{{"Data":{{"msg":"\"{{\\\"id\\\":7,\\\"Id\\\":\\\"mine\\\",\\\"tags\\\":[\\\"a\\\"],\\\"at\\\":{{\\\"x\\\":1}}}}\""}},"Metadata":{{"DequeueCount":"1","ExpirationTime":"2026-01-09T03:04:05+00:00","Id":"\"mine\"","InsertionTime":"2026-01-02T03:04:05+00:00","NextVisibleTime":"2026-01-02T03:14:05+00:00","PopReceipt":"\"AgAAAAMAAAAAAAAAAgtnj8x+1QE=\"",{SYS},"at":{{"x":1}}}}}}"#
    );
    let reply = running.invoke("OnQueue", &envelope).await;
    // Exactly the bytes `12345678`, which the host would otherwise take for base64.
    assert_eq!(reply.json()["Outputs"], json!({ "out": "MTIzNDU2Nzg=" }));
    let seen = &app.seen()[0];
    assert!(
        seen.contains(r#"Text("{\"id\":7,\"Id\":\"mine\",\"tags\":[\"a\"],\"at\":{\"x\":1}}")"#),
        "{seen}"
    );
    assert!(seen.contains(r#"id: Some("mine")"#), "{seen}");
    let context = app.contexts.lock().unwrap()[0].clone();
    assert_eq!(context.metadata().json("At"), Some(json!({ "x": 1 })));
}

#[tokio::test]
async fn a_change_feed_is_unwrapped_through_three_layers() {
    async fn on_docs(
        app: &App,
        feed: ChangeFeed,
        context: custom_handler::Invocation,
    ) -> Result<custom_handler::Done, Failure> {
        let (parsed, rejected) = feed.parse::<Value>();
        assert!(rejected.is_empty());
        app.note(serde_json::to_string(&parsed).unwrap(), context)
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "cosmosDBTrigger", "name": "docs", "databaseName": "d", "containerName": "c" }]);
    let running = Running::start(
        Handler::new(app).cosmos_db(function("OnDocs", bindings), on_docs).on_give_up(keep),
    )
    .await;
    let envelope = format!(
        r#"{{"Data":{{"docs":"\"[{{\\\"id\\\":\\\"1\\\",\\\"pk\\\":\\\"a\\\",\\\"_rid\\\":\\\"r1\\\",\\\"_self\\\":\\\"s\\\",\\\"_etag\\\":\\\"\\\\\\\"e1\\\\\\\"\\\",\\\"_attachments\\\":\\\"attachments/\\\",\\\"_ts\\\":1767322800,\\\"_lsn\\\":12}}]\""}},"Metadata":{{{SYS}}}}}"#
    );
    let reply = running.invoke("OnDocs", &envelope).await;
    assert_eq!(reply.json(), json!({ "Outputs": {}, "Logs": [], "ReturnValue": null }));
    let expected = json!([{ "id": "1", "pk": "a", "_rid": "r1", "_self": "s", "_etag": "\"e1\"",
        "_attachments": "attachments/", "_ts": 1_767_322_800, "_lsn": 12 }]);
    let documents: String = serde_json::from_str(&app.seen()[0]).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&documents).unwrap(), expected);
}

#[tokio::test]
async fn documents_go_out_as_objects_and_not_as_base64() {
    let outputs = Outputs::new()
        .documents("doc", [json!({ "id": "1", "pk": "a" }), json!({ "id": "2", "pk": "a" })]);
    let app = App { outputs, ..App::default() }.leak();
    let bindings = json!([
        { "type": "queueTrigger", "name": "msg", "queueName": "q" },
        { "type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "d", "containerName": "c" }
    ]);
    let running = Running::start(
        Handler::new(app).queue(function("OnQueue", bindings), on_queue).on_give_up(keep),
    )
    .await;
    let reply = running.invoke("OnQueue", &plain_message()).await;
    assert_eq!(
        reply.json()["Outputs"],
        json!({ "doc": [{ "id": "1", "pk": "a" }, { "id": "2", "pk": "a" }] })
    );
}

#[tokio::test]
async fn an_event_is_an_object_and_may_also_be_quoted() {
    async fn on_event(
        app: &App,
        event: GridEvent,
        context: custom_handler::Invocation,
    ) -> Result<custom_handler::Done, Failure> {
        let data: Value = event.data()?;
        app.note(
            (event.schema, event.id, event.event_type, event.subject, data["url"].clone()),
            context,
        )
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventGridTrigger", "name": "event" }]);
    let running = Running::start(
        Handler::new(app).event_grid(function("OnEvent", bindings), on_event).on_give_up(keep),
    )
    .await;
    let event = r#"{"id":"831e1650-001e-001b-66ab-eeb76e069631","topic":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct","subject":"/blobServices/default/containers/in/blobs/a.txt","eventType":"Microsoft.Storage.BlobCreated","eventTime":"2026-01-02T03:04:05.1234567Z","dataVersion":"","metadataVersion":"1","data":{"api":"PutBlob","contentLength":2,"blobType":"BlockBlob","eTag":"0x8D4BCC2E4835CD0","url":"https://acct.blob.core.windows.net/in/a.txt"}}"#;
    let metadata = format!(
        r#""Metadata":{{"data":{{"api":"PutBlob","contentLength":2,"blobType":"BlockBlob","eTag":"0x8D4BCC2E4835CD0","url":"https://acct.blob.core.windows.net/in/a.txt"}},{SYS}}}"#
    );
    let quoted = Value::String(event.to_owned());
    for value in [event, &quoted.to_string()] {
        let reply = running
            .invoke("OnEvent", &format!(r#"{{"Data":{{"event":{value}}},{metadata}}}"#))
            .await;
        assert_eq!(reply.status, 200);
    }
    let expected = r#"(EventGrid, "831e1650-001e-001b-66ab-eeb76e069631", "Microsoft.Storage.BlobCreated", Some("/blobServices/default/containers/in/blobs/a.txt"), String("https://acct.blob.core.windows.net/in/a.txt"))"#;
    assert_eq!(app.seen(), [expected, expected]);
}

#[tokio::test]
async fn a_blobs_content_is_bare_base64() {
    async fn on_blob(
        app: &App,
        blob: BlobContent,
        context: custom_handler::Invocation,
    ) -> Result<custom_handler::Done, Failure> {
        app.note(
            (
                blob.content,
                blob.uri,
                blob.properties["ContentLength"].clone(),
                blob.metadata,
                blob.tokens,
            ),
            context,
        )
    }
    let app = App::default().leak();
    let bindings = json!([{ "type": "blobTrigger", "name": "blob", "path": "in/{name}", "source": "EventGrid" }]);
    let running = Running::start(
        Handler::new(app).blob(function("OnBlob", bindings), on_blob).on_give_up(keep),
    )
    .await;
    let envelope = format!(
        r#"{{"Data":{{"blob":"aGk="}},"Metadata":{{"Uri":"\"https://acct.blob.core.windows.net/in/a.txt\"","Properties":{{"ContentLength":2,"ContentType":"text/plain"}},"Metadata":{{}},"name":"\"a.txt\"",{SYS}}}}}"#
    );
    assert_eq!(running.invoke("OnBlob", &envelope).await.status, 200);
    assert_eq!(
        app.seen(),
        [
            r#"(b"hi", Some("https://acct.blob.core.windows.net/in/a.txt"), Number(2), {}, {"name": "a.txt"})"#
        ]
    );
}

async fn on_hub_event(
    app: &App,
    event: HubEvent,
    context: custom_handler::Invocation,
) -> Result<custom_handler::Done, Failure> {
    app.note(event, context)
}

#[tokio::test]
async fn a_single_event_of_a_hub_comes_with_its_place() {
    let app = App::default().leak();
    let bindings = json!([{ "type": "eventHubTrigger", "name": "e", "eventHubName": "hub", "connection": "C" }]);
    let running = Running::start(
        Handler::new(app)
            .event_hub(function("OnEventOne", bindings), on_hub_event)
            .on_give_up(keep),
    )
    .await;
    // The offset is a number in some builds of the host and text in others.
    for offset in [r#""1024""#, r#""\"1024\"""#] {
        let envelope = format!(
            r#"{{"Data":{{"e":"\"{{\\\"t\\\":21}}\""}},"Metadata":{{"PartitionContext":{{"FullyQualifiedNamespace":"ns.servicebus.windows.net","EventHubName":"hub","ConsumerGroup":"$Default","PartitionId":"0"}},"Offset":{offset},"SequenceNumber":"42","EnqueuedTimeUtc":"2026-01-02T03:04:05","Properties":{{"k":"v"}},"SystemProperties":{{"SequenceNumber":42,"Offset":1024,"PartitionKey":null,"EnqueuedTimeUtc":"2026-01-02T03:04:05.678"}},"t":"\"21\"",{SYS}}}}}"#
        );
        assert_eq!(running.invoke("OnEventOne", &envelope).await.status, 200);
    }
    let expected = HubEvent {
        body: Payload::Text(r#"{"t":21}"#.to_owned()),
        partition_key: None,
        offset: Some("1024".to_owned()),
        sequence_number: Some(42),
        enqueued_time: "2026-01-02T03:04:05Z".parse().ok(),
        properties: json!({ "k": "v" }).as_object().unwrap().clone(),
        system_properties: json!({ "SequenceNumber": 42, "Offset": 1024, "PartitionKey": null,
            "EnqueuedTimeUtc": "2026-01-02T03:04:05.678" })
        .as_object()
        .unwrap()
        .clone(),
    };
    assert_eq!(app.seen(), [format!("{expected:?}"), format!("{expected:?}")]);
}

async fn on_hub_events(
    app: &App,
    batch: HubEvents,
    context: custom_handler::Invocation,
) -> Result<custom_handler::Done, Failure> {
    let events = batch.events.iter().map(|event| {
        (
            event.body.clone(),
            event.offset.clone(),
            event.sequence_number,
            event.enqueued_time,
            event.properties.clone(),
        )
    });
    app.note((batch.partition_id.clone(), events.collect::<Vec<_>>()), context)
}

fn many(data_type: Option<&str>) -> Value {
    let mut binding = json!({ "type": "eventHubTrigger", "name": "es", "eventHubName": "hub", "connection": "C", "cardinality": "many" });
    if let Some(data_type) = data_type {
        binding["dataType"] = json!(data_type);
    }
    json!([binding])
}

#[tokio::test]
async fn a_batch_of_texts_keeps_its_arrays_aligned() {
    let app = App { outcome: Some(Failure::again("boom")), ..App::default() }.leak();
    let handler = Handler::new(app)
        .event_hub_batch(function("OnEvents", many(Some("string"))), on_hub_events);
    let running = Running::start(handler.on_give_up(keep)).await;
    let envelope = format!(
        r#"{{"Data":{{"es":"[\"{{\\\"t\\\":21}}\",\"plain\"]"}},"Metadata":{{"PartitionContext":{{"FullyQualifiedNamespace":"ns.servicebus.windows.net","EventHubName":"hub","ConsumerGroup":"$Default","PartitionId":"0"}},"PartitionKeyArray":"[null,null]","OffsetArray":"[\"1024\",\"1088\"]","SequenceNumberArray":"[42,43]","EnqueuedTimeUtcArray":"[\"2026-01-02T03:04:05.678\",\"2026-01-02T03:04:05.7\"]","PropertiesArray":"[{{\"k\":\"v\"}},{{}}]","SystemPropertiesArray":"[{{\"SequenceNumber\":42,\"Offset\":1024,\"PartitionKey\":null,\"EnqueuedTimeUtc\":\"2026-01-02T03:04:05.678\"}},{{\"SequenceNumber\":43,\"Offset\":1088,\"PartitionKey\":null,\"EnqueuedTimeUtc\":\"2026-01-02T03:04:05.7\"}}]",{SYS}}}}}"#
    );
    let reply = running.invoke("OnEvents", &envelope).await;
    assert_eq!((reply.status, reply.header("content-type")), (500, "application/json"));
    assert_eq!(
        app.seen(),
        [concat!(
            r#"(Some("0"), [(Text("{\"t\":21}"), Some("1024"), Some(42), Some(2026-01-02T03:04:05.678Z), {"k": String("v")}), "#,
            r#"(Text("plain"), Some("1088"), Some(43), Some(2026-01-02T03:04:05.7Z), {})])"#
        )]
    );
}

#[tokio::test]
async fn a_batch_without_a_data_type_holds_parsed_bodies() {
    let app = App::default().leak();
    let handler =
        Handler::new(app).event_hub_batch(function("OnEvents", many(None)), on_hub_events);
    let running = Running::start(handler.on_give_up(keep)).await;
    let envelope = format!(r#"{{"Data":{{"es":"[{{\"t\":21}},5]"}},"Metadata":{{{SYS}}}}}"#);
    assert_eq!(running.invoke("OnEvents", &envelope).await.status, 200);
    assert_eq!(
        app.seen(),
        [
            r#"(None, [(Json(Object {"t": Number(21)}), None, None, None, {}), (Json(Number(5)), None, None, None, {})])"#
        ]
    );
}

#[tokio::test]
async fn a_timer_says_which_occurrence_it_is() {
    async fn on_timer(
        app: &App,
        tick: TimerTick,
        context: custom_handler::Invocation,
    ) -> Result<custom_handler::Done, Failure> {
        app.note(tick, context)
    }
    let app = App { log: Some("tick"), ..App::default() }.leak();
    let bindings =
        json!([{ "type": "timerTrigger", "name": "timer", "schedule": "0 */5 * * * *" }]);
    let running = Running::start(
        Handler::new(app).timer(function("Tick", bindings), on_timer).on_give_up(keep),
    )
    .await;
    let envelope = format!(
        r#"{{"Data":{{"timer":{{"Schedule":{{"AdjustForDST":true}},"ScheduleStatus":{{"Last":"2026-01-02T03:00:00.0012345+00:00","Next":"2026-01-02T03:05:00+00:00","LastUpdated":"2026-01-02T03:00:00.0012345+00:00"}},"IsPastDue":false}}}},"Metadata":{{{SYS}}}}}"#
    );
    let reply = running.invoke("Tick", &envelope).await;
    assert_eq!(reply.json(), json!({ "Outputs": {}, "Logs": ["tick"], "ReturnValue": null }));
    let unmonitored = r#"{"Data":{"timer":{"Schedule":{"AdjustForDST":false},"ScheduleStatus":null,"IsPastDue":true}},"Metadata":{}}"#;
    assert_eq!(running.invoke("Tick", unmonitored).await.status, 200);
    let tick = TimerTick {
        is_past_due: false,
        adjust_for_dst: true,
        last: "2026-01-02T03:00:00.0012345Z".parse().ok(),
        next: "2026-01-02T03:05:00Z".parse().ok(),
        last_updated: "2026-01-02T03:00:00.0012345Z".parse().ok(),
    };
    let late = TimerTick {
        is_past_due: true,
        adjust_for_dst: false,
        last: None,
        next: None,
        last_updated: None,
    };
    assert_eq!(app.seen(), [format!("{tick:?}"), format!("{late:?}")]);
}

#[tokio::test]
async fn the_retry_context_is_there_from_the_first_attempt() {
    let app = App { outcome: Some(Failure::again("not yet")), ..App::default() }.leak();
    let running = queue(app).await;
    for attempt in 0..3 {
        let envelope = format!(
            r#"{{"Data":{{"msg":"\"hello\""}},"Metadata":{{"DequeueCount":"1","RetryContext":{{"RetryCount":{attempt},"MaxRetryCount":2,"Exception":null,"Instance":null,"State":{{}}}},{SYS}}}}}"#
        );
        let reply = running.invoke("OnQueue", &envelope).await;
        assert_eq!((reply.status, reply.header("content-type")), (500, "application/json"));
    }
    let contexts = app.contexts.lock().unwrap();
    let retries: Vec<_> = contexts.iter().filter_map(custom_handler::Invocation::retry).collect();
    let context = |retry_count| RetryContext { retry_count, max_retry_count: 2 };
    assert_eq!(retries, [context(0), context(1), context(2)]);
    assert_eq!(retries.iter().map(RetryContext::is_last).collect::<Vec<_>>(), [false, false, true]);
}
