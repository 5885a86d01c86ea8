//! A photo as it is kept; what may become of it is in `transitions`.

use super::checking::Checking;
use super::history::{Actor, Entry};
use super::ids::{CaseId, PhotoId, PhotoKey, ProfileId};
use super::picture::Picture;
use super::reason::Reason;
use super::schedule::UPLOAD_GRACE;
use super::severity::Severities;
use super::state::PhotoState;
use super::ticket::Ticket;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// What must be done after a change, in this order; done before it would be for a change that may not happen.
/// Each can be done twice without harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Duty {
    /// Open a case for the moderators.
    OpenCase,
    /// Close the cases of a photo that is gone.
    CloseCases,
    /// Recognise this picture from now on.
    Remember,
    /// Recognise it no longer.
    Forget,
    /// Recognise nothing any more that looks like it: a person found a known picture harmless.
    Lift,
    /// Tell the other apps.
    Announce,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Photo {
    pub(crate) id: PhotoId,
    pub(crate) profile_id: ProfileId,
    pub(crate) state: PhotoState,
    pub(crate) reason: Option<Reason>,
    pub(crate) ticket: Ticket,
    /// SHA-256 of what was uploaded, in hexadecimal, once a run has read it: by that an upload that is sent again is known.
    pub(crate) upload_digest: Option<String>,
    /// What was decoded; only ever set by the pipeline.
    pub(crate) picture: Option<Picture>,
    /// What Content Safety said last.
    pub(crate) severities: Option<Severities>,
    pub(crate) revision: Revision,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// When the last decision was made.
    pub(crate) decided_at: Option<Timestamp>,
    /// Set while the photo is checked.
    pub(crate) checking: Option<Checking>,
    /// Whether its one appeal was made.
    pub(crate) appealed: bool,
    pub(crate) duties: Vec<Duty>,
    /// When the sweep looks at it next.
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) history: Vec<Entry>,
    /// The trace of the request that asked for the ticket (W3C `traceparent`).
    pub(crate) traceparent: Option<String>,
}

impl Photo {
    /// A photo begins with a ticket.
    pub(crate) fn requested(
        id: PhotoId,
        profile_id: ProfileId,
        ticket: Ticket,
        traceparent: String,
        now: Timestamp,
    ) -> Self {
        let due_at = Some(ticket.expires_at + UPLOAD_GRACE);
        Self {
            id,
            profile_id,
            state: PhotoState::AwaitingUpload,
            reason: None,
            ticket,
            upload_digest: None,
            picture: None,
            severities: None,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
            decided_at: None,
            checking: None,
            appealed: false,
            duties: Vec::new(),
            due_at,
            history: vec![Entry::new(now, Actor::Owner, None, PhotoState::AwaitingUpload)],
            traceparent: Some(traceparent),
        }
    }

    /// What finds it.
    pub(crate) fn key(&self) -> PhotoKey {
        PhotoKey { id: self.id, profile_id: self.profile_id }
    }

    pub(crate) fn is_erased(&self) -> bool {
        self.state == PhotoState::Erased
    }

    /// Whether anybody but a moderator may see the picture.
    pub(crate) fn is_public(&self) -> bool {
        self.state == PhotoState::Approved
    }

    /// Whether its owner asked a person to look again, who did not decide yet.
    pub(crate) fn is_being_appealed(&self) -> bool {
        self.state == PhotoState::Review && self.appealed
    }

    /// Whether its owner may ask a person to look again.
    pub(crate) fn can_be_appealed(&self) -> bool {
        self.state == PhotoState::Rejected && !self.appealed && self.picture.is_some()
    }

    /// Whether its picture is to be recognised: it was rejected for what it shows. Erasing it changes nothing about that.
    pub(crate) fn is_remembered(&self) -> bool {
        let erased_when_rejected = || self.history.last().map(|entry| entry.from);
        match self.state {
            PhotoState::Rejected => self.reason.as_ref().is_some_and(Reason::is_about_content),
            PhotoState::Erased => erased_when_rejected() == Some(Some(PhotoState::Rejected)),
            _ => false,
        }
    }

    /// Whether its picture may have been remembered at some time.
    pub(crate) fn was_rejected(&self) -> bool {
        self.history.iter().any(|entry| entry.to == PhotoState::Rejected)
    }

    /// Whether the upload is all there is to look at: the pipeline made no picture of it, and nobody decided yet.
    pub(crate) fn needs_upload(&self) -> bool {
        match self.state {
            PhotoState::AwaitingUpload | PhotoState::Checking => true,
            PhotoState::Review => self.picture.is_none(),
            _ => false,
        }
    }

    /// Whether the photo came into review for this case at some time. The appeal is the last one.
    pub(crate) fn is_to_have_case(&self, id: &str) -> bool {
        let reviewed = self.history.iter().any(|entry| entry.to == PhotoState::Review);
        reviewed && *self.case_id() == *id
    }

    /// The case that decides about it now: the first review, or the appeal.
    pub(crate) fn case_id(&self) -> CaseId {
        if self.appealed { CaseId::of_appeal(self.id) } else { CaseId::of_review(self.id) }
    }
}

#[cfg(test)]
#[path = "photo_tests.rs"]
mod tests;
