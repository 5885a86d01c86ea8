//! All telemetry that is remembered, as JSON: for tests that look for what must be there, or must not.

use http::{Response, StatusCode};
use serde_json::json;

use super::{
    Visit,
    answers::{self, Refusal},
    metrics::Metrics,
    span_view::{LogView, SpanView},
    trace::TracePage,
    traces::Traces,
};
use crate::{
    http::{ReplyBody, document::kept_nowhere, reply},
    telemetry::tree,
};

/// `/admin/telemetry/…`.
pub(super) fn answer(visit: &Visit, segments: &[&str]) -> Result<Response<ReplyBody>, Refusal> {
    match segments {
        ["traces"] => answers::shown(visit.form, &Traces::of(visit)),
        ["traces", id] => answers::shown(visit.form, &TracePage::of(visit, id)?),
        ["spans"] => Ok(spans(visit)),
        ["logs"] => Ok(logs(visit)),
        ["metrics"] => answers::shown(visit.form, &Metrics::of(visit)),
        _ => {
            let message = "there are telemetry/traces, traces/ID, spans, logs and metrics";
            Err(Refusal::new(StatusCode::NOT_FOUND, message))
        }
    }
}

/// Every span, by trace.
fn spans(visit: &Visit) -> Response<ReplyBody> {
    let (telemetry, service) = (&visit.page.platform.telemetry, visit.query("service"));
    let is_wanted = |view: &SpanView| service.is_none_or(|service| service == view.service);
    let of_traces = telemetry.newest(usize::MAX, |trace| {
        let nodes = tree::ordered(trace.spans());
        Some(nodes.iter().map(|node| SpanView::new(node, Vec::new())).collect::<Vec<_>>())
    });
    let spans: Vec<SpanView> = of_traces.into_iter().flatten().filter(is_wanted).collect();
    let all = json!({ "spans": spans, "forgotten": telemetry.forgotten() });
    kept_nowhere(reply::json(StatusCode::OK, &all))
}

/// Every log record, those of no trace last.
fn logs(visit: &Visit) -> Response<ReplyBody> {
    let (telemetry, service) = (&visit.page.platform.telemetry, visit.query("service"));
    let records = telemetry.logs(|log| service.is_none_or(|service| service == log.origin.service));
    let logs: Vec<LogView> = records.iter().map(LogView::new).collect();
    let all = json!({ "logs": logs, "forgotten": telemetry.forgotten() });
    kept_nowhere(reply::json(StatusCode::OK, &all))
}
