//! The latest telemetry, in memory: traces with their log records, other log records, figures. When a limit is reached
//! the oldest goes.

mod limits;
mod of_trace;
mod ring;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use self::ring::Ring;
pub(crate) use self::{limits::Limits, of_trace::StoredTrace};
use super::model::{LogRecord, Point, Series, SeriesKey, Span};
use crate::trace_ids::TraceId;

/// What was received and is still there.
#[derive(Debug)]
pub(crate) struct Store {
    limits: Limits,
    held: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    traces: Ring,
    /// Of no trace, oldest first.
    other_logs: std::collections::VecDeque<LogRecord>,
    other_logs_bytes: usize,
    series: BTreeMap<SeriesKey, Series>,
    forgotten: Forgotten,
}

/// How much was received and is not there any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Forgotten {
    pub(crate) traces: u64,
    pub(crate) spans: u64,
    pub(crate) logs: u64,
    pub(crate) metrics: u64,
}

/// How much is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) traces: usize,
    pub(crate) bytes: usize,
}

impl Default for Store {
    fn default() -> Self {
        Self::with(Limits::default())
    }
}

impl Store {
    pub(crate) fn with(limits: Limits) -> Self {
        Self { limits, held: Mutex::default() }
    }

    /// Keeps spans; one with an id that is known takes the place of the one before, as when it is sent again.
    pub(crate) fn add_spans(&self, spans: impl IntoIterator<Item = Span>) {
        let (limits, mut state) = (&self.limits, self.lock());
        let State { traces, forgotten, .. } = &mut *state;
        for span in spans {
            traces.change(span.trace_id, |trace| {
                forgotten.spans += u64::from(!trace.add_span(span, limits));
            });
        }
        let gone = traces.shrink(limits);
        gone.iter().for_each(|trace| forgotten.add(trace));
    }

    /// Keeps log records, each with its trace if it names one.
    pub(crate) fn add_logs(&self, logs: impl IntoIterator<Item = LogRecord>) {
        let (limits, mut state) = (&self.limits, self.lock());
        let state = &mut *state;
        for log in logs {
            match log.trace_id {
                Some(id) => state.traces.change(id, |trace| {
                    state.forgotten.logs += u64::from(!trace.add_log(log, limits));
                }),
                None => {
                    state.other_logs_bytes += log.size_bytes();
                    state.other_logs.push_back(log);
                }
            }
        }
        let gone = state.traces.shrink(limits);
        gone.iter().for_each(|trace| state.forgotten.add(trace));
        while state.other_logs.len() > limits.other_logs
            || state.other_logs_bytes > limits.other_logs_bytes
        {
            let Some(oldest) = state.other_logs.pop_front() else { return };
            state.other_logs_bytes -= oldest.size_bytes();
            state.forgotten.logs += 1;
        }
    }

    /// Keeps the latest of each metric.
    pub(crate) fn add_points(&self, points: impl IntoIterator<Item = Point>) {
        let mut state = self.lock();
        for point in points {
            let key = point.key();
            if let Some(series) = state.series.get_mut(&key) {
                series.add(point);
            } else if state.series.len() < self.limits.series {
                state.series.insert(key, Series::new(point));
            } else {
                // Names and attributes are few; what grows without end is a mistake of its sender.
                state.forgotten.metrics += 1;
            }
        }
    }

    /// One trace.
    pub(crate) fn trace(&self, id: TraceId) -> Option<StoredTrace> {
        self.lock().traces.get(id).cloned()
    }

    /// What `read` makes of each trace, newest first; `None` leaves one out.
    pub(crate) fn newest<T>(
        &self,
        count: usize,
        read: impl FnMut(&StoredTrace) -> Option<T>,
    ) -> Vec<T> {
        self.lock().traces.newest().filter_map(read).take(count).collect()
    }

    /// All log records that are wanted, those of traces first.
    pub(crate) fn logs(&self, is_wanted: impl Fn(&LogRecord) -> bool) -> Vec<LogRecord> {
        let state = self.lock();
        let of_traces = state.traces.newest().flat_map(StoredTrace::logs);
        of_traces.chain(&state.other_logs).filter(|log| is_wanted(log)).cloned().collect()
    }

    /// All figures, by service and name.
    pub(crate) fn series(&self) -> Vec<Series> {
        self.lock().series.values().cloned().collect()
    }

    pub(crate) fn forgotten(&self) -> Forgotten {
        self.lock().forgotten
    }

    pub(crate) fn held(&self) -> Held {
        let state = self.lock();
        let bytes = state.traces.bytes() + state.other_logs_bytes;
        Held { traces: state.traces.len(), bytes }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Forgotten {
    fn add(&mut self, trace: &StoredTrace) {
        self.traces += 1;
        self.spans += trace.spans().len() as u64;
        self.logs += trace.logs().len() as u64;
    }
}

#[cfg(test)]
mod tests;
