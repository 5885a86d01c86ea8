use std::sync::Arc;

use super::*;
use crate::{
    log::Level,
    telemetry::model::{Attributes, Figure, Kind, Status},
    trace_ids::SpanId,
};

fn span(trace_id: TraceId, name: &str) -> Span {
    Span {
        trace_id,
        id: SpanId::random(),
        parent_id: None,
        origin: Arc::default(),
        name: name.to_owned(),
        kind: Kind::Internal,
        start_ns: 1,
        end_ns: 2,
        attributes: Attributes::new(),
        status: Status::Unset,
        events: Vec::new(),
        links: Vec::new(),
    }
}

fn log(trace_id: Option<TraceId>, text: &str) -> LogRecord {
    LogRecord {
        trace_id,
        span_id: None,
        origin: Arc::default(),
        at_ns: 1,
        level: Level::Info,
        severity: String::new(),
        body: text.into(),
        event_name: String::new(),
        attributes: Attributes::new(),
    }
}

fn point(name: &str) -> Point {
    Point {
        origin: Arc::default(),
        name: name.to_owned(),
        unit: String::new(),
        description: String::new(),
        kind: "counter",
        attributes: Attributes::new(),
        start_ns: 1,
        at_ns: 1,
        is_delta: false,
        figure: Figure::Number(1.0),
        exemplars: Vec::new(),
    }
}

fn names(store: &Store) -> Vec<Vec<String>> {
    store.newest(usize::MAX, |trace| {
        Some(trace.spans().iter().map(|span| span.name.clone()).collect())
    })
}

#[test]
fn the_oldest_traces_go_when_there_are_too_many() {
    let store = Store::with(Limits { traces: 2, ..Limits::default() });
    let ids = [TraceId::random(), TraceId::random(), TraceId::random()];
    store.add_spans([span(ids[0], "a"), span(ids[1], "b"), span(ids[0], "c"), span(ids[2], "d")]);
    assert_eq!(names(&store), [["d"], ["b"]]);
    let gone = Forgotten { traces: 1, spans: 2, ..Forgotten::default() };
    assert_eq!(store.forgotten(), gone);
}

#[test]
fn the_oldest_traces_go_when_they_are_too_large_together() {
    let one = span(TraceId::random(), "a").size_bytes();
    let store = Store::with(Limits { traces_bytes: 3 * one, ..Limits::default() });
    for name in ["a", "b", "c", "d", "e"] {
        store.add_spans([span(TraceId::random(), name)]);
    }
    assert_eq!(names(&store), [["e"], ["d"], ["c"]]);
    assert_eq!(store.held(), Held { traces: 3, bytes: 3 * one });
}

#[test]
fn one_endless_trace_keeps_its_beginning_and_counts_the_rest() {
    let store = Store::with(Limits { spans: 2, logs: 1, ..Limits::default() });
    let id = TraceId::random();
    store.add_spans(["a", "b", "c"].map(|name| span(id, name)));
    store.add_logs(["x", "y"].map(|text| log(Some(id), text)));
    let trace = store.trace(id).unwrap();
    assert_eq!((trace.spans().len(), trace.logs().len(), trace.left_out), (2, 1, 2));
    assert_eq!(store.forgotten(), Forgotten { spans: 1, logs: 1, ..Forgotten::default() });
}

#[test]
fn a_span_that_is_sent_again_is_there_once() {
    let (store, id) = (Store::default(), TraceId::random());
    let first = span(id, "before");
    let again = Span { name: "after".into(), ..first.clone() };
    store.add_spans([first]);
    let held = store.held();
    store.add_spans([again.clone()]);
    assert_eq!(store.trace(id).unwrap().spans(), [again]);
    assert_eq!(store.held(), Held { bytes: held.bytes - 1, ..held }, "a shorter name");
}

#[test]
fn log_records_without_a_trace_and_metrics_have_limits_of_their_own() {
    let store = Store::with(Limits { other_logs: 2, series: 1, ..Limits::default() });
    store.add_logs(["a", "b", "c"].map(|text| log(None, text)));
    store.add_points(["m", "m", "n"].map(point));
    let texts: Vec<_> = store.logs(|_| true).iter().map(LogRecord::message).collect();
    assert_eq!(texts, ["b", "c"]);
    assert_eq!(store.series().len(), 1);
    assert_eq!(store.forgotten(), Forgotten { logs: 1, metrics: 1, ..Forgotten::default() });
}
