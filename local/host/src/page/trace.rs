//! A trace: every invocation that belongs to it, on one time axis.
//!
//! An invocation belongs when it ran within the trace, when its input carries the trace's id (as a message does that
//! was written in the trace), or when a line it logged names it. A function that was called by a trigger runs in a
//! trace of its own; asked for that, the page shows the traces that its input names too, so that the whole story is
//! there from whichever end one comes.

use std::collections::BTreeSet;

use askama::Template;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    Visit,
    answers::Refusal,
    frame::Frame,
    invocations::InvocationRow,
    log_lines::{self, LineView},
};
use crate::{InvocationRecord, platform::Platform};

/// How many invocations of a trace are shown.
const ROWS_MAX: usize = 200;

/// How many of them are asked for the lines they logged: each is one reading of the log.
const LOGS_MAX: usize = 20;

/// How many traces are shown as one: an invocation for a page of documents may name many.
const TRACES_MAX: usize = 16;

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
    spans: Vec<SpanView>,
    log: Vec<LineView>,
}

/// A trace, and those that the inputs of its invocations name.
fn with_named(platform: &Platform, trace_id: &str) -> BTreeSet<String> {
    let records = platform.journal.select(ROWS_MAX, None, |record| record.trace_id == trace_id);
    let exchanges = records.iter().filter_map(|record| platform.exchanges.of(record.id));
    let named = exchanges.flat_map(|exchange| exchange.named_traces);
    std::iter::once(trace_id.to_owned()).chain(named).take(TRACES_MAX).collect()
}

/// An invocation on the axis.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanView {
    invocation: InvocationRow,
    /// From the beginning of the trace.
    offset_ms: f64,
    #[serde(skip)]
    x: f64,
    #[serde(skip)]
    width: f64,
    /// Where it logged something.
    #[serde(skip)]
    ticks: Vec<f64>,
}

impl TracePage {
    pub(super) fn of(visit: &Visit, trace_id: &str) -> Result<Self, Refusal> {
        let platform = &visit.page.platform;
        let is_id = trace_id.len() == 32 && trace_id.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_id {
            return Err(Refusal::bad("a trace id is 32 hexadecimal digits"));
        }
        let trace_id = trace_id.to_ascii_lowercase();
        let traces = with_named(platform, &trace_id);
        let mut ids: BTreeSet<_> = BTreeSet::new();
        for trace in &traces {
            ids.extend(platform.exchanges.mentioning(trace));
            ids.extend(log_lines::invocations_of(platform.log.book(), trace));
        }
        let belongs = |record: &InvocationRecord| {
            traces.contains(&record.trace_id) || ids.contains(&record.id)
        };
        let mut records = platform.journal.select(ROWS_MAX, None, belongs);
        records.reverse();
        records.sort_by_key(|record| record.started_at);
        if records.is_empty() {
            let message = "no remembered invocation belongs to this trace";
            return Err(Refusal::new(StatusCode::NOT_FOUND, message));
        }
        let mut mentioned: Vec<String> =
            records.iter().take(LOGS_MAX).map(|record| record.id.to_string()).collect();
        mentioned.extend(traces);
        let log = log_lines::about(platform.log.book(), &mentioned, None);
        let frame = Frame::new(visit, format!("Trace {}", &trace_id[..8]), "invocations");
        Ok(Self::new(frame, trace_id, &records, log))
    }

    fn new(
        frame: Frame,
        trace_id: String,
        records: &[InvocationRecord],
        log: Vec<LineView>,
    ) -> Self {
        let begin = records.iter().map(|record| record.started_at).min().unwrap_or_default();
        let end = records.iter().map(ended_at).max().unwrap_or_default();
        let whole_ms = ms_between(begin, end).max(0.001);
        let scale = AXIS / whole_ms;
        let place = |moment| (ms_between(begin, moment) * scale).clamp(0.0, AXIS);
        let span = |record: &InvocationRecord| {
            let width = (place(ended_at(record)) - place(record.started_at)).max(BAR_MIN);
            let x = place(record.started_at).min(AXIS - width);
            let within = |line: &&LineView| {
                (record.started_at..=ended_at(record)).contains(&line.moment)
                    && line.source.starts_with(&record.app)
            };
            let ticks = log.iter().filter(within).map(|line| place(line.moment)).collect();
            SpanView {
                invocation: InvocationRow::new(record),
                offset_ms: ms_between(begin, record.started_at),
                x,
                width,
                ticks,
            }
        };
        let spans = records.iter().map(span).collect();
        Self {
            frame,
            trace_id,
            started_at: format!("{begin:.3}"),
            duration_ms: whole_ms,
            spans,
            log,
        }
    }

    fn duration(&self) -> String {
        format!("{:.1} ms", self.duration_ms)
    }
}

impl SpanView {
    fn offset(&self) -> String {
        format!("+{:.1} ms", self.offset_ms)
    }
}

fn ended_at(record: &InvocationRecord) -> Timestamp {
    let lasted = SignedDuration::try_from(record.duration).unwrap_or(SignedDuration::ZERO);
    record.started_at.saturating_add(lasted).unwrap_or(record.started_at)
}

fn ms_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;
    use crate::Outcome;

    fn record(number: u128, start_ms: i64, duration_ms: u64) -> InvocationRecord {
        InvocationRecord {
            id: Uuid::from_u128(number),
            app: "<b>app".into(),
            function: "f".into(),
            trigger: "queue",
            about: "<img src=x>".into(),
            status: Some(200),
            outcome: Outcome::Answered,
            started_at: Timestamp::from_millisecond(start_ms).unwrap(),
            duration: Duration::from_millis(duration_ms),
            trace_id: "0".repeat(32),
        }
    }

    #[test]
    fn bars_stand_where_their_invocations_ran_and_stay_on_the_axis() {
        let records = [record(1, 0, 100), record(2, 50, 50), record(3, 100, 0)];
        let page = TracePage::new(Frame::for_tests(), "0".repeat(32), &records, Vec::new());
        let bars: Vec<_> = page.spans.iter().map(|span| (span.x, span.width)).collect();
        assert_eq!(bars, [(0.0, 1_000.0), (500.0, 500.0), (996.0, BAR_MIN)]);
        assert_eq!(page.duration(), "100.0 ms");
        let html = page.render().unwrap();
        assert!(!html.contains("<b>app") && !html.contains("<img"), "{html}");
    }
}
