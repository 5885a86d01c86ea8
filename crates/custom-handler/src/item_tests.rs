use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span as SdkSpan, SpanData, SpanProcessor};
use pretty_assertions::assert_eq;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::position;

/// What was exported.
#[derive(Debug, Clone, Default)]
struct Told(Arc<Mutex<Vec<SpanData>>>);

impl SpanProcessor for Told {
    fn on_start(&self, _: &mut SdkSpan, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn invocation() -> Invocation {
    let span = tracing::error_span!("invocation");
    let trace = position::begin(&span, None);
    Invocation {
        function: "changes",
        id: String::new(),
        trace,
        span,
        metadata: Default::default(),
        inputs: Default::default(),
        continued: Default::default(),
    }
}

/// What `work` tells where spans are exported.
fn told(work: impl FnOnce()) -> Vec<SpanData> {
    let told = Told::default();
    let provider = SdkTracerProvider::builder().with_span_processor(told.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    told.0.lock().unwrap().clone()
}

fn trace(span: &SpanData) -> String {
    span.span_context.trace_id().to_string()
}

#[test]
fn an_item_continues_the_trace_it_carries_and_points_at_the_invocation_as_that_does_at_it() {
    let mut positions = Vec::new();
    let spans = told(|| {
        let invocation = invocation();
        let item = invocation.item_of(&json!({ "id": "1", "traceparent": PARENT }));
        item.span().in_scope(|| positions.push(TraceContext::current()));
        positions.extend([item.trace().clone(), invocation.for_item(&item).trace().clone()]);
        item.failed("again");
    });
    let [item, invocation] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((item.name.as_ref(), trace(item).as_str()), ("changes item", &PARENT[3..35]));
    assert_eq!(item.parent_span_id.to_string(), PARENT[36..52]);
    assert_eq!(item.links[0].span_context.span_id(), invocation.span_context.span_id());
    assert_eq!(invocation.links[0].span_context.span_id(), item.parent_span_id);
    assert_eq!(item.status, Status::error(""));
    for position in positions {
        let own = (position.trace_id(), position.span_id());
        assert_eq!(own, (trace(item), item.span_context.span_id().to_string()));
    }
}

#[test]
fn an_item_without_a_trace_of_its_own_is_a_part_of_the_invocation() {
    let spans = told(|| {
        let invocation = invocation();
        drop(invocation.item(None, None));
        drop(invocation.item(Some("malformed"), None));
        let own = invocation.trace().traceparent();
        drop(invocation.item(Some(&own), None));
    });
    let (invocation, items) = spans.split_last().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        assert_eq!(trace(item), trace(invocation));
        assert_eq!(item.parent_span_id, invocation.span_context.span_id());
        assert_eq!(item.links.len(), 0);
    }
}

#[test]
fn where_nothing_is_exported_the_trace_goes_on_all_the_same() {
    tracing::subscriber::with_default(tracing_subscriber::registry(), || {
        let invocation = invocation();
        let item = invocation.item(Some(PARENT), None);
        assert_eq!(item.trace().trace_id(), PARENT[3..35]);
        item.span().in_scope(|| assert_eq!(TraceContext::current(), *item.trace()));
        invocation.span.in_scope(|| {
            let _inner = tracing::info_span!("inner").entered();
            assert_eq!(TraceContext::current(), *invocation.trace());
        });
    });
}

#[test]
fn a_trace_that_is_found_later_is_where_the_rest_of_the_invocation_stands() {
    let spans = told(|| {
        let mut invocation = invocation();
        let span = invocation.span.clone();
        invocation.continue_trace(PARENT, None);
        assert_eq!(invocation.trace().trace_id(), PARENT[3..35]);
        span.in_scope(|| assert_eq!(TraceContext::current(), *invocation.trace()));
        assert_eq!(invocation.continued.get().map(String::as_str), Some(&PARENT[3..35]));
    });
    let traces: Vec<String> = spans.iter().map(trace).collect();
    assert_eq!((traces.len(), traces.contains(&PARENT[3..35].to_owned())), (2, true));
}
