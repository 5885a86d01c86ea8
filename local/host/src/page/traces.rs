//! The latest traces, newest first.

use std::collections::BTreeSet;

use askama::Template;
use serde::Serialize;

use super::{
    Visit,
    frame::Frame,
    moments::{clock, moment, ms, took},
};
use crate::telemetry::{Held, StoredTrace, tree};

/// How many traces the page has.
const ROWS_MAX: usize = 100;

#[derive(Template, Serialize)]
#[template(path = "traces.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Traces {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    services: BTreeSet<String>,
    filter: Filter,
    #[serde(skip)]
    held: Held,
    traces: Vec<TraceRow>,
    forgotten: crate::telemetry::Forgotten,
}

/// Which traces are wanted. Missing: all.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Filter {
    /// Traces with a span of this service.
    service: Option<String>,
    /// Only those in which something failed.
    errors: bool,
    /// The id, or its beginning.
    trace: Option<String>,
}

/// A trace in one line.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TraceRow {
    pub(super) trace_id: String,
    /// The service and the name of the first root.
    pub(super) root_service: String,
    pub(super) root_name: String,
    pub(super) services: BTreeSet<String>,
    pub(super) spans: usize,
    pub(super) errors: usize,
    pub(super) started_at: String,
    pub(super) duration_ms: f64,
}

impl Traces {
    pub(super) fn of(visit: &Visit) -> Self {
        let text = |name| visit.query(name).map(|text| text.trim().to_owned());
        let filter = Filter {
            service: text("service"),
            errors: visit.query("errors").is_some(),
            trace: text("trace").map(|trace| trace.to_ascii_lowercase()),
        };
        let platform = &visit.page.platform;
        let apps = platform.apps.iter().map(|running| running.app.name.clone());
        let simulators = platform.simulators.all().iter().map(|simulator| simulator.name.clone());
        let traces = platform
            .telemetry
            .newest(ROWS_MAX, |trace| filter.wants(trace).then(|| TraceRow::new(trace)).flatten());
        let of_traces = traces.iter().flat_map(|row| row.services.clone());
        Self {
            frame: Frame::new(visit, "Traces", "traces"),
            services: apps.chain(simulators).chain(of_traces).collect(),
            filter,
            held: platform.telemetry.held(),
            traces,
            forgotten: platform.telemetry.forgotten(),
        }
    }

    fn has(&self, service: &str) -> bool {
        self.filter.service.as_deref() == Some(service)
    }

    fn held_mib(&self) -> usize {
        self.held.bytes.div_ceil(1 << 20)
    }
}

impl Filter {
    fn wants(&self, trace: &StoredTrace) -> bool {
        let of_service =
            |service: &String| trace.spans().iter().any(|span| span.origin.service == *service);
        self.service.as_ref().is_none_or(of_service)
            && (!self.errors || trace.spans().iter().any(|span| span.is_error()))
            && self.trace.as_ref().is_none_or(|id| trace.id.to_string().starts_with(id))
    }
}

impl TraceRow {
    /// Nothing of a trace of which there are log records alone.
    fn new(trace: &StoredTrace) -> Option<Self> {
        let spans = trace.spans();
        let root = tree::first_root(spans)?;
        let start_ns = spans.iter().map(|span| span.start_ns).min()?;
        let end_ns = spans.iter().map(|span| span.end_ns).max()?;
        Some(Self {
            trace_id: trace.id.to_string(),
            root_service: root.origin.service.clone(),
            root_name: root.name.clone(),
            services: spans.iter().map(|span| span.origin.service.clone()).collect(),
            spans: spans.len(),
            errors: spans.iter().filter(|span| span.is_error()).count(),
            started_at: moment(start_ns),
            duration_ms: ms(end_ns.saturating_sub(start_ns)),
        })
    }

    fn took(&self) -> String {
        took(self.duration_ms)
    }

    fn clock(&self) -> String {
        clock(&self.started_at)
    }

    fn short(&self) -> &str {
        &self.trace_id[..8]
    }
}
