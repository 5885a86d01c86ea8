//! What the simulator remembers: measures and answers of the last requests, never a picture.

use crate::{Measure, Severities};
use serde::Serialize;
use std::collections::VecDeque;

/// Requests and judgements that are remembered; older ones are forgotten.
const MAX_REMEMBERED: usize = 100;

/// One request to the API, as far as a test may want to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The `traceparent` header.
    pub traceparent: Option<String>,
    /// Whether the request carried `Ocp-Apim-Subscription-Key`.
    pub with_key: bool,
    /// Whether the request carried a bearer token.
    pub with_token: bool,
    /// The status of the answer; `None` while it is being worked on, and if the connection was closed instead.
    pub status: Option<u16>,
}

/// One judged picture: what was measured, and what followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// `JPEG`, `PNG`, `GIF` or `WebP`.
    pub format: &'static str,
    /// Length of the picture in bytes.
    pub bytes: usize,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The shares of its pixels.
    pub measure: Measure,
    /// What was answered, unless the answer was spoiled on purpose.
    pub severities: Severities,
    /// Whether the answer came from the faults (`answer`) and not from the measure.
    pub fixed: bool,
}

/// Names a request in the record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(u64);

/// The last requests and judgements.
#[derive(Debug, Default)]
pub(crate) struct Record {
    begun: u64,
    seen: VecDeque<Seen>,
    judged: VecDeque<Judged>,
}

impl Record {
    pub(crate) fn begin(&mut self, seen: Seen) -> Ticket {
        remember(&mut self.seen, seen);
        self.begun += 1;
        Ticket(self.begun - 1)
    }

    pub(crate) fn answered(&mut self, ticket: Ticket, status: u16) {
        let oldest = self.begun - self.seen.len() as u64;
        let place = ticket.0.checked_sub(oldest).and_then(|place| usize::try_from(place).ok());
        if let Some(seen) = place.and_then(|place| self.seen.get_mut(place)) {
            seen.status = Some(status);
        }
    }

    pub(crate) fn judged(&mut self, judged: Judged) {
        remember(&mut self.judged, judged);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.begun
    }

    pub(crate) fn all_seen(&self) -> Vec<Seen> {
        self.seen.iter().cloned().collect()
    }

    /// The newest first.
    pub(crate) fn last_judged(&self) -> Vec<Judged> {
        self.judged.iter().rev().cloned().collect()
    }
}

fn remember<T>(kept: &mut VecDeque<T>, new: T) {
    if kept.len() == MAX_REMEMBERED {
        kept.pop_front();
    }
    kept.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_requests_are_remembered_and_late_answers_find_their_own() {
        let mut record = Record::default();
        let seen = || Seen { traceparent: None, with_key: false, with_token: false, status: None };
        let forgotten = record.begin(seen());
        for _ in 0..MAX_REMEMBERED {
            record.begin(seen());
        }
        let last = record.begin(seen());
        record.answered(forgotten, 200);
        record.answered(last, 429);
        assert_eq!(record.requests(), MAX_REMEMBERED as u64 + 2);
        let statuses: Vec<_> = record.all_seen().iter().filter_map(|seen| seen.status).collect();
        assert_eq!(statuses, [429]);
        assert_eq!(record.all_seen().last().unwrap().status, Some(429));
    }
}
