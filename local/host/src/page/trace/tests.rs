use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::{
    log::Level,
    telemetry::{
        Store,
        model::{Attributes, Kind, LogRecord, Origin, SpanEvent, Status},
    },
};

const MS: u64 = 1_000_000;

fn trace_id() -> TraceId {
    TraceId::parse(&"a".repeat(32)).unwrap()
}

fn id(number: u64) -> SpanId {
    SpanId::from_bytes(&number.to_be_bytes()).unwrap()
}

fn origin(service: &str) -> Arc<Origin> {
    Arc::new(Origin::of(Attributes::from_iter([("service.name".to_owned(), json!(service))])))
}

fn span(number: u64, parent: u64, start_ms: u64, duration_ms: u64) -> Span {
    Span {
        trace_id: trace_id(),
        id: id(number),
        parent_id: SpanId::from_bytes(&parent.to_be_bytes()),
        origin: origin("<b>service"),
        name: "<img src=x>".into(),
        kind: Kind::Server,
        start_ns: start_ms * MS,
        end_ns: (start_ms + duration_ms) * MS,
        attributes: Attributes::from_iter([("<i>".to_owned(), json!("<script>alert(1)</script>"))]),
        status: Status::Error("<u>bad".into()),
        events: vec![SpanEvent {
            name: "<s>".into(),
            at_ns: start_ms * MS,
            attributes: Attributes::new(),
        }],
        links: Vec::new(),
    }
}

fn log(span_id: Option<SpanId>, text: &str) -> LogRecord {
    LogRecord {
        trace_id: Some(trace_id()),
        span_id,
        origin: origin("app"),
        at_ns: MS,
        level: Level::Warning,
        severity: "WARN".into(),
        body: text.into(),
        event_name: String::new(),
        attributes: Attributes::from_iter([("rows".to_owned(), json!(3))]),
    }
}

fn page(spans: Vec<Span>, logs: Vec<LogRecord>) -> TracePage {
    let store = Store::default();
    store.add_spans(spans);
    store.add_logs(logs);
    TracePage::new(Frame::for_tests(), &store.trace(trace_id()).unwrap())
}

#[test]
fn bars_stand_where_their_spans_ran_and_stay_on_the_axis() {
    let page = page(vec![span(1, 0, 0, 100), span(2, 1, 50, 50), span(3, 1, 100, 0)], Vec::new());
    let bars: Vec<_> = page.spans.iter().map(|span| (page.x(span), page.width(span))).collect();
    assert_eq!(bars, [(0.0, 1_000.0), (500.0, 500.0), (996.0, BAR_MIN)]);
    assert_eq!((page.duration(), page.errors), ("100 ms".to_owned(), 3));
    let offsets: Vec<_> = page.spans.iter().map(|span| page.offset(span)).collect();
    assert_eq!(offsets, ["+0.0 ms", "+50 ms", "+100 ms"]);
    assert_eq!(page.spans.iter().map(|span| span.depth).collect::<Vec<_>>(), [0, 1, 1]);
}

#[test]
fn what_programs_say_is_escaped() {
    let page = page(vec![span(1, 0, 0, 1)], vec![log(Some(id(1)), "<script>"), log(None, "<em>")]);
    let html = page.render().unwrap();
    for tag in ["<b>service", "<img", "<script>alert", "<u>bad", "<s>", "<i>", "<em>"] {
        assert!(!html.contains(tag), "{tag} in {html}");
    }
}

#[test]
fn log_records_stand_in_their_span_or_below() {
    let page = page(
        vec![span(1, 0, 0, 1)],
        vec![log(Some(id(1)), "in it"), log(Some(id(9)), "elsewhere"), log(None, "nowhere")],
    );
    let texts = |logs: &[LogView]| logs.iter().map(|log| log.message.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&page.spans[0].logs), ["in it"]);
    assert_eq!(texts(&page.logs), ["elsewhere", "nowhere"]);
    assert_eq!(page.logs[0].fields(), "rows=3");
}

#[test]
fn of_a_long_trace_the_page_shows_the_beginning() {
    let spans = (1..=1_500).map(|number| span(number, 1, number, 1)).collect();
    let page = page(spans, Vec::new());
    let html = page.render().unwrap();
    assert_eq!(html.matches("<rect ").count(), ROWS_MAX);
    assert!(html.contains("500 more spans are not shown"), "{}", html.len());
}
