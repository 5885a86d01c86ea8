//! The last requests to the API, for tests and for people.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{Clock, Request};

/// Requests that are remembered; older ones are forgotten.
const MAX_REMEMBERED: usize = 1_000;

/// One request to the API, as far as a test may want to know it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Counts from 1.
    pub number: u64,
    /// When it came, by the simulator's clock.
    pub at: Timestamp,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The `traceparent` header.
    pub traceparent: Option<String>,
    /// The status of the answer; `None` while it is being worked on, and if the connection was closed instead.
    pub status: Option<u16>,
    /// What the simulator keeps of it besides.
    pub detail: Value,
}

/// The last requests.
#[derive(Debug)]
pub struct Log {
    clock: Clock,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    begun: u64,
    kept: VecDeque<LogEntry>,
}

impl Log {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    pub(crate) fn begin(&self, request: &Request, detail: Value) -> u64 {
        let at = self.clock.now();
        let mut entries = self.lock();
        entries.begun += 1;
        let number = entries.begun;
        if entries.kept.len() == MAX_REMEMBERED {
            entries.kept.pop_front();
        }
        entries.kept.push_back(LogEntry {
            number,
            at,
            method: request.method.to_string(),
            path: request.path().to_owned(),
            traceparent: request.header("traceparent").map(str::to_owned),
            status: None,
            detail,
        });
        number
    }

    pub(crate) fn answered(&self, number: u64, status: StatusCode) {
        // The newest are at the end, and most answers are to one of them.
        if let Some(entry) = self.lock().kept.iter_mut().rev().find(|entry| entry.number == number)
        {
            entry.status = Some(status.as_u16());
        }
    }

    pub(crate) fn forget(&self) {
        self.lock().kept.clear();
    }

    /// How many requests the API has had, those that faults struck included.
    pub fn requests(&self) -> u64 {
        self.lock().begun
    }

    /// The last requests, the oldest first.
    pub fn entries(&self) -> Vec<LogEntry> {
        self.after(0)
    }

    /// Those of them with larger numbers than this.
    pub fn after(&self, number: u64) -> Vec<LogEntry> {
        self.lock().kept.iter().filter(|entry| entry.number > number).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().expect("no code panics while it holds the log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_requests_are_remembered_and_late_answers_find_their_own() {
        let log = Log::new(Clock::system());
        let request = Request {
            method: http::Method::GET,
            uri: "/draw?secret=1".parse().unwrap(),
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
        };
        let forgotten = log.begin(&request, Value::Null);
        for _ in 0..MAX_REMEMBERED {
            log.begin(&request, Value::Null);
        }
        let last = log.begin(&request, Value::Null);
        log.answered(forgotten, StatusCode::OK);
        log.answered(last, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(log.requests(), MAX_REMEMBERED as u64 + 2);
        let entries = log.entries();
        assert_eq!(entries.len(), MAX_REMEMBERED);
        let statuses: Vec<_> = entries.iter().filter_map(|entry| entry.status).collect();
        assert_eq!((statuses, entries[0].path.as_str()), (vec![429], "/draw"));
        assert_eq!(log.after(last - 1).len(), 1);
    }
}
