//! A trace: every span that was received and the host's own, as a tree on one time axis, with what was logged in each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use askama::Template;
use http::StatusCode;
use serde::Serialize;

use super::{
    Visit,
    answers::Refusal,
    frame::Frame,
    log_lines::{self, LineView},
    moments::{moment, ms, took},
    span_view::{LogView, SpanView, text},
};
use crate::{
    platform::Platform,
    telemetry::{StoredTrace, model::Span, tree},
    trace_ids::{SpanId, TraceId},
};

/// How many spans are shown on the page; all of them are in the JSON.
const ROWS_MAX: usize = 1_000;

/// How many log records are shown of one span.
const LOGS_SHOWN: usize = 50;

/// How many traces are named that have to do with this one.
const LINKED_MAX: usize = 50;

/// How many invocations are asked for what their handlers wrote: each is one reading of the log.
const INVOCATIONS_MAX: usize = 20;

/// How many colours services have.
const COLOURS: usize = 8;

/// The width of the time axis, in the units of the drawing.
const AXIS: f64 = 1_000.0;

/// The least width of a bar: what is short is still seen.
const BAR_MIN: f64 = 4.0;

#[derive(Template, Serialize)]
#[template(path = "trace.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct TracePage {
    #[serde(skip)]
    frame: Frame,
    trace_id: String,
    started_at: String,
    duration_ms: f64,
    /// How many spans each service has.
    services: BTreeMap<String, usize>,
    errors: usize,
    /// How many spans and log records came when there was no room for them.
    left_out: usize,
    spans: Vec<SpanView>,
    /// Log records of the trace that name no span of it.
    logs: Vec<LogView>,
    /// Traces that link to this one, or that it links to.
    linked: BTreeSet<String>,
    /// What handlers wrote to their consoles about it.
    console: Vec<LineView>,
    #[serde(skip)]
    start_ns: u64,
}

impl TracePage {
    pub(super) fn of(visit: &Visit, trace_id: &str) -> Result<Self, Refusal> {
        let Some(id) = TraceId::parse(trace_id) else {
            return Err(Refusal::bad("a trace id is 32 hexadecimal digits"));
        };
        let platform = &visit.page.platform;
        let trace = platform.telemetry.trace(id).ok_or_else(|| {
            let message =
                "no span of this trace is remembered: none was received, or it was forgotten since";
            Refusal::new(StatusCode::NOT_FOUND, message)
        })?;
        let frame = Frame::new(visit, format!("Trace {}", &id.to_string()[..8]), "traces");
        let linked = linked(platform, &trace);
        let console = console(platform, &trace);
        Ok(Self { linked, console, ..Self::new(frame, &trace) })
    }

    fn new(frame: Frame, trace: &StoredTrace) -> Self {
        let spans = trace.spans();
        let start_ns = spans.iter().map(|span| span.start_ns).min().unwrap_or_default();
        let end_ns = spans.iter().map(|span| span.end_ns).max().unwrap_or_default();
        let (mut by_span, logs) = logs(trace);
        let mut services: BTreeMap<String, usize> = BTreeMap::new();
        for span in spans {
            *services.entry(span.origin.service.clone()).or_default() += 1;
        }
        let view = |node: &tree::Node<'_>| {
            SpanView::new(node, by_span.remove(&node.span.id).unwrap_or_default())
        };
        Self {
            frame,
            trace_id: trace.id.to_string(),
            started_at: moment(start_ns),
            duration_ms: ms(end_ns.saturating_sub(start_ns)),
            services,
            errors: spans.iter().filter(|span| span.is_error()).count(),
            left_out: trace.left_out,
            spans: tree::ordered(spans).iter().map(view).collect(),
            logs,
            linked: BTreeSet::new(),
            console: Vec::new(),
            start_ns,
        }
    }

    /// The rows that the page shows.
    fn rows(&self) -> &[SpanView] {
        &self.spans[..self.spans.len().min(ROWS_MAX)]
    }

    fn duration(&self) -> String {
        took(self.duration_ms)
    }

    /// The number of a service's colour: services of one trace differ, as far as there are colours.
    fn colour(&self, service: &str) -> usize {
        self.services.keys().position(|known| known == service).unwrap_or_default() % COLOURS
    }

    /// From the beginning of the trace.
    fn offset(&self, span: &SpanView) -> String {
        format!("+{}", took(ms(span.start_ns.saturating_sub(self.start_ns))))
    }

    fn place(&self, ns: u64) -> f64 {
        let whole_ms = self.duration_ms.max(0.001);
        (ms(ns.saturating_sub(self.start_ns)) * AXIS / whole_ms).clamp(0.0, AXIS)
    }

    fn width(&self, span: &SpanView) -> f64 {
        (self.place(span.end_ns) - self.place(span.start_ns)).max(BAR_MIN)
    }

    fn x(&self, span: &SpanView) -> f64 {
        self.place(span.start_ns).min(AXIS - self.width(span))
    }

    /// Where events happened and something was logged.
    fn ticks(&self, span: &SpanView) -> Vec<f64> {
        let logs = span.logs.iter().map(|log| log.at_ns);
        let moments = span.events.iter().map(|event| event.at_ns).chain(logs);
        moments.map(|at_ns| self.place(at_ns)).take(LOGS_SHOWN).collect()
    }

    fn shown<'a>(&self, logs: &'a [LogView]) -> &'a [LogView] {
        &logs[..logs.len().min(LOGS_SHOWN)]
    }
}

/// The log records of each span, and those of no span that is there, each in the order of time.
fn logs(trace: &StoredTrace) -> (HashMap<SpanId, Vec<LogView>>, Vec<LogView>) {
    let known: HashSet<SpanId> = trace.spans().iter().map(|span| span.id).collect();
    let mut records: Vec<_> = trace.logs().iter().collect();
    records.sort_by_key(|record| record.at_ns);
    let (mut by_span, mut others): (HashMap<_, Vec<_>>, _) = (HashMap::new(), Vec::new());
    for record in records {
        match record.span_id.filter(|id| known.contains(id)) {
            Some(id) => by_span.entry(id).or_default().push(LogView::new(record)),
            None => others.push(LogView::new(record)),
        }
    }
    (by_span, others)
}

/// The traces that this one links to, and those that link to it.
fn linked(platform: &Platform, trace: &StoredTrace) -> BTreeSet<String> {
    let leads_to = |span: &Span, id: TraceId| span.links.iter().any(|link| link.to.trace == id);
    let to = trace.spans().iter().flat_map(|span| &span.links).map(|link| link.to.trace);
    let from = platform.telemetry.newest(LINKED_MAX, |other| {
        other.spans().iter().any(|span| leads_to(span, trace.id)).then_some(other.id)
    });
    let both = to.chain(from).filter(|id| *id != trace.id);
    both.take(LINKED_MAX).map(|id| id.to_string()).collect()
}

/// Lines that name the trace or one of its invocations.
fn console(platform: &Platform, trace: &StoredTrace) -> Vec<LineView> {
    let ids = trace.spans().iter().filter_map(|span| span.attributes.get("faas.invocation_id"));
    let mut mentioned: BTreeSet<String> = ids.map(text).take(INVOCATIONS_MAX).collect();
    mentioned.insert(trace.id.to_string());
    log_lines::about(platform.log.book(), &Vec::from_iter(mentioned), None)
}

#[cfg(test)]
mod tests;
