//! The latest invocations, kept for the page and for tests.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::http::Trace;

/// How many invocations are remembered; older ones are forgotten.
pub(crate) const JOURNAL_CAPACITY: usize = 10_000;

/// One finished invocation.
#[derive(Clone, Debug, Serialize)]
pub struct InvocationRecord {
    /// The id the handler saw in `X-Azure-Functions-InvocationId`.
    pub id: Uuid,
    /// The app's name.
    pub app: String,
    /// The function's name.
    pub function: String,
    /// `http`, `queue`, `cosmosDB`, `timer`…
    pub trigger: &'static str,
    /// Method and path of a request (no query), or what the trigger is about.
    pub about: String,
    /// The status of the answer: the client's for HTTP, the handler's reply for other triggers.
    pub status: Option<u16>,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Timestamp,
    /// From its arrival at the host to the last byte of the answer.
    pub duration: Duration,
    /// The W3C trace id, 32 hexadecimal digits.
    pub trace_id: String,
    /// Its own span there.
    #[serde(skip)]
    pub(crate) trace: Trace,
}

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The handler answered. A proxied answer of any status counts, also 500.
    Answered,
    /// The host had to answer in the handler's place, or the outputs could not be bound; the reason.
    Failed(String),
    /// The client went away before the answer was complete.
    Abandoned,
}

/// A bounded ring of records, newest last.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<VecDeque<InvocationRecord>>);

impl Journal {
    pub(crate) fn add(&self, record: InvocationRecord) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() == JOURNAL_CAPACITY {
            records.pop_front();
        }
        records.push_back(record);
    }

    /// Turns a recorded answer into a failure, as when an output could not be bound after the handler's reply.
    /// Returns the record as it is now, or nothing when it has been forgotten.
    pub(crate) fn fail(&self, id: Uuid, reason: &str) -> Option<InvocationRecord> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let record = records.iter_mut().rev().find(|record| record.id == id)?;
        record.outcome = Outcome::Failed(reason.to_owned());
        Some(record.clone())
    }

    /// The app and function of a remembered invocation.
    pub(crate) fn function_of(&self, id: Uuid) -> Option<(String, String)> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records
            .iter()
            .rev()
            .find(|record| record.id == id)
            .map(|record| (record.app.clone(), record.function.clone()))
    }

    /// All that is remembered, oldest first.
    pub(crate) fn all(&self) -> Vec<InvocationRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// How many are remembered.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// One that is remembered.
    pub(crate) fn get(&self, id: Uuid) -> Option<InvocationRecord> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().rev().find(|record| record.id == id).cloned()
    }

    /// The newest `count` that are wanted and older than `before`, newest first.
    pub(crate) fn select(
        &self,
        count: usize,
        before: Option<Uuid>,
        is_wanted: impl Fn(&InvocationRecord) -> bool,
    ) -> Vec<InvocationRecord> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest_first = records.iter().rev();
        if let Some(before) = before
            && !newest_first.any(|record| record.id == before)
        {
            return Vec::new();
        }
        newest_first.filter(|record| is_wanted(record)).take(count).cloned().collect()
    }

    /// The newest `count`, newest first.
    pub(crate) fn latest(&self, count: usize) -> Vec<InvocationRecord> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .rev()
            .take(count)
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(about: usize) -> InvocationRecord {
        InvocationRecord {
            id: Uuid::from_u128(about as u128),
            app: "a".into(),
            function: "f".into(),
            trigger: "http",
            about: about.to_string(),
            status: Some(200),
            outcome: Outcome::Answered,
            started_at: Timestamp::UNIX_EPOCH,
            duration: Duration::ZERO,
            trace_id: String::new(),
            trace: Trace::continued(None),
        }
    }

    #[test]
    fn the_oldest_record_gives_way_when_the_journal_is_full() {
        let journal = Journal::default();
        for about in 0..=JOURNAL_CAPACITY {
            journal.add(record(about));
        }
        let all = journal.all();
        assert_eq!(all.len(), JOURNAL_CAPACITY);
        assert_eq!(all[0].about, "1");
        assert_eq!(journal.latest(1)[0].about, JOURNAL_CAPACITY.to_string());
    }

    #[test]
    fn a_failure_found_later_changes_the_record() {
        let journal = Journal::default();
        journal.add(record(1));
        journal.add(record(2));
        journal.fail(Uuid::from_u128(1), "queue is gone");
        assert_eq!(journal.all()[0].outcome, Outcome::Failed("queue is gone".into()));
        assert_eq!(journal.all()[1].outcome, Outcome::Answered);
    }
}
