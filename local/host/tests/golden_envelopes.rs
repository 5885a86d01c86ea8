//! Request bodies as the real host sends them, byte for byte: each golden file is one body of the reference.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod golden_rig;

use function_json::DataType;
use golden_rig::{body_of, moment};
use local_host::envelope::{
    BindingData, Envelope, HostValue, RetryContext, Stamp,
    blob::{self, Blob},
    cosmos_db, event_grid,
    event_hubs::{self, Event, PartitionContext},
    http_request::{HttpRequest, http_request},
    queue::{self, Message},
    timer::{self, ScheduleStatus},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn message(body: &str) -> Message {
    Message {
        body: body.as_bytes().to_vec(),
        id: Some("800ae4b3-bdd2-4c08-badd-f08e5a34b865".into()),
        dequeue_count: 1,
        inserted: moment("2026-01-02T03:04:05Z"),
        expires: Some(moment("2026-01-09T03:04:05Z")),
        next_visible: Some(moment("2026-01-02T03:14:05Z")),
        pop_receipt: Some("AgAAAAMAAAAAAAAAAgtnj8x+1QE=".into()),
    }
}

#[test]
fn g2_a_queue_message_is_quoted_text() {
    let envelope = queue::message("msg", None, &message("hello"));
    assert_eq!(body_of(&envelope, "OnQueue"), include_str!("golden/g2_queue_text.json").trim_end());
}

#[test]
fn g3_a_json_message_is_merged_into_the_metadata() {
    let envelope =
        queue::message("msg", None, &message(r#"{"id":7,"Id":"mine","tags":["a"],"at":{"x":1}}"#));
    assert_eq!(body_of(&envelope, "OnQueue"), include_str!("golden/g3_queue_json.json").trim_end());
}

#[test]
fn a_binary_message_is_bare_base64_and_is_not_merged() {
    let envelope = queue::message("msg", Some(DataType::Binary), &message(r#"{"x":1}"#));
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnQueue")).unwrap();
    assert_eq!(body["Data"], json!({"msg": "eyJ4IjoxfQ=="}));
    assert_eq!(body["Metadata"].get("x"), None);
}

#[test]
fn g4_a_change_feed_page_is_three_layers_of_json() {
    let document = json!({"id": "1", "pk": "a", "_rid": "r1", "_self": "s", "_etag": "\"e1\"",
        "_attachments": "attachments/", "_ts": 1_767_322_800, "_lsn": 12});
    let envelope = cosmos_db::documents("docs", &[document]);
    assert_eq!(body_of(&envelope, "OnDocs"), include_str!("golden/g4_cosmos_db.json").trim_end());
}

fn blob_created() -> Value {
    json!({
        "id": "831e1650-001e-001b-66ab-eeb76e069631",
        "topic": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct",
        "subject": "/blobServices/default/containers/in/blobs/a.txt",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2026-01-02T03:04:05.1234567Z",
        "dataVersion": "",
        "metadataVersion": "1",
        "data": {"api": "PutBlob", "contentLength": 2, "blobType": "BlockBlob", "eTag": "0x8D4BCC2E4835CD0",
            "url": "https://acct.blob.core.windows.net/in/a.txt"},
    })
}

#[test]
fn g6_an_event_is_an_object() {
    let envelope = event_grid::event("event", &blob_created());
    assert_eq!(body_of(&envelope, "OnEvent"), include_str!("golden/g6_event_grid.json").trim_end());
}

#[test]
fn several_events_are_a_string_that_holds_an_array() {
    let envelope =
        event_grid::events("events", &[json!({"id": "1", "data": {"a": 1}}), json!({"id": "2"})]);
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnEvents")).unwrap();
    assert_eq!(body["Data"]["events"], json!(r#"[{"id":"1","data":{"a":1}},{"id":"2"}]"#));
    assert_eq!(body["Metadata"]["data"], json!(r#"[{"a":1},null]"#));
}

#[test]
fn g9_a_blob_is_bare_base64_with_the_tokens_of_its_path() {
    let content = Blob {
        container: "in".into(),
        name: "a.txt".into(),
        uri: "https://acct.blob.core.windows.net/in/a.txt".into(),
        content: b"hi".to_vec(),
        properties: json!({"ContentLength": 2, "ContentType": "text/plain"}),
        metadata: serde_json::Map::new(),
    };
    let envelope = blob::blob("blob", "in/{name}", &content);
    assert_eq!(body_of(&envelope, "OnBlob"), include_str!("golden/g9_blob.json").trim_end());
}

fn partition() -> PartitionContext {
    PartitionContext {
        namespace: "ns.servicebus.windows.net".into(),
        event_hub: "hub".into(),
        consumer_group: "$Default".into(),
        partition_id: "0".into(),
        is_checkpointing_after_invocation: true,
    }
}

fn events(first: &str, second: &str) -> [Event; 2] {
    let event = |body: &str, offset: &str, sequence_number, enqueued, properties: Value| Event {
        body: body.as_bytes().to_vec(),
        partition_key: None,
        offset: offset.into(),
        sequence_number,
        enqueued: moment(enqueued),
        properties: properties.as_object().unwrap().clone(),
        system_properties: json!({"content-type": "application/json"}).as_object().unwrap().clone(),
    };
    [
        event(first, "1024", 42, "2026-01-02T03:04:05.678Z", json!({"k": "v"})),
        event(second, "1088", 43, "2026-01-02T03:04:05.7Z", json!({})),
    ]
}

#[test]
fn g10_one_event_is_quoted_text() {
    let envelope = event_hubs::one("e", None, &partition(), &events("{\"t\":21}", "")[0]);
    assert_eq!(
        body_of(&envelope, "OnEventOne"),
        include_str!("golden/g10_event_hubs_one.json").trim_end()
    );
}

#[test]
fn one_binary_event_is_bare_base64_and_shows_its_partition_key() {
    let mut event = events("hi", "")[0].clone();
    event.partition_key = Some("k".into());
    let envelope = event_hubs::one("e", Some(DataType::Binary), &partition(), &event);
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnEventOne")).unwrap();
    assert_eq!(body["Data"], json!({"e": "aGk="}));
    assert_eq!(body["Metadata"]["PartitionKey"], json!("\"k\""));
}

#[test]
fn an_offset_that_is_no_number_is_shown_as_text_only() {
    let mut event = events("hi", "")[0].clone();
    event.offset = "3:7:1".into();
    let envelope = event_hubs::one("e", None, &partition(), &event);
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnEventOne")).unwrap();
    assert_eq!(body["Metadata"]["Offset"], json!("\"-1\""));
    assert_eq!(body["Metadata"]["OffsetString"], json!("\"3:7:1\""));
}

#[test]
fn g11_a_batch_of_strings_is_a_string_of_an_array() {
    let batch = events("{\"t\":21}", "plain");
    let envelope = event_hubs::many("es", Some(DataType::String), &partition(), &batch).unwrap();
    assert_eq!(
        body_of(&envelope, "OnEvents"),
        include_str!("golden/g11_event_hubs_many_strings.json").trim_end()
    );
}

#[test]
fn g12_a_batch_without_data_type_is_parsed() {
    let envelope = event_hubs::many("es", None, &partition(), &events("{\"t\":21}", "5")).unwrap();
    let golden: Value =
        serde_json::from_str(include_str!("golden/g12_event_hubs_many_parsed.json")).unwrap();
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnEvents")).unwrap();
    assert_eq!(body["Data"], golden["Data"]);
}

#[test]
fn one_body_that_is_no_json_loses_the_whole_batch() {
    let failed = event_hubs::many("es", None, &partition(), &events("{\"t\":21}", "plain"));
    assert_eq!(failed, Err(event_hubs::NotJson { index: 1, count: 2 }));
}

#[test]
fn a_binary_batch_is_an_array_of_base64() {
    let envelope =
        event_hubs::many("es", Some(DataType::Binary), &partition(), &events("hi", "ho")).unwrap();
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnEvents")).unwrap();
    assert_eq!(body["Data"], json!({"es": "[\"aGk=\",\"aG8=\"]"}));
}

#[test]
fn g13_a_timer_is_an_object() {
    let status = ScheduleStatus {
        last: Some(moment("2026-01-02T03:00:00.0012345Z")),
        next: moment("2026-01-02T03:05:00Z"),
        last_updated: Some(moment("2026-01-02T03:00:00.0012345Z")),
    };
    let envelope = timer::tick("timer", true, Some(status), false);
    assert_eq!(body_of(&envelope, "Tick"), include_str!("golden/g13_timer.json").trim_end());
}

#[test]
fn an_unmonitored_timer_has_no_status() {
    let body: Value =
        serde_json::from_str(&body_of(&timer::tick("timer", false, None, true), "Tick")).unwrap();
    let info =
        json!({"Schedule": {"AdjustForDST": false}, "ScheduleStatus": null, "IsPastDue": true});
    assert_eq!(body["Data"]["timer"], info);
}

#[test]
fn g14_an_http_request_with_a_second_output() {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let request = HttpRequest {
        method: "POST".into(),
        url: "http://localhost:7071/api/orders/5?x=1".into(),
        headers: vec![
            header("Content-Type", "application/json"),
            header("Host", "localhost:7071"),
            header("Content-Length", "7"),
        ],
        params: vec![("id".into(), Some("5".into()))],
        body: b"{\"n\":2}".to_vec(),
        content_length: Some(7),
    };
    assert_eq!(
        body_of(&http_request("req", &request), "Order"),
        include_str!("golden/g14_http_request.json").trim_end()
    );
}

#[test]
fn g20_the_first_attempt_already_carries_the_retry_context() {
    let mut data = BindingData::default();
    data.set("DequeueCount", HostValue::Json(json!(1)));
    let envelope = Envelope::new("msg", HostValue::Text("hello".into()), data);
    let stamp = Stamp {
        function: "OnQueue",
        utc_now: moment("2026-01-02T03:04:05.6789012Z"),
        random: "24ad4c06-24ad-4e5b-8294-3da9714877e9".parse().unwrap(),
    };
    let first = RetryContext { retry_count: 0, max_retry_count: 2, failure: None };
    assert_eq!(
        envelope.body(&stamp, Some(&first)),
        include_str!("golden/g20_retry.json").trim_end()
    );
    let second = RetryContext { retry_count: 1, max_retry_count: 2, failure: Some("boom".into()) };
    let body: Value = serde_json::from_slice(&envelope.body(&stamp, Some(&second))).unwrap();
    assert_eq!(body["Metadata"]["RetryContext"]["RetryCount"], json!(1));
    assert_eq!(body["Metadata"]["RetryContext"]["Exception"]["Message"], json!("boom"));
}

#[test]
fn inputs_besides_the_trigger_follow_the_same_rule() {
    let envelope = queue::message("msg", None, &message("hello"))
        .with_input("missing", HostValue::Json(Value::Null))
        .with_input("found", HostValue::Json(json!([{"id": "1"}])))
        .with_input("bytes", HostValue::Bytes(b"hi".to_vec()));
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnQueue")).unwrap();
    let data = json!({"msg": "\"hello\"", "missing": "null", "found": "[{\"id\":\"1\"}]", "bytes": "aGk="});
    assert_eq!(body["Data"], data);
}
