//! Where a profile stands with the mainframe: what was sent, what it has, and whether anybody waits for an answer.
//!
//! Every step only ever moves forward: revisions grow, and the order, number and delay of answers make no difference
//! to where it ends.

use super::answer::{Answer, Outcome};
use super::ids::{ProfileId, Revision};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use values::moment;

/// How often a wait doubles from try to try.
const MAX_DOUBLINGS: u32 = 5;

/// How long we wait before a message is sent once more; each wait is twice the last one, up to 32 times the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// The first wait for an answer.
    pub(crate) unanswered: SignedDuration,
    /// The first wait after the mainframe said that it is busy.
    pub(crate) busy: SignedDuration,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sync {
    pub(crate) id: ProfileId,
    pub(crate) standing: Standing,
    pub(crate) sent: Option<Sent>,
    pub(crate) applied: Option<Applied>,
    pub(crate) answer: Option<LastAnswer>,
    /// The answer that refused what was sent last: delivered again after it was dealt with, it must not count again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused_by: Option<String>,
    /// Set once an erasure was sent: then this outlives the profile's own tombstone.
    #[serde(with = "moment::optional")]
    pub(crate) erased_at: Option<Timestamp>,
    /// Whether blobs with the state of this profile may lie in `legacy-payloads`.
    pub(crate) payloads: bool,
    /// Since when an answer is owed: the lag counts from here.
    #[serde(with = "moment::optional")]
    pub(crate) waiting_since: Option<Timestamp>,
    /// When to send again if there is no answer.
    #[serde(with = "moment::optional")]
    pub(crate) due_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    /// The mainframe owes an answer to what was sent last.
    Waiting,
    /// The mainframe has what was sent last, or newer.
    Applied,
    /// The mainframe refused what was sent last; it is a dead letter.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) revision: Revision,
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// How often this revision was sent.
    pub(crate) times: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Applied {
    pub(crate) revision: Revision,
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastAnswer {
    pub(crate) revision: Revision,
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<String>,
    /// When we read it.
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
}

/// Something that was put into the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dispatch {
    pub(crate) revision: Revision,
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) payload: bool,
    /// Whether the mainframe shall answer even if it has answered this revision before (replay, re-drive).
    pub(crate) anew: bool,
}

impl Sync {
    /// Nothing sent, nothing answered.
    pub(crate) fn new(id: ProfileId) -> Self {
        Self {
            id,
            standing: Standing::Applied,
            sent: None,
            applied: None,
            answer: None,
            refused_by: None,
            erased_at: None,
            payloads: false,
            waiting_since: None,
            due_at: None,
        }
    }

    /// Whether this revision or a newer one was put into the queue.
    pub(crate) fn covers(&self, revision: Revision) -> bool {
        self.sent.as_ref().is_some_and(|sent| sent.revision >= revision)
    }

    /// How long the mainframe has owed an answer.
    pub(crate) fn lag(&self, now: Timestamp) -> Option<SignedDuration> {
        self.waiting_since.map(|since| now.duration_since(since).max(SignedDuration::ZERO))
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
        if self.sent.as_ref().is_some_and(|sent| sent.revision > revision) {
            return self;
        }
        let times = match &self.sent {
            Some(sent) if sent.revision == revision => sent.times.saturating_add(1),
            _ => 1,
        };
        let refused = self.standing == Standing::Refused
            && self.answer.as_ref().is_some_and(|answer| answer.revision >= revision);
        self.sent = Some(Sent { revision, at: now, times });
        self.erased_at = erased_at.or(self.erased_at);
        let has_it = self.applied.as_ref().is_some_and(|applied| applied.revision >= revision);
        if !anew && (has_it || refused) {
            return self;
        }
        self.standing = Standing::Waiting;
        self.waiting_since = self.waiting_since.or(Some(now));
        self.due_at = later(now, patience.unanswered, times);
        self
    }

    /// After the mainframe answered. True if what it refused is the last thing it was sent, which people must look at.
    pub(crate) fn after_answer(
        mut self,
        answer: &Answer,
        now: Timestamp,
        patience: &Patience,
    ) -> (Self, bool) {
        let answered = &answer.data;
        if let Some(revision) = answered.proves()
            && self.applied.as_ref().is_none_or(|applied| applied.revision < revision)
        {
            self.applied = Some(Applied { revision, at: now });
        }
        let last = self.sent.as_ref().map(|sent| sent.revision);
        let concerns_last = last.is_none_or(|last| answered.revision >= last);
        if self.answer.as_ref().is_none_or(|known| known.revision <= answered.revision) {
            self.answer = Some(LastAnswer {
                revision: answered.revision,
                outcome: answered.outcome,
                code: answered.code.clone(),
                at: now,
            });
        }
        let proven = answered.proves();
        let settled = match last {
            Some(last) => proven.is_some_and(|revision| revision >= last),
            None => proven.is_some(),
        };
        if settled {
            self.settle(Standing::Applied);
            return (self, false);
        }
        // An answer that lost its way: by now the mainframe has said that it has this revision.
        let overtaken = self.standing == Standing::Applied
            && self.applied.as_ref().is_some_and(|applied| applied.revision >= answered.revision);
        // It was dealt with: what was sent since is what counts.
        let dealt_with = self.standing == Standing::Waiting
            && self.refused_by.as_ref().is_some_and(|known| *known == answer.id);
        match answered.outcome {
            Outcome::Refused if concerns_last && !overtaken && !dealt_with => {
                self.settle(Standing::Refused);
                self.refused_by = Some(answer.id.clone());
                (self, true)
            }
            Outcome::Busy if concerns_last && self.standing == Standing::Waiting => {
                let times = self.sent.as_ref().map_or(1, |sent| sent.times);
                self.due_at = later(now, patience.busy, times);
                (self, false)
            }
            _ => (self, false),
        }
    }

    /// There is nothing to send at the moment: looked at again as late as possible.
    pub(crate) fn postponed(mut self, now: Timestamp, patience: &Patience) -> Self {
        if self.standing == Standing::Waiting {
            self.due_at = later(now, patience.unanswered, u32::MAX);
        }
        self
    }

    fn settle(&mut self, standing: Standing) {
        self.standing = standing;
        self.waiting_since = None;
        self.due_at = None;
    }
}

fn later(now: Timestamp, first: SignedDuration, times: u32) -> Option<Timestamp> {
    let wait = first.saturating_mul(1 << times.saturating_sub(1).min(MAX_DOUBLINGS));
    now.checked_add(wait).ok()
}
