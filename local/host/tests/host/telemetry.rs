//! Telemetry: received as the specification of OTLP over HTTP has it, and shown.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::{AnyValue, KeyValue, any_value},
    resource::v1::Resource,
    trace::v1::{ResourceSpans, ScopeSpans, Span},
};
use prost::Message as _;
use serde_json::{Value, json};

use crate::support::{Running, TestApp, eventually, header, http, seen};

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";
const TRACE: &str = "5b8efff798038103d269b633813fc60c";

/// The specification's own example (opentelemetry-proto, `examples/trace.json`).
const EXAMPLE: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",
"value":{"stringValue":"my.service"}}]},"scopeSpans":[{"scope":{"name":"my.library","version":"1.0.0",
"attributes":[{"key":"my.scope.attribute","value":{"stringValue":"some scope attribute"}}]},"spans":[{
"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173",
"name":"I'm a server span","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",
"kind":2,"attributes":[{"key":"my.span.attr","value":{"stringValue":"some value"}}]}]}]}]}"#;

impl Running {
    /// Sends a body to where telemetry is received.
    async fn export(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Response {
        let url = format!("{}{path}", self.host.otlp_url());
        let request = self.client.post(url).body(body);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }

    async fn telemetry(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(&format!("/admin/telemetry/{path}")).await).unwrap()
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn text(key: &str, value: &str) -> KeyValue {
    let value = any_value::Value::StringValue(value.to_owned());
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

fn span(trace: &str, id: &str, parent: &str, name: &str) -> Span {
    Span {
        trace_id: hex(trace),
        span_id: hex(id),
        parent_span_id: hex(parent),
        name: name.to_owned(),
        kind: 2,
        start_time_unix_nano: 1_544_712_660_000_000_000,
        end_time_unix_nano: 1_544_712_660_250_000_000,
        ..Span::default()
    }
}

fn request(service: &str, spans: Vec<Span>) -> ExportTraceServiceRequest {
    let resource =
        Resource { attributes: vec![text("service.name", service)], ..Resource::default() };
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans =
        vec![ResourceSpans { resource: Some(resource), scope_spans, ..ResourceSpans::default() }];
    ExportTraceServiceRequest { resource_spans }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn the_specifications_example_in_json_is_received_whole() {
    let app = TestApp::new().start().await;
    let answer = app.export("/v1/traces", &[("content-type", JSON)], EXAMPLE).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, JSON)
    );
    assert_eq!(answer.text().await.unwrap(), "{}");
    let told = app.telemetry(&format!("traces/{TRACE}")).await;
    let expected = json!({
        "traceId": TRACE, "spanId": "eee19b7ec3c1b174", "parentId": "eee19b7ec3c1b173",
        "service": "my.service", "name": "I'm a server span", "kind": "server",
        "startTime": "2018-12-13T14:51:00.000000Z", "durationMs": 1000.0, "depth": 0,
        "status": { "code": "unset" }, "attributes": { "my.span.attr": "some value" },
        "events": [], "links": [], "logs": [],
        "resource": { "service.name": "my.service" }, "scope": "my.library",
        "scopeAttributes": { "my.scope.attribute": "some scope attribute" },
    });
    assert_eq!(told["spans"], json!([expected]));
}

#[tokio::test]
async fn protobuf_is_received_packed_or_not_and_answered_in_kind() {
    let app = TestApp::new().start().await;
    let body = |id: &str| request("shop", vec![span(TRACE, id, "", id)]).encode_to_vec();
    let plain =
        app.export("/v1/traces", &[("content-type", PROTOBUF)], body("00000000000000a1")).await;
    assert_eq!(
        (plain.status().as_u16(), &plain.headers()["content-type"]),
        (200, &PROTOBUF.parse().unwrap())
    );
    assert!(plain.bytes().await.unwrap().is_empty(), "nothing was left out");
    let headers = [("content-type", PROTOBUF), ("content-encoding", "gzip")];
    let gzip = app.export("/v1/traces", &headers, packed(&body("00000000000000a2"))).await;
    assert_eq!(gzip.status(), 200);
    let told = app.telemetry(&format!("traces/{TRACE}")).await;
    assert_eq!(told["services"], json!({ "shop": 2 }));
}

#[tokio::test]
async fn a_span_without_ids_is_left_out_and_the_others_are_taken() {
    let app = TestApp::new().start().await;
    let spans = vec![span(TRACE, "00000000000000a1", "", "good"), span(TRACE, "", "", "bad")];
    let body = request("shop", spans).encode_to_vec();
    let answer = app.export("/v1/traces", &[("content-type", PROTOBUF)], body).await;
    assert_eq!(answer.status(), 200);
    let answer = ExportTraceServiceResponse::decode(answer.bytes().await.unwrap()).unwrap();
    let partial = answer.partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 1);
    assert_eq!(partial.error_message, "a span of shop has no valid spanId");
    let body = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"bad"}]}]}]}"#;
    let answer = app.export("/v1/traces", &[("content-type", JSON)], body).await;
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(answer["partialSuccess"]["rejectedSpans"], "1");
    assert_eq!(
        app.telemetry(&format!("traces/{TRACE}")).await["spans"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_the_reason() {
    let app = TestApp::new().start().await;
    let large = vec![b' '; (8 << 20) + 1];
    let bomb = packed(&vec![b' '; (32 << 20) + 1]);
    let gzip = [("content-type", JSON), ("content-encoding", "gzip")];
    let brotli = [("content-type", JSON), ("content-encoding", "br")];
    let json = [("content-type", JSON)];
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Vec<u8>, u16, &'a str);
    let cases: [Case<'_>; 8] = [
        ("/v1/traces", &json, b"garbage".to_vec(), 400, "no OTLP JSON"),
        ("/v1/logs", &json, br#"{"resourceLogs":1}"#.to_vec(), 400, "no OTLP JSON"),
        ("/v1/metrics", &gzip, b"garbage".to_vec(), 400, "unpacking the gzip body"),
        (
            "/v1/traces",
            &[("content-type", "text/plain")],
            Vec::new(),
            415,
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ),
        ("/v1/traces", &brotli, Vec::new(), 415, "gzip"),
        ("/v1/traces", &json, large, 413, "8388608"),
        ("/v1/traces", &gzip, bomb, 413, "33554432"),
        ("/v1/profiles", &json, b"{}".to_vec(), 404, "/v1/traces"),
    ];
    for (path, headers, body, status, said) in cases {
        let answer = app.export(path, headers, body).await;
        assert_eq!(answer.status(), status, "{path} {headers:?}");
        let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(told["code"], 3, "INVALID_ARGUMENT");
        assert!(told["message"].as_str().unwrap().contains(said), "{told}");
    }
    let garbage = app.export("/v1/traces", &[("content-type", PROTOBUF)], "\u{1}garbage").await;
    assert_eq!(
        (garbage.status().as_u16(), &garbage.headers()["content-type"]),
        (400, &PROTOBUF.parse().unwrap())
    );
    // google.rpc.Status: field 1 is the code, field 2 the message.
    let body = garbage.bytes().await.unwrap();
    assert_eq!(body[..3], [0x08, 3, 0x12]);
    assert!(String::from_utf8_lossy(&body).contains("no OTLP protobuf"), "{body:?}");
    let get = app.client.get(format!("{}/v1/traces", app.host.otlp_url())).send().await.unwrap();
    assert_eq!((get.status().as_u16(), &get.headers()["allow"]), (405, &"POST".parse().unwrap()));
    let elsewhere = [("content-type", JSON), ("sec-fetch-site", "cross-site")];
    assert_eq!(app.export("/v1/traces", &elsewhere, "{}").await.status(), 403);
}

#[tokio::test]
async fn log_records_and_figures_are_received_and_can_be_searched() {
    let app = TestApp::new().start().await;
    let resource =
        json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": "shop" } }] });
    let logs = json!({ "resourceLogs": [{ "resource": resource, "scopeLogs": [{ "logRecords": [
        { "timeUnixNano": "1544712660300000000", "severityNumber": 13, "severityText": "WARN", "traceId": null,
          "body": { "stringValue": "sold out" }, "attributes": [
            { "key": "cake", "value": { "kvlistValue": { "values": [{ "key": "n", "value": { "intValue": "3" } }] } } },
            { "key": "tags", "value": { "arrayValue": {} } }] }] }] }] });
    let answer = app.export("/v1/logs", &[("content-type", JSON)], logs.to_string()).await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap()), (200, "{}".to_owned()));
    let log = &app.telemetry("logs?service=shop").await["logs"][0];
    assert_eq!((&log["level"], &log["message"]), (&json!("warning"), &json!("sold out")));
    assert_eq!(log["attributes"], json!({ "cake": { "n": 3 }, "tags": [] }));

    let point = json!({ "startTimeUnixNano": "1", "timeUnixNano": "2", "count": "4", "sum": 10.0,
        "bucketCounts": ["0", "4", "0"], "explicitBounds": [1.0, 5.0] });
    let number = json!({ "startTimeUnixNano": "1", "timeUnixNano": "2", "asInt": "7" });
    let metrics = json!({ "resourceMetrics": [{ "resource": resource, "scopeMetrics": [{ "metrics": [
        { "name": "wait", "unit": "s", "histogram": { "aggregationTemporality": 2, "dataPoints": [point] } },
        { "name": "sold", "unit": "{cake}", "sum": { "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [number] } },
    ] }] }] });
    let answer = app.export("/v1/metrics", &[("content-type", JSON)], metrics.to_string()).await;
    assert_eq!(answer.status(), 200);
    let told = app.telemetry("metrics").await;
    let [sold, wait] = [&told["metrics"][0], &told["metrics"][1]];
    assert_eq!(
        (&sold["name"], &sold["kind"], &sold["value"]),
        (&json!("sold"), &json!("counter"), &json!(7.0))
    );
    assert_eq!(
        wait["distribution"],
        json!({ "count": 4, "sum": 10.0, "p50": 3.0, "p95": 4.8, "p99": 4.96 })
    );
    let page = app.text("/admin/page/metrics").await;
    assert!(page.contains("sold") && page.contains("{cake} · counter"), "{page}");
}

#[tokio::test]
async fn spans_of_a_handler_lie_in_the_invocation() {
    let app = TestApp::empty().function("one", &http("v1/things/{id}", &["get"])).start().await;
    let client = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let request_of_client =
        app.client.get(app.url("/v1/things/7?secret=1")).header("traceparent", &client);
    let handler = seen(request_of_client.send().await.unwrap()).await;
    let parent = header(&handler, "traceparent")[0].to_owned();
    assert_eq!((&parent[3..35], &parent[53..]), (TRACE, "01"));
    let of_handler = span(TRACE, "00000000000000b1", &parent[36..52], "GET /v1/things/{id}");
    let below = span(TRACE, "00000000000000b2", "00000000000000b1", "read_item things");
    let body = request("app", vec![below, of_handler]).encode_to_vec();
    app.export("/v1/traces", &[("content-type", PROTOBUF)], body).await;

    let told = app.telemetry(&format!("traces/{TRACE}")).await;
    let told = told["spans"].as_array().unwrap();
    let line = |span: &Value| json!([span["depth"], span["service"], span["name"]]);
    let tree: Vec<Value> = told.iter().map(line).collect();
    let expected = [
        json!([0, "host", "GET /v1/things/{id}"]),
        json!([1, "app", "GET /v1/things/{id}"]),
        json!([2, "app", "read_item things"]),
    ];
    assert_eq!(tree, expected);
    let id = app.invocation().await.id;
    let attributes = json!({
        "faas.trigger": "http", "http.request.method": "GET", "http.route": "/v1/things/{id}",
        "http.response.status_code": 200, "faas.invoked_name": "one", "faas.invocation_id": id, "iommi.app": "app",
    });
    assert_eq!(
        (&told[0]["attributes"], &told[0]["parentId"]),
        (&attributes, &json!("00f067aa0ba902b7"))
    );

    let page = app.text(&format!("/admin/page/traces/{TRACE}")).await;
    for expected in [
        "level 0: </span><strong>host</strong> GET /v1/things/{id}",
        "level 2: </span><strong>app</strong> read_item things",
        &format!("href=\"/admin/page/invocations/{id}\""),
        "250 ms",
        "which was not received",
    ] {
        assert!(page.contains(expected), "{expected} is missing in {page}");
    }
    assert!(!page.contains("secret"), "no query in {page}");
    let span = &parent[36..52];
    let invocation = app.text(&format!("/admin/page/invocations/{id}")).await;
    assert!(
        invocation.contains(&format!("/admin/page/traces/{TRACE}#span-{span}")),
        "{invocation}"
    );
}

#[tokio::test]
async fn the_list_of_traces_is_filtered_by_service_error_and_id() {
    let app = TestApp::new().start().await;
    assert_eq!(app.status("/status/200").await, 200);
    assert_eq!(app.status("/status/500").await, 500);
    let rows = eventually("both are there", || async {
        let told = app.telemetry("traces").await;
        told["traces"].as_array().filter(|rows| rows.len() == 2).cloned()
    })
    .await;
    assert_eq!((&rows[0]["errors"], &rows[1]["errors"]), (&json!(1), &json!(0)), "newest first");
    let id = rows[1]["traceId"].as_str().unwrap();
    let count = async |query: &str| {
        app.telemetry(&format!("traces?{query}")).await["traces"].as_array().unwrap().len()
    };
    assert_eq!(count("service=host").await, 2);
    assert_eq!(count("service=nobody").await, 0);
    assert_eq!(count("errors=yes").await, 1);
    assert_eq!(count(&format!("trace={}", &id[..10])).await, 1);
    let page = app.text("/admin/page/traces?errors=yes").await;
    assert_eq!(page.matches("<li class=\"bad\">").count(), 1, "{page}");
    assert!(page.contains("host: GET /{*path}"), "{page}");
}

#[tokio::test]
async fn handlers_are_told_where_to_send_unless_somebody_else_says_so() {
    let app = TestApp::new().start().await;
    assert_eq!(app.text("/env/OTEL_EXPORTER_OTLP_ENDPOINT").await, app.host.otlp_url());
    assert_eq!(app.text("/env/OTEL_EXPORTER_OTLP_PROTOCOL").await, "http/protobuf");
    assert_eq!(app.text("/env/OTEL_SERVICE_NAME").await, "app");
    let off = TestApp::new().setting("OTEL_EXPORTER_OTLP_ENDPOINT", "").start().await;
    assert_eq!(off.text("/env/OTEL_EXPORTER_OTLP_ENDPOINT").await, "");
}
