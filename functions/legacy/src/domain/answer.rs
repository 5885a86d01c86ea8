//! What the mainframe answers.

use super::ids::{ProfileId, Revision};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An answer; what of the event we do not need is left out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Answer {
    /// Names this answer: the same one delivered twice has the same id.
    pub(crate) id: String,
    pub(crate) data: Answered,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answered {
    pub(crate) profile_id: ProfileId,
    /// The revision that was sent.
    pub(crate) revision: Revision,
    pub(crate) outcome: Outcome,
    /// Why it was refused, stable.
    #[serde(default)]
    pub(crate) code: Option<String>,
    /// Why it was refused, for people.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    /// The revision that the mainframe has.
    #[serde(default)]
    pub(crate) applied_revision: Option<Revision>,
    /// The `time` of the event from which it has that revision, if it says it.
    #[serde(default)]
    pub(crate) applied_time: Option<Timestamp>,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// It has this revision now.
    Applied,
    /// It had this revision, or a newer one.
    Superseded,
    /// It will never take this message as it is.
    Refused,
    /// It cannot take it now and has forgotten it.
    Busy,
}

impl Answered {
    /// The revision that the mainframe has for certain.
    pub(crate) fn proves(&self) -> Option<Revision> {
        let own =
            matches!(self.outcome, Outcome::Applied | Outcome::Superseded).then_some(self.revision);
        own.max(self.applied_revision)
    }

    /// When the profile became what the mainframe has of this revision.
    pub(crate) fn written_at(&self, revision: Revision) -> Option<Timestamp> {
        self.applied_time.filter(|_| self.applied_revision == Some(revision))
    }
}
