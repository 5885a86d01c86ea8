//! Outputs against a model of what the host does to them (`FunctionBinding.cs`): what is stored is
//! what was meant, or the invocation fails; never something else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use custom_handler::{Bytes, Done, Failure, Handler, Invocation, Outputs, QueueMessage, Server};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{App, function, keep};

async fn on_queue(app: &App, message: QueueMessage, context: Invocation) -> Result<Done, Failure> {
    app.note(message.body, context)
}

fn server(outputs: Outputs) -> Server {
    let bindings = json!([
        { "type": "queueTrigger", "name": "msg", "queueName": "q" },
        { "type": "queue", "direction": "out", "name": "out", "queueName": "o" },
        { "type": "queue", "direction": "out", "name": "verbatim", "queueName": "o", "dataType": "binary" },
        { "type": "eventHub", "direction": "out", "name": "hub", "eventHubName": "h", "connection": "C" },
        { "type": "cosmosDB", "direction": "out", "name": "doc", "databaseName": "d", "containerName": "c" },
        { "type": "eventGrid", "direction": "out", "name": "grid", "connection": "G" },
        { "type": "blob", "direction": "out", "name": "file", "path": "c/f" },
        { "type": "blob", "direction": "out", "name": "textfile", "path": "c/f", "dataType": "binary" },
        { "type": "table", "direction": "out", "name": "row" }
    ]);
    let app = App { outputs, ..App::default() }.leak();
    Handler::new(app)
        .queue(function("OnQueue", bindings), on_queue)
        .on_give_up(keep)
        .build()
        .unwrap()
}

/// The reply's outputs, or `None` when the invocation failed.
async fn reply(outputs: Outputs) -> Option<Value> {
    let request = http::Request::post("/OnQueue")
        .body(Bytes::from_static(br#"{"Data":{"msg":"\"x\""}}"#))
        .unwrap();
    let response = server(outputs).answer(request).await;
    let document: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status() == 200).then(|| document["Outputs"].clone())
}

fn reply_now(outputs: Outputs) -> Option<Value> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(reply(outputs))
}

/// What the host would read as a date and write differently.
fn is_date(text: &str) -> bool {
    let shape: String =
        text.chars().take(19).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00"
}

/// What the host does with text that is not, or no longer, base64.
fn host_text(text: &str) -> Result<Vec<Vec<u8>>, String> {
    match text.trim_start().chars().next() {
        Some('[' | '{') => Err(format!("taken apart as JSON: {text}")),
        _ if is_date(text) => Err(format!("rewritten as a date: {text}")),
        _ => Ok(vec![text.as_bytes().to_vec()]),
    }
}

/// The messages that the host puts into a queue.
fn host_messages(value: &Value, binary: bool) -> Result<Vec<Vec<u8>>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => {
            let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            match STANDARD.decode(bare) {
                Ok(bytes) if !binary => Ok(vec![bytes]),
                _ => host_text(text),
            }
        }
        Value::Array(elements) => elements.iter().map(host_element).collect(),
        other => Err(format!("re-indented or renamed: {other}")),
    }
}

fn host_element(element: &Value) -> Result<Vec<u8>, String> {
    match element.as_str() {
        Some(text) if is_date(text) => Err(format!("rewritten as a date: {text}")),
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(format!("re-indented: {element}")),
    }
}

/// Text of every kind that the host likes to read something into.
fn tempting_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,24}",
        "[A-Za-z0-9+/]{0,6}={0,2}",
        r#"\{"a":[0-9]{1,3}\}"#,
        r"\[[0-9](,[0-9]){0,3}\]",
        "20[0-9]{2}-0[1-9]-1[0-9]T0[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?Z?",
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("  test  ".to_owned()),
        Just("12345678".to_owned()),
        Just(String::new()),
    ]
}

proptest! {
    #[test]
    fn one_message_is_stored_exactly(text in tempting_text(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for name in ["out", "hub"] {
            let outputs = reply_now(Outputs::new().message(name, text.clone())).unwrap();
            prop_assert_eq!(host_messages(&outputs[name], false), Ok(vec![text.clone().into_bytes()]));
            let outputs = reply_now(Outputs::new().messages(name, [bytes.clone()])).unwrap();
            prop_assert_eq!(host_messages(&outputs[name], false), Ok(vec![bytes.clone()]));
        }
    }

    #[test]
    fn several_messages_are_stored_exactly_or_not_at_all(texts in prop::collection::vec(tempting_text(), 0..5)) {
        let meant: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
        for (name, binary) in [("out", false), ("hub", false), ("verbatim", true)] {
            match reply_now(Outputs::new().messages(name, texts.clone())) {
                Some(outputs) => prop_assert_eq!(host_messages(&outputs[name], binary), Ok(meant.clone())),
                None => prop_assert!(texts.iter().any(|text| is_date(text))),
            }
        }
    }

    #[test]
    fn a_message_of_a_binding_with_data_type_binary_is_stored_exactly_or_not_at_all(text in tempting_text()) {
        match reply_now(Outputs::new().message("verbatim", text.clone())) {
            Some(outputs) => prop_assert_eq!(host_messages(&outputs["verbatim"], true), Ok(vec![text.into_bytes()])),
            None => prop_assert!(is_date(&text)),
        }
    }

    #[test]
    fn a_blob_is_stored_exactly(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let outputs = reply_now(Outputs::new().blob("file", bytes.clone())).unwrap();
        prop_assert_eq!(STANDARD.decode(outputs["file"].as_str().unwrap()).unwrap(), bytes);
    }
}

#[tokio::test]
async fn every_kind_has_its_own_form() {
    let outputs = Outputs::new()
        .json_message("out", &json!({ "a": [1] }))
        .document("doc", &json!({ "id": "1" }))
        .event("grid", &json!({ "id": "e" }))
        .blob("file", "hi")
        .blob("textfile", "hi")
        .raw("row", json!({ "PartitionKey": "p" }))
        .messages("hub", Vec::<String>::new());
    assert_eq!(
        reply(outputs).await.unwrap(),
        json!({
            "out": STANDARD.encode(r#"{"a":[1]}"#),
            "doc": [{ "id": "1" }],
            "grid": [{ "id": "e" }],
            "file": "aGk=",
            "textfile": "hi",
            "row": { "PartitionKey": "p" }
        })
    );
}

#[tokio::test]
async fn nothing_to_write_leaves_the_outputs_out() {
    let outputs =
        Outputs::new().documents("doc", Vec::<Value>::new()).messages("out", Vec::<Vec<u8>>::new());
    assert_eq!(reply(outputs).await.unwrap(), json!({}));
}

#[tokio::test]
async fn what_cannot_be_stored_as_meant_fails_the_invocation() {
    let none = || Outputs::new();
    let two_dates = ["2026-01-02T03:04:05Z", "x"];
    for (case, outputs) in [
        ("an output that function.json does not have", none().message("nowhere", "x")),
        ("the right name in another case", none().message("OUT", "x")),
        ("an output given twice", none().message("out", "x").message("out", "y")),
        ("a message for a container", none().message("doc", "x")),
        ("a document for a queue", none().document("out", &json!({ "id": "1" }))),
        ("a blob for a queue", none().blob("out", "x")),
        ("a document that is no object", none().document("doc", &json!("1"))),
        ("an event that is no object", none().event("grid", &json!([1]))),
        ("several messages, one of them a date", none().messages("out", two_dates)),
        ("several messages of bytes", none().messages("out", [vec![0xff], vec![0xfe]])),
        ("bytes where the host decodes nothing", none().message("verbatim", vec![0xff])),
        ("bytes for a blob where the host decodes nothing", none().blob("textfile", vec![0xff])),
    ] {
        assert_eq!(reply(outputs).await, None, "{case}");
    }
}
