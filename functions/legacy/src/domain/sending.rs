//! What is sent when: at most one message of a profile is unanswered. What is newer is held back, and only the newest
//! goes once the answer has come, whatever it says, or its time limit.
//!
//! Whoever sends reads the profile first, sends, and records then. So that two do not send the same at the same time,
//! one of them claims it: `due_at` keeps `reconcile` and the feed away for a moment.

use super::answer::Outcome;
use super::ids::Revision;
use super::sync::{Held, Patience, Sent, Standing, Sync, later};
use jiff::{SignedDuration, Timestamp};

/// For how long whoever claimed the sending is left alone; shorter than a queue hides a message that failed, so that
/// the same answer, tried again, may send.
const CLAIM: SignedDuration = SignedDuration::from_secs(20);

/// Something that was put into the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dispatch {
    pub(crate) revision: Revision,
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) payload: bool,
    /// Whether the mainframe shall answer even if it has answered this revision before (replay, re-drive).
    pub(crate) anew: bool,
}

/// What is to be done about a change that the feed has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forward {
    /// Nothing: it was sent, or something newer was.
    Covered,
    /// Nothing now: it is held back, once that is stored.
    Held,
    Send,
}

impl Sync {
    /// Whether what is newer has to wait: for an answer, or for whoever has claimed the sending.
    fn is_busy(&self, now: Timestamp) -> bool {
        let unanswered = self.sent.as_ref().is_some_and(|sent| !sent.answered);
        let claimed = self.held.is_some() && self.due_at.is_some_and(|due| due > now);
        self.standing == Standing::Waiting && (unanswered || claimed)
    }

    /// After the feed has brought this revision.
    pub(crate) fn after_change(
        mut self,
        revision: Revision,
        now: Timestamp,
        patience: &Patience,
    ) -> (Self, Forward) {
        if self.covers(revision) {
            return (self, Forward::Covered);
        }
        if !self.is_busy(now) {
            return (self, Forward::Send);
        }
        let since = self.held.as_ref().map_or(now, |held| held.since);
        self.held = Some(Held { revision, since });
        self.not_later_than(later(now, patience.unanswered, 1));
        (self, Forward::Held)
    }

    /// Claims the sending of what is due. False if it is not due (any more): then somebody else does it.
    pub(crate) fn claimed(mut self, now: Timestamp) -> (Self, bool) {
        let is_due =
            self.standing == Standing::Waiting && self.due_at.is_some_and(|due| due <= now);
        if is_due {
            self.claim(now);
        }
        (self, is_due)
    }

    pub(super) fn claim(&mut self, now: Timestamp) {
        self.due_at = now.checked_add(CLAIM).ok();
    }

    /// After a message was put into the queue.
    pub(crate) fn after_sending(
        mut self,
        dispatch: Dispatch,
        now: Timestamp,
        patience: &Patience,
    ) -> Self {
        let Dispatch { revision, erased_at, payload, anew } = dispatch;
        self.payloads |= payload;
        let before = self.sent.as_ref().map(|sent| (sent.revision, sent.times));
        if before.is_some_and(|(sent, _)| sent > revision) {
            return self;
        }
        let times = match before {
            Some((sent, times)) if sent == revision => times.saturating_add(1),
            _ => 1,
        };
        self.erased_at = erased_at.or(self.erased_at);
        self.held = self.held.filter(|held| held.revision > revision);
        let is_known = match self.standing {
            Standing::Applied => self.has(revision),
            // Its answer came before this record, and something newer is on its way.
            Standing::Waiting => self.has(revision) && self.held.is_some(),
            Standing::Refused => self.answered_with(None, revision),
        };
        if is_known && !anew {
            self.sent = Some(Sent { revision, at: now, times, answered: true });
            return self;
        }
        // The answer was quicker than this record.
        let busy = times == 1 && !anew && self.answered_with(Some(Outcome::Busy), revision);
        self.sent = Some(Sent { revision, at: now, times, answered: busy });
        self.standing = Standing::Waiting;
        self.waiting_since = self.waiting_since.or(Some(now));
        self.due_at = later(now, if busy { patience.busy } else { patience.unanswered }, times);
        if self.held.is_some() {
            self.not_later_than(later(now, patience.unanswered, 1));
        }
        self
    }

    /// There is nothing to send at the moment: looked at again as late as possible.
    pub(crate) fn postponed(mut self, now: Timestamp, patience: &Patience) -> Self {
        if self.standing == Standing::Waiting {
            self.due_at = later(now, patience.unanswered, u32::MAX);
        }
        self
    }

    /// What can be read is older than what is to be sent: looked at again soon.
    pub(crate) fn put_off(mut self, now: Timestamp) -> Self {
        if self.standing == Standing::Waiting {
            self.claim(now);
        }
        self
    }

    fn answered_with(&self, outcome: Option<Outcome>, revision: Revision) -> bool {
        self.answer.as_ref().is_some_and(|answer| {
            answer.revision >= revision && outcome.is_none_or(|outcome| answer.outcome == outcome)
        })
    }

    fn not_later_than(&mut self, limit: Option<Timestamp>) {
        self.due_at = match (self.due_at, limit) {
            (Some(due), Some(limit)) => Some(due.min(limit)),
            (due, limit) => due.or(limit),
        };
    }
}
