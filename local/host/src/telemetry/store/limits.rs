//! How much is kept.

/// Traces.
const TRACES_MAX: usize = 5_000;
/// Spans of one trace.
const SPANS_MAX: usize = 5_000;
/// Log records of one trace.
const LOGS_MAX: usize = 2_000;
/// One trace, in bytes.
const TRACE_MAX_BYTES: usize = 8 << 20;
/// All traces, in bytes.
const TRACES_MAX_BYTES: usize = 64 << 20;
/// Log records of no trace.
const OTHER_LOGS_MAX: usize = 10_000;
/// Log records of no trace, in bytes.
const OTHER_LOGS_MAX_BYTES: usize = 8 << 20;
/// Metrics, counted by service, name and attributes.
const SERIES_MAX: usize = 5_000;

/// How much is kept. Memory is estimated, not measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) traces: usize,
    /// Of one trace.
    pub(crate) spans: usize,
    /// Of one trace.
    pub(crate) logs: usize,
    /// Of one trace.
    pub(crate) trace_bytes: usize,
    /// Of all traces.
    pub(crate) traces_bytes: usize,
    /// Log records of no trace.
    pub(crate) other_logs: usize,
    pub(crate) other_logs_bytes: usize,
    pub(crate) series: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            traces: TRACES_MAX,
            spans: SPANS_MAX,
            logs: LOGS_MAX,
            trace_bytes: TRACE_MAX_BYTES,
            traces_bytes: TRACES_MAX_BYTES,
            other_logs: OTHER_LOGS_MAX,
            other_logs_bytes: OTHER_LOGS_MAX_BYTES,
            series: SERIES_MAX,
        }
    }
}
