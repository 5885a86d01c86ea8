//! A log record.

use std::sync::Arc;

use serde_json::Value;

use super::{Attributes, Origin, size_bytes, value_bytes};
use crate::{
    log::Level,
    trace_ids::{SpanId, TraceId},
};

/// What a record takes beside its texts, in bytes: estimated.
const RECORD_BYTES: usize = 192;

/// Something that a program said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogRecord {
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) span_id: Option<SpanId>,
    pub(crate) origin: Arc<Origin>,
    /// Nanoseconds since 1970.
    pub(crate) at_ns: u64,
    pub(crate) level: Level,
    /// The level in the words of who logged it.
    pub(crate) severity: String,
    /// Mostly a text.
    pub(crate) body: Value,
    /// The name of the event that it is, or empty.
    pub(crate) event_name: String,
    pub(crate) attributes: Attributes,
}

impl LogRecord {
    /// About how much memory it takes.
    pub(crate) fn size_bytes(&self) -> usize {
        let texts = self.severity.len() + self.event_name.len() + value_bytes(&self.body);
        RECORD_BYTES + texts + size_bytes(&self.attributes)
    }

    /// The body as a text.
    pub(crate) fn message(&self) -> String {
        match &self.body {
            Value::String(text) => text.clone(),
            Value::Null => self.event_name.clone(),
            other => other.to_string(),
        }
    }
}
