//! One trace, as far as it has come.

use std::collections::HashMap;

use super::limits::Limits;
use crate::{
    telemetry::model::{LogRecord, Span},
    trace_ids::{SpanId, TraceId},
};

/// The spans and log records of a trace, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct StoredTrace {
    pub(crate) id: TraceId,
    spans: Vec<Span>,
    by_id: HashMap<SpanId, usize>,
    logs: Vec<LogRecord>,
    bytes: usize,
    /// How many spans and log records came when there was no room for them.
    pub(crate) left_out: usize,
}

impl StoredTrace {
    pub(super) fn new(id: TraceId) -> Self {
        let (spans, logs) = (Vec::new(), Vec::new());
        Self { id, spans, by_id: HashMap::new(), logs, bytes: 0, left_out: 0 }
    }

    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub(crate) fn logs(&self) -> &[LogRecord] {
        &self.logs
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// False when there is no room.
    pub(super) fn add_span(&mut self, span: Span, limits: &Limits) -> bool {
        let size = span.size_bytes();
        if let Some(known) = self.by_id.get(&span.id) {
            let before = std::mem::replace(&mut self.spans[*known], span);
            self.bytes = self.bytes - before.size_bytes() + size;
            return true;
        }
        if !self.takes(self.spans.len() < limits.spans, size, limits) {
            return false;
        }
        self.by_id.insert(span.id, self.spans.len());
        self.spans.push(span);
        true
    }

    /// False when there is no room.
    pub(super) fn add_log(&mut self, log: LogRecord, limits: &Limits) -> bool {
        if !self.takes(self.logs.len() < limits.logs, log.size_bytes(), limits) {
            return false;
        }
        self.logs.push(log);
        true
    }

    fn takes(&mut self, is_one_more_allowed: bool, size: usize, limits: &Limits) -> bool {
        let fits = is_one_more_allowed && self.bytes + size <= limits.trace_bytes;
        if fits {
            self.bytes += size;
        } else {
            self.left_out += 1;
        }
        fits
    }
}
