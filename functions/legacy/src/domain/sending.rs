//! What is sent when: at most one message of a profile is unanswered. What is newer is held back, and only the newest
//! goes once the answer has come, whatever it says, or its time limit.
//!
//! Whoever sends reads the profile first, sends, and records then. So that two do not send the same at the same time,
//! one of them claims it: `due_at` keeps `reconcile` and the feed away for a moment.

use super::answer::Outcome;
use super::behind::{Version, is_other};
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
    /// When the profile became so; none of an event that people may have edited.
    pub(crate) written_at: Option<Timestamp>,
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) payload: bool,
    /// Whether the mainframe shall answer even if it has answered this revision before (replay, re-drive).
    pub(crate) anew: bool,
}

/// What is to be done about a change that the feed has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forward {
    /// Nothing: it was sent or held back, or something newer was.
    Covered,
    /// Nothing now: it is held back, or looked at later, once that is stored.
    Held,
    Send,
    /// This revision, which was lost, has to be surpassed: those must be told who can.
    Behind(Revision),
}

impl Sync {
    /// Whether what is newer has to wait: for an answer, or for whoever has claimed the sending.
    fn is_busy(&self, now: Timestamp) -> bool {
        let unanswered = self.sent.as_ref().is_some_and(|sent| !sent.answered);
        let claimed = self.held.is_some() && self.due_at.is_some_and(|due| due > now);
        self.standing == Standing::Waiting && (unanswered || claimed)
    }

    /// After the feed has brought this. An erasure is covered by an erasure that was sent, and by nothing else.
    pub(crate) fn after_change(
        mut self,
        version: &Version,
        now: Timestamp,
        patience: &Patience,
    ) -> (Self, Forward) {
        let known = self.known().map(|known| known.revision);
        if self.is_undone_by(version) {
            return self.suspected(now);
        }
        if known.is_none_or(|known| version.revision > known) {
            if !self.is_busy(now) {
                return (self, Forward::Send);
            }
            self.hold(version, now);
            self.not_later_than(later(now, patience.unanswered, 1));
            return (self, Forward::Held);
        }
        if let Some(lost) = self.lost_by(version).filter(|lost| !self.was_told(*lost)) {
            return (self, Forward::Behind(lost));
        }
        let is_new_erasure = version.is_erased && self.erased_at.is_none();
        if is_new_erasure && !self.is_busy(now) {
            return (self, Forward::Send);
        }
        if is_new_erasure || known.is_some_and(|known| version.revision < known) {
            return self.suspected(now);
        }
        (self, Forward::Covered)
    }

    fn hold(&mut self, version: &Version, now: Timestamp) {
        let since = self.held.as_ref().map_or(now, |held| held.since);
        let Version { revision, written_at, .. } = *version;
        self.held = Some(Held { revision, since, at: now, written_at: Some(written_at) });
    }

    fn suspected(self, now: Timestamp) -> (Self, Forward) {
        if self.behind.is_some() {
            return (self, Forward::Covered);
        }
        (self.doubted(now), Forward::Held)
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
        let Dispatch { revision, written_at, erased_at, payload, anew } = dispatch;
        self.payloads |= payload;
        self.erased_at = erased_at.or(self.erased_at);
        let before = self.sent.clone();
        if let Some(before) = before.as_ref().filter(|before| before.revision > revision) {
            if !anew {
                self.doubt(before.revision, before.at, now);
            }
            return self;
        }
        let same = before.filter(|before| before.revision == revision);
        let times = same.as_ref().map_or(1, |same| same.times.saturating_add(1));
        let kept = same.and_then(|same| same.written_at);
        let is_twice = kept.zip(written_at).is_some_and(|(kept, this)| is_other(kept, this));
        let written_at = kept.or(written_at);
        self.sent = Some(Sent { revision, at: now, times, answered: false, written_at });
        self.held = self.held.filter(|held| held.revision > revision);
        let is_sound = !is_twice && self.clear_doubt(revision);
        let is_known = match self.standing {
            Standing::Applied => self.has(revision),
            // Its answer came before this record; or that, and something newer is on its way.
            Standing::Waiting => {
                self.has(revision) && (self.held.is_some() || (is_sound && times == 1))
            }
            // A refusal that is delivered again may be of an earlier one, and this one was found busy.
            Standing::Refused => {
                self.has(revision) || self.answered_with(Outcome::Refused, revision)
            }
        };
        if anew || !is_known {
            self.await_answer(times, anew, now, patience);
        } else if is_sound && self.held.is_none() && self.has(revision) {
            self.settle(Standing::Applied);
        } else {
            self.close();
        }
        if is_twice && !anew {
            self.doubt(revision, now, now);
        }
        self
    }

    fn await_answer(&mut self, times: u32, anew: bool, now: Timestamp, patience: &Patience) {
        self.standing = Standing::Waiting;
        self.waiting_since = self.waiting_since.or(Some(now));
        let sent = self.sent.as_ref().map(|sent| sent.revision);
        let busy = |revision| self.answered_with(Outcome::Busy, revision);
        // The answer was quicker than this record.
        let is_busy = times == 1 && !anew && sent.is_some_and(busy);
        if is_busy {
            self.close();
        }
        self.due_at = later(now, if is_busy { patience.busy } else { patience.unanswered }, times);
        if self.held.is_some() {
            self.not_later_than(later(now, patience.unanswered, 1));
        }
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

    pub(super) fn look_soon(&mut self, now: Timestamp) {
        self.not_later_than(now.checked_add(CLAIM).ok());
    }

    fn answered_with(&self, outcome: Outcome, revision: Revision) -> bool {
        let last = self.answer.as_ref();
        last.is_some_and(|answer| answer.revision >= revision && answer.outcome == outcome)
    }

    fn not_later_than(&mut self, limit: Option<Timestamp>) {
        self.due_at = match (self.due_at, limit) {
            (Some(due), Some(limit)) => Some(due.min(limit)),
            (due, limit) => due.or(limit),
        };
    }
}
