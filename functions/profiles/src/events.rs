//! The events of this app, and those that others send it. Each has a schema in `messages/` of the app that sends it.

use crate::domain::{PhotoId, PhotoState, ProfileId};
use jiff::Timestamp;
use messages::EventType;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Who sends our events.
pub(crate) const SOURCE: &str = "/profiles";
/// A profile was erased; the data is [`Erased`].
pub(crate) const ERASED: EventType = EventType::new("com.iommi.profiles.erased.v1");
/// The photos app decided about a photo; the data is [`Decided`].
pub(crate) const DECIDED: EventType = EventType::new("com.iommi.photos.decided.v1");

/// The mainframe has a revision that a profile does not have; the data is [`RevisionBehind`].
pub(crate) const REVISION_BEHIND: EventType = EventType::new("com.iommi.legacy.revision-behind.v1");

/// messages/erased.schema.json
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Erased {
    pub(crate) profile_id: ProfileId,
    pub(crate) erased_at: Timestamp,
}

/// functions/legacy/messages/revision-behind.schema.json
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevisionBehind {
    pub(crate) profile_id: ProfileId,
    /// The one that the mainframe has.
    pub(crate) revision: Revision,
}

/// What is needed of functions/photos/messages/photo-decided.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Decided {
    pub(crate) photo_id: PhotoId,
    pub(crate) profile_id: ProfileId,
    state: DecidedState,
    pub(crate) revision: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DecidedState {
    Review,
    Approved,
    Rejected,
    Erased,
}

impl Decided {
    /// `None`: the photo is erased.
    pub(crate) fn state(&self) -> Option<PhotoState> {
        match self.state {
            DecidedState::Review => Some(PhotoState::Review),
            DecidedState::Approved => Some(PhotoState::Approved),
            DecidedState::Rejected => Some(PhotoState::Rejected),
            DecidedState::Erased => None,
        }
    }
}
