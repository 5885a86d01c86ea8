//! Where a profile stands with the mainframe: what was sent, what was held back, what it has, and whether anybody waits
//! for an answer. What is sent when is `sending.rs`, what an answer changes `answering.rs`, what becomes of documents that
//! have lost a revision `behind.rs`.
//!
//! Every step only ever moves forward: revisions grow, and the order, number and delay of answers make no difference
//! to where it ends.

use super::answer::Outcome;
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
    /// How old a copy may be that is read.
    pub(crate) old_reads: SignedDuration,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sync {
    pub(crate) id: ProfileId,
    pub(crate) standing: Standing,
    pub(crate) sent: Option<Sent>,
    /// What is newer than what was sent, and waits for the answer to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) held: Option<Held>,
    pub(crate) applied: Option<Applied>,
    pub(crate) answer: Option<LastAnswer>,
    /// The answer that refused what was sent last: delivered again after it was dealt with, it must not count again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused_by: Option<String>,
    /// Set while the document is behind what is known, or may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) behind: Option<Behind>,
    /// Set once an erasure was sent: then this outlives the profile's own tombstone.
    #[serde(with = "moment::optional")]
    pub(crate) erased_at: Option<Timestamp>,
    /// Whether blobs with the state of this profile may lie in `legacy-payloads`.
    pub(crate) payloads: bool,
    /// Since when there is a change that is not known to be applied: the lag counts from here.
    #[serde(with = "moment::optional")]
    pub(crate) waiting_since: Option<Timestamp>,
    /// From when on `reconcile` sends the newest state, if nobody else did.
    #[serde(with = "moment::optional")]
    pub(crate) due_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    /// There is a change that the mainframe neither has nor refused.
    Waiting,
    /// The mainframe has what was sent last, or newer.
    Applied,
    /// The mainframe refused what was sent last; it is a dead letter.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    pub(crate) revision: Revision,
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// How often this revision was sent; 0 if only an answer says that it was.
    pub(crate) times: u32,
    /// Whether it was answered since. Until then nothing newer is sent.
    #[serde(default)]
    pub(crate) answered: bool,
    /// When the profile became so; not known of what was sent before this was kept.
    #[serde(default, with = "moment::optional")]
    pub(crate) written_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Held {
    /// The newest one.
    pub(crate) revision: Revision,
    /// When the first one was held back that was never sent.
    #[serde(with = "moment")]
    pub(crate) since: Timestamp,
    /// When the newest one was held back.
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// When the profile became the newest one.
    #[serde(default, with = "moment::optional")]
    pub(crate) written_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Applied {
    pub(crate) revision: Revision,
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// When the profile became so, if the mainframe says it.
    #[serde(default, with = "moment::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) written_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Behind {
    /// The highest revision that is known, which the document has not.
    pub(crate) revision: Revision,
    /// Since when it is known.
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// When `profiles` was told last; until then it is only a suspicion.
    #[serde(with = "moment::optional")]
    pub(crate) told_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastAnswer {
    /// Names the answer: if it is delivered again, it says nothing about what was sent since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) revision: Revision,
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<String>,
    /// When we read it.
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
}

impl Sync {
    /// Nothing sent, nothing answered.
    pub(crate) fn new(id: ProfileId) -> Self {
        Self {
            id,
            standing: Standing::Applied,
            sent: None,
            held: None,
            applied: None,
            answer: None,
            refused_by: None,
            behind: None,
            erased_at: None,
            payloads: false,
            waiting_since: None,
            due_at: None,
        }
    }

    /// The newest revision that was sent or held back.
    pub(crate) fn newest(&self) -> Option<Revision> {
        let sent = self.sent.as_ref().map(|sent| sent.revision);
        sent.max(self.held.as_ref().map(|held| held.revision))
    }

    /// Whether the mainframe has this revision or a newer one for certain.
    pub(super) fn has(&self, revision: Revision) -> bool {
        self.applied.as_ref().is_some_and(|applied| applied.revision >= revision)
    }

    /// How long the mainframe has owed an answer.
    pub(crate) fn lag(&self, now: Timestamp) -> Option<SignedDuration> {
        self.waiting_since.map(|since| now.duration_since(since).max(SignedDuration::ZERO))
    }

    /// What was sent last is answered.
    pub(super) fn close(&mut self) {
        if let Some(sent) = &mut self.sent {
            sent.answered = true;
        }
    }

    pub(super) fn settle(&mut self, standing: Standing) {
        self.close();
        self.standing = standing;
        self.held = None;
        self.waiting_since = None;
        self.due_at = None;
    }
}

/// When the wait that follows the `times`-th try is over.
pub(super) fn later(now: Timestamp, first: SignedDuration, times: u32) -> Option<Timestamp> {
    let wait = first.saturating_mul(1 << times.saturating_sub(1).min(MAX_DOUBLINGS));
    now.checked_add(wait).ok()
}
