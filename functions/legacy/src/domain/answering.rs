//! What an answer of the mainframe changes.

use super::answer::{Answer, Outcome};
use super::behind::is_other;
use super::ids::Revision;
use super::sync::{Applied, LastAnswer, Patience, Sent, Standing, Sync, later};
use jiff::{SignedDuration, Timestamp};

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Nothing,
    /// The mainframe refused the newest there is: people must look at it.
    Refused,
    /// The mainframe has another state of this revision than was sent: it was given twice.
    Behind(Revision),
    /// Something newer was held back: whoever recorded the answer has claimed the sending.
    SendNewest,
}

impl Sync {
    /// After the mainframe answered.
    pub(crate) fn after_answer(
        mut self,
        answer: &Answer,
        now: Timestamp,
        patience: &Patience,
    ) -> (Self, Next) {
        let answered = &answer.data;
        let proven = answered.proves();
        if let Some(revision) = proven.filter(|revision| !self.has(*revision)) {
            let written_at = answered.written_at(revision);
            self.applied = Some(Applied { revision, at: now, written_at });
        }
        if self.held.as_ref().is_some_and(|held| held.revision == answered.revision) {
            self.was_sent(answered.revision, now);
        }
        let last = self.sent.as_ref().map(|sent| sent.revision);
        let concerns_last = last.is_none_or(|last| answered.revision >= last);
        let is_open = self.sent.as_ref().is_some_and(|sent| !sent.answered);
        // Delivered again after something was sent: it is no answer to that.
        let is_repeated = is_open
            && self.answer.as_ref().is_some_and(|known| known.id.as_ref() == Some(&answer.id));
        self.note(answer, now);
        let has_all = |proven: &Revision| self.newest().is_none_or(|newest| *proven >= newest);
        if let Some(proven) = proven.filter(has_all) {
            return self.proven(proven, answered.written_at(proven), now);
        }
        let has_last = last.zip(proven).is_some_and(|(last, proven)| proven >= last);
        if self.held.is_some() {
            let is_answer = has_last || (concerns_last && !is_repeated);
            return if is_answer { self.released(has_last, now) } else { (self, Next::Nothing) };
        }
        // An answer that lost its way: by now the mainframe has said that it has this revision.
        let overtaken = self.standing == Standing::Applied && self.has(answered.revision);
        // It was dealt with: what was sent since is what counts.
        let dealt_with = self.standing == Standing::Waiting
            && self.refused_by.as_ref().is_some_and(|known| *known == answer.id);
        match answered.outcome {
            Outcome::Refused if concerns_last && !overtaken && !dealt_with => {
                if self.behind.is_some() {
                    self.close();
                } else {
                    self.settle(Standing::Refused);
                }
                self.refused_by = Some(answer.id.clone());
                (self, Next::Refused)
            }
            Outcome::Busy
                if concerns_last && self.standing == Standing::Waiting && !is_repeated =>
            {
                let times = self.sent.as_ref().map_or(1, |sent| sent.times);
                self.close();
                self.due_at = later(now, patience.busy, times);
                (self, Next::Nothing)
            }
            _ => (self, Next::Nothing),
        }
    }

    /// How long the newest change took that the mainframe has, from when it was made to the answer; `None` if the mainframe
    /// had that revision `before`, or nobody knows when it was made.
    pub(crate) fn took(&self, before: Option<Revision>) -> Option<SignedDuration> {
        let is_new = |applied: &&Applied| before.is_none_or(|before| applied.revision > before);
        let applied = self.applied.as_ref().filter(is_new)?;
        let sent = self.sent.as_ref().filter(|sent| sent.revision == applied.revision);
        let written_at = applied.written_at.or_else(|| sent?.written_at)?;
        Some(applied.at.duration_since(written_at).max(SignedDuration::ZERO))
    }

    /// The mainframe has all that was sent, unless what it has is from before a restore.
    fn proven(
        mut self,
        revision: Revision,
        written_at: Option<Timestamp>,
        now: Timestamp,
    ) -> (Self, Next) {
        let sent_at = self.sent.as_ref().and_then(|sent| sent.written_at);
        let is_twice = sent_at.zip(written_at).is_some_and(|(sent, has)| is_other(sent, has));
        self.close();
        if self.newest() != Some(revision) {
            // The record of sending it may still be to come.
            self.doubt(revision, now, now);
        } else if is_twice {
            let was_told = self.was_told(revision);
            self.doubt(revision, now, now);
            return (self, if was_told { Next::Nothing } else { Next::Behind(revision) });
        } else if self.behind.is_none() {
            self.settle(Standing::Applied);
        }
        (self, Next::Nothing)
    }

    /// What was held back may go, unless somebody has claimed to send it.
    fn released(mut self, has_last: bool, now: Timestamp) -> (Self, Next) {
        let is_open = self.sent.as_ref().is_some_and(|sent| !sent.answered);
        let is_claimed = !is_open && self.due_at.is_some_and(|due| due > now);
        self.close();
        if has_last {
            self.waiting_since = self.held.as_ref().map(|held| held.since);
        }
        if is_claimed {
            return (self, Next::Nothing);
        }
        self.claim(now);
        (self, Next::SendNewest)
    }

    /// What was held back was sent: its answer is there before its record is.
    fn was_sent(&mut self, revision: Revision, now: Timestamp) {
        let written_at = self.held.take().and_then(|held| held.written_at);
        self.sent = Some(Sent { revision, at: now, times: 0, answered: false, written_at });
    }

    fn note(&mut self, answer: &Answer, now: Timestamp) {
        let answered = &answer.data;
        if self.answer.as_ref().is_none_or(|known| known.revision <= answered.revision) {
            self.answer = Some(LastAnswer {
                id: Some(answer.id.clone()),
                revision: answered.revision,
                outcome: answered.outcome,
                code: answered.code.clone(),
                at: now,
            });
        }
    }
}
