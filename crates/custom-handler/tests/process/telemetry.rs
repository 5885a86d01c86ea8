//! What the example tells a collector.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::trace::v1::{span::SpanKind, status::StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::bakery::Running;
use crate::receiver::{Receiver, attributes, hex};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const INVOCATION: &str = "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11";
const CAKE: &str = "GET /v1/cakes/{name}";

/// The example, which sends its telemetry there.
fn running(receiver: &Receiver, more: &[(&str, &str)]) -> Running {
    let mut settings = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url.as_str()),
        ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ("OTEL_SERVICE_NAME", "shop"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
        ("REGION_NAME", "Sweden Central"),
    ];
    settings.extend(more);
    Running::start(&settings)
}

#[test]
fn a_request_is_a_span_of_the_clients_trace_a_record_in_it_and_a_figure() {
    let receiver = Receiver::start(200);
    let running = running(&receiver, &[]);
    running.request(&format!("GET /v1/cakes/carrot HTTP/1.1\r\n{PARENT}"), "");
    let received = receiver.once(|received| {
        received.span(CAKE).is_some()
            && received.record("request answered").is_some()
            && received.histogram("http.server.request.duration").is_some()
    });
    let span = received.span(CAKE).unwrap();
    assert_eq!(
        (hex(&span.trace_id).as_str(), hex(&span.parent_span_id).as_str()),
        (TRACE, "b7ad6b7169203331")
    );
    assert_eq!((span.kind(), span.status.as_ref()), (SpanKind::Server, Some(&Default::default())));
    assert_eq!(
        attributes(&span.attributes),
        [
            "faas.coldstart=true",
            &format!("faas.invocation_id={INVOCATION}"),
            "faas.name=cake",
            "faas.trigger=http",
            "http.request.method=GET",
            "http.response.status_code=200",
            "http.route=/v1/cakes/{name}",
        ]
    );
    let record = received.record("request answered").unwrap();
    assert_eq!((&record.trace_id, &record.span_id), (&span.trace_id, &span.span_id));
    assert_eq!(record.severity_text, "INFO");
    let points = received.histogram("http.server.request.duration").unwrap();
    assert_eq!(
        (points[0].count, attributes(&points[0].attributes)),
        (
            1,
            vec![
                "http.request.method=GET".to_owned(),
                "http.response.status_code=200".to_owned(),
                "http.route=/v1/cakes/{name}".to_owned(),
            ]
        )
    );
    assert_eq!(received.counter("faas.coldstarts"), Some(1));
    let resource = attributes(&received.resource);
    for expected in
        ["service.name=shop", "deployment.environment.name=test", "cloud.region=Sweden Central"]
    {
        assert!(resource.iter().any(|one| one == expected), "{expected}: {resource:?}");
    }
    let (lines, errors) = running.kill();
    assert_eq!(errors, "");
    let line = lines.iter().find(|line| line["message"] == "request answered").unwrap();
    assert_eq!(line["span_id"], hex(&span.span_id));
}

#[test]
fn a_message_goes_on_with_the_trace_it_carries_and_points_at_the_hosts() {
    let receiver = Receiver::start(200);
    let running = running(&receiver, &[]);
    let message = json!({ "order": "7", "traceparent": format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16)) });
    let message = Value::from(message.to_string()).to_string();
    let metadata = json!({ "InsertionTime": "\"2026-11-30T10:00:00+00:00\"" });
    let envelope = json!({ "Data": { "message": message }, "Metadata": metadata }).to_string();
    let answer = running.request(&format!("POST /order_baked HTTP/1.1\r\n{PARENT}"), &envelope);
    let received = receiver.once(|received| {
        received.span("process baked").is_some()
            && received.histogram("messaging.process.duration").is_some()
            && received.histogram("faas.message.age").is_some()
    });
    let span = received.span("process baked").unwrap();
    assert_eq!(
        (hex(&span.trace_id), hex(&span.parent_span_id), span.kind()),
        ("a".repeat(32), "b".repeat(16), SpanKind::Consumer)
    );
    assert_eq!(span.links.iter().map(|link| hex(&link.trace_id)).collect::<Vec<_>>(), [TRACE]);
    assert_eq!(
        attributes(&span.attributes),
        [
            "faas.coldstart=true",
            &format!("faas.invocation_id={INVOCATION}"),
            "faas.name=order_baked",
            "faas.trigger=pubsub",
            "messaging.destination.name=baked",
            "messaging.operation.type=process",
            "messaging.system=azure_queue_storage",
            "outcome=done",
        ]
    );
    // What was sent on goes on from the span.
    let sent_from = format!("00-{}-{}-01", "a".repeat(32), hex(&span.span_id));
    let reply: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let sent = STANDARD.decode(reply["Outputs"]["deliveries"].as_str().unwrap()).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&sent).unwrap(),
        json!({ "order": "7", "traceparent": sent_from })
    );
}

#[test]
fn of_what_is_not_sampled_only_what_failed_is_told() {
    let receiver = Receiver::start(200);
    let running = running(&receiver, &[("OTEL_TRACES_SAMPLER_ARG", "0")]);
    running.request("GET /v1/cakes/carrot HTTP/1.1", "");
    running.request("GET /v1/cakes/crash HTTP/1.1", "");
    let received = receiver.once(|received| received.span(CAKE).is_some());
    let told = attributes(&received.spans[0].attributes);
    assert_eq!(received.spans.len(), 1, "{:?}", received.spans);
    for expected in ["error.type=internal-error", "http.response.status_code=500"] {
        assert!(told.iter().any(|one| one == expected), "{expected}: {told:?}");
    }
    assert_eq!(received.spans[0].status.as_ref().unwrap().code(), StatusCode::Error);
}

#[test]
fn a_collector_that_takes_nothing_disturbs_nobody_and_is_told_of_once() {
    let receiver = Receiver::start(503);
    let running = running(&receiver, &[]);
    for _ in 0..20 {
        let answer = running.request("GET /v1/cakes/carrot HTTP/1.1", "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    // Three kinds of telemetry, three tries each: by then some are given up.
    receiver.once(|received| received.requests > 12);
    let (lines, errors) = running.kill();
    assert_eq!(errors, "");
    let lost = |line: &&Value| line["target"] == "custom_handler::telemetry::carrier";
    let lost: Vec<&Value> = lines.iter().filter(lost).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!((&lost[0]["level"], &lost[0]["cause"]), (&"WARN".into(), &"it answered 503".into()));
}

#[test]
fn nothing_that_a_client_says_is_told() {
    let receiver = Receiver::start(200);
    let running = running(&receiver, &[("LOG_LEVEL", "debug")]);
    let answer = running.request(
        "PATCH /v1/cakes/Geheim?Geheim=Geheim HTTP/1.1\r\nAuthorization: Geheim\r\nIf-Match: \"180-\"\r\n\
         Content-Type: application/merge-patch+json",
        r#"{"glaze":"Geheim"}"#,
    );
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    running.request("GEHEIM /v1/cakes/Geheim HTTP/1.1", "Geheim");
    running.request("GET /Geheim?Geheim HTTP/1.1", "");
    let envelope =
        |text: &str| json!({ "Data": { "message": text }, "Metadata": { "Id": "\"Geheim\"" } });
    running.request(
        "POST /order_baked HTTP/1.1",
        &envelope(r#""{\"order\":7,\"x\":\"Geheim\"}""#).to_string(),
    );
    let received = receiver.once(|received| {
        received.span("process baked").is_some()
            && received.records.len() >= 4
            && received.histogram("messaging.process.duration").is_some()
    });
    let text = String::from_utf8_lossy(&received.bytes).to_lowercase();
    assert!(!text.contains("geheim"), "{text}");
    let (lines, _) = running.kill();
    for line in lines {
        assert!(!line.to_string().to_lowercase().contains("geheim"), "{line}");
    }
}
