//! HTTP functions with a binding more than trigger and answer.

use local_host::Outcome;
use serde_json::{Value, json};

use crate::support::{TestApp, http};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn with_queue() -> TestApp {
    let mut function = http("orders/{id}", &[]);
    let queue =
        json!({ "type": "queue", "direction": "out", "name": "out", "queueName": "orders" });
    function["bindings"].as_array_mut().unwrap().push(queue);
    TestApp::empty()
        .function("Envelope", &function)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
}

#[tokio::test]
async fn a_second_binding_makes_the_handler_see_the_envelope() {
    let app = with_queue().start().await;
    let response = app
        .client
        .post(app.url("/orders/5?x=1"))
        .header("content-type", "application/json")
        .header("traceparent", TRACE)
        .body(r#"{"n":2}"#);
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), 201);
    let seen: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(seen["chunked"], true, "as Azure sends it");
    let request = &seen["envelope"]["Data"]["req"];
    assert_eq!(request["Method"], "POST");
    assert_eq!(request["Url"], app.url("/orders/5?x=1"));
    assert_eq!(request["Params"], json!({ "id": "5" }));
    assert_eq!(request["Headers"]["Content-Type"], json!(["application/json"]));
    assert_eq!(request["Body"], "{\"n\":2}");
    assert_eq!(seen["envelope"]["Metadata"]["n"], "\"2\"");
    let record = app.invocation().await;
    assert_eq!((record.about.as_str(), record.trigger), ("POST /orders/5", "http"));
    assert_eq!(record.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(record.status, Some(201), "what the client got, not the handler's 200");
}

#[tokio::test]
async fn under_func_start_the_envelope_has_a_length() {
    let mut app = with_queue();
    app.options.envelope_content_length = true;
    let app = app.start().await;
    let seen: Value = serde_json::from_str(&app.text("/orders/5").await).unwrap();
    assert_eq!(seen["chunked"], false);
}

#[tokio::test]
async fn an_empty_reply_hangs_until_the_timeout_and_then_the_handler_is_killed() {
    let app =
        with_queue().setting("REPLY", "").host("functionTimeout", json!("00:00:01")).start().await;
    let response = app.get("/orders/1").await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.text().await.unwrap(), "");
    let record = app.invocation().await;
    assert_eq!(record.status, Some(500));
    assert!(
        matches!(record.outcome, Outcome::Failed(reason) if reason.contains("functionTimeout"))
    );
}

#[tokio::test]
async fn a_reply_without_the_http_output_is_200_with_an_empty_object() {
    let app = with_queue().setting("REPLY", "{}").start().await;
    let response = app.get("/orders/1").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), "{}");
}

#[tokio::test]
async fn a_reply_that_is_no_result_is_recorded_as_the_failure_that_the_client_gets() {
    for (name, value) in [("REPLY", "[]"), ("REPLY_STATUS", "404")] {
        let app = with_queue().setting(name, value).start().await;
        assert_eq!(app.status("/orders/1").await, 500);
        let record = app.invocation().await;
        assert_eq!(record.status, Some(500), "{name}={value}");
        assert!(matches!(record.outcome, Outcome::Failed(_)), "{:?}", record.outcome);
        assert_eq!(app.host.invocations().len(), 1);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_its_length_is_told_or_not() {
    let app = with_queue().setting("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000").start().await;
    assert_eq!(app.post("/orders/1", vec![b'x'; 1_000]).await.status(), 201);
    assert_eq!(app.post("/orders/1", vec![b'x'; 1_001]).await.status(), 413);
    let pieces = futures::stream::iter((0..11).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100])));
    assert_eq!(app.post("/orders/1", reqwest::Body::wrap_stream(pieces)).await.status(), 413);
}
