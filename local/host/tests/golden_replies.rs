//! Replies of handlers and what the real host makes of them, from the reference.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use function_json::FunctionJson;
use local_host::outputs::{Effects, HttpReply, OutputError, Reply, Write, effects};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn function(trigger: Value, outputs: &[Value]) -> FunctionJson {
    let mut bindings = vec![trigger];
    bindings.extend(outputs.iter().cloned());
    FunctionJson::parse(&json!({ "bindings": bindings }).to_string()).unwrap()
}

fn on_queue() -> FunctionJson {
    let trigger =
        json!({"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "in"});
    function(
        trigger,
        &[json!({"type": "queue", "direction": "out", "name": "out", "queueName": "out"})],
    )
}

fn on_request(also: &[Value]) -> FunctionJson {
    let trigger =
        json!({"type": "httpTrigger", "direction": "in", "name": "req", "route": "orders/{id}"});
    let mut outputs = vec![json!({"type": "http", "direction": "out", "name": "res"})];
    outputs.extend(also.iter().cloned());
    function(trigger, &outputs)
}

fn replied(function: &FunctionJson, body: &str) -> Effects {
    match Reply::read(200, Some("application/json"), body.as_bytes()) {
        Reply::Done(result) => effects(function, &result),
        other => panic!("not done: {other:?}"),
    }
}

fn messages(effects: &Effects) -> Vec<String> {
    let queued = effects.writes.iter().flat_map(|write| match write {
        Ok(Write::Queue { messages, .. }) => messages.clone(),
        other => panic!("not a queue: {other:?}"),
    });
    queued.map(|bytes| String::from_utf8(bytes).unwrap()).collect()
}

fn answer(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Result<HttpReply, OutputError>> {
    let headers =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    Some(Ok(HttpReply { status, headers, body: body.as_bytes().to_vec() }))
}

#[test]
fn g2_elements_of_an_array_are_verbatim_messages() {
    let body =
        r#"{"Outputs":{"out":["test","two"]},"Logs":["processed hello"],"ReturnValue":null}"#;
    assert_eq!(messages(&replied(&on_queue(), body)), ["test", "two"]);
}

#[test]
fn g3_base64_is_exact_bytes() {
    assert_eq!(
        messages(&replied(&on_queue(), r#"{"Outputs":{"out":"MTIzNDU2Nzg="}}"#)),
        ["12345678"]
    );
}

#[test]
fn g5_documents_are_objects_and_never_base64() {
    let trigger =
        json!({"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "in"});
    let output = json!({"type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "db", "containerName": "c"});
    let function = function(trigger, &[output]);
    let right =
        replied(&function, r#"{"Outputs":{"doc":[{"id":"1","pk":"a"},{"id":"2","pk":"a"}]}}"#);
    let Ok(Write::CosmosDb { documents, create_with, .. }) = &right.writes[0] else {
        panic!("{right:?}")
    };
    assert_eq!(documents, &[json!({"id": "1", "pk": "a"}), json!({"id": "2", "pk": "a"})]);
    assert_eq!(create_with, &None);
    let wrong = replied(&function, r#"{"Outputs":{"doc":"eyJpZCI6IjEifQ=="}}"#);
    assert!(
        matches!(wrong.writes.as_slice(), [Err(OutputError::NotADocument { .. })]),
        "{wrong:?}"
    );
}

#[test]
fn g14_a_response_and_a_message() {
    let function = on_request(&[
        json!({"type": "queue", "direction": "out", "name": "out", "queueName": "orders"}),
    ]);
    let body = r#"{"Outputs":{"res":{"statusCode":201,"headers":{"content-type":"application/json","x-a":"b"},"body":"{\"ok\":true}"},"out":"eyJuIjoyfQ=="}}"#;
    let effects = replied(&function, body);
    assert_eq!(messages(&effects), ["{\"n\":2}"]);
    let headers = [("Content-Type", "application/json; charset=utf-8"), ("x-a", "b")];
    assert_eq!(effects.http, answer(201, &headers, "{\"ok\":true}"));
}

const TEXT: (&str, &str) = ("Content-Type", "text/plain; charset=utf-8");

#[test]
fn g15_an_object_body_is_indented_and_status_is_ignored() {
    let effects = replied(&on_request(&[]), r#"{"Outputs":{"res":{"status":404,"body":{"a":1}}}}"#);
    assert_eq!(effects.http, answer(200, &[TEXT], "{\n  \"a\": 1\n}"));
}

#[test]
fn g16_an_empty_reply_with_a_named_http_output_is_200_with_an_empty_object() {
    assert_eq!(replied(&on_request(&[]), "{}").http, answer(200, &[TEXT], "{}"));
}

#[test]
fn g16_a_handlers_400_is_a_failure() {
    let reply = Reply::read(400, Some("application/json"), br#"{"why":"bad input"}"#);
    assert!(matches!(reply, Reply::Failed(_)), "{reply:?}");
    assert_eq!(
        HttpReply::failure(),
        HttpReply { status: 500, headers: Vec::new(), body: Vec::new() }
    );
}

#[test]
fn g17_an_empty_200_hangs() {
    assert_eq!(Reply::read(200, None, b""), Reply::Hang);
}
