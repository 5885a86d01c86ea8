use std::sync::mpsc;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::*;

/// What an app tells that says nothing of anybody but in the places of the values in `said`.
struct Telling {
    lines: mpsc::Sender<String>,
    heard: Heard,
}

impl Telling {
    async fn start() -> Self {
        let (heard, lines) = Heard::start().await;
        Self { lines, heard }
    }

    async fn tells<M>(&self, path: &str, told: Value)
    where
        M: prost::Message + for<'a> serde::Deserialize<'a>,
    {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let message: M = serde_json::from_value(told).unwrap();
        let request = reqwest::Client::new().post(format!("{}{path}", self.heard.url()));
        let answer = request.body(message.encode_to_vec()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    async fn span(&self, name: &str, attribute: &str) {
        let span = json!({
            "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "parentSpanId": "",
            "traceState": "", "flags": 1, "name": name, "kind": 2, "startTimeUnixNano": "1", "endTimeUnixNano": "2",
            "attributes": [{"key": "http.route", "value": {"stringValue": attribute}}],
            "droppedAttributesCount": 0, "events": [], "droppedEventsCount": 0, "links": [], "droppedLinksCount": 0,
            "status": {"message": "", "code": 0},
        });
        let told = json!({"resourceSpans": [{
            "resource": resource(), "schemaUrl": "",
            "scopeSpans": [{"scope": null, "spans": [span], "schemaUrl": ""}],
        }]});
        self.tells::<ExportTraceServiceRequest>("/v1/traces", told).await;
    }
}

fn resource() -> Value {
    let name = json!({"key": "service.name", "value": {"stringValue": "cakes"}});
    json!({"attributes": [name], "droppedAttributesCount": 0, "entityRefs": []})
}

#[tokio::test]
async fn a_mark_is_found_in_a_spans_name_and_attribute_and_in_a_line_of_the_log() {
    let marks = Marks::new(7);
    let (name, email, four) =
        (marks.new_mark(Kind::Name), marks.new_mark(Kind::Email), marks.new_mark(Kind::LastFour));
    let mut telling = Telling::start().await;
    telling.span("GET /cakes/{name}", "/cakes/{name}").await;
    let line = |because: &str| {
        json!({"app": "cakes", "message": "request failed", "because": because}).to_string()
    };
    telling.lines.send(line("the oven is cold")).unwrap();
    assert_eq!(telling.heard.findings(&marks, &[]), [""; 0]);

    telling.span(&format!("GET /cakes/{name}"), "/cakes/{name}").await;
    telling.span("GET /cakes", &email.to_uppercase()).await;
    telling.lines.send(line(&four)).unwrap();
    telling.lines.send(format!("panicked at {name}")).unwrap();
    let found = telling.heard.findings(&marks, &[]);
    let has = |place: &str| found.iter().any(|found| found.contains(place));
    assert!(has(&format!("a span of cakes: GET /cakes/{name} > name")), "{found:#?}");
    assert!(has("a span of cakes: GET /cakes > http.route"), "{found:#?}");
    assert!(has("a line of the log of cakes, \"request failed\": because"), "{found:#?}");
    assert!(has("in a line of the log: panicked at"), "{found:#?}");
}

#[tokio::test]
async fn a_mark_is_found_in_records_and_figures_and_in_what_is_no_message_at_all() {
    let marks = Marks::new(7);
    let secret = marks.new_mark(Kind::Secret);
    let mut telling = Telling::start().await;
    let record = json!({
        "timeUnixNano": "1", "observedTimeUnixNano": "1", "severityNumber": 9, "severityText": "INFO",
        "body": {"stringValue": format!("key {secret}")}, "attributes": [], "droppedAttributesCount": 0,
        "flags": 0, "traceId": "", "spanId": "", "eventName": "",
    });
    let scope = json!({"scope": null, "logRecords": [record], "schemaUrl": ""});
    let told =
        json!({"resourceLogs": [{"resource": resource(), "scopeLogs": [scope], "schemaUrl": ""}]});
    telling.tells::<ExportLogsServiceRequest>("/v1/logs", told).await;
    let label = json!({"key": "state", "value": {"stringValue": secret}});
    let point = json!({
        "attributes": [label], "startTimeUnixNano": "1", "timeUnixNano": "2", "exemplars": [], "flags": 0, "asDouble": 1.0,
    });
    let figure = json!({
        "name": "iommi.cakes", "description": "", "unit": "1", "metadata": [], "gauge": {"dataPoints": [point]},
    });
    let scope = json!({"scope": null, "metrics": [figure], "schemaUrl": ""});
    let told = json!({"resourceMetrics": [{"resource": resource(), "scopeMetrics": [scope], "schemaUrl": ""}]});
    telling.tells::<ExportMetricsServiceRequest>("/v1/metrics", told).await;
    let url = format!("{}/v1/profiles", telling.heard.url());
    reqwest::Client::new().post(url).body(secret.clone()).send().await.unwrap();
    let found = telling.heard.findings(&marks, &[]);
    let has = |place: &str| found.iter().any(|found| found.contains(place));
    assert!(has("a log record of cakes: body"), "{found:#?}");
    assert!(has("a figure of cakes: iommi.cakes > gauge > dataPoints > state"), "{found:#?}");
    assert!(has("a message to /v1/profiles"), "{found:#?}");
}
