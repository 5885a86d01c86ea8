//! The erasure of all photos of a profile: what was removed and when.

use super::ids::{PhotoId, ProfileId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After this time the sweep goes on with an erasure that nobody goes on with.
const RESUME_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// So long after its begin an erasure is done once more: every copy of the data knows by then of every ticket that was
/// given before (bounded staleness, five minutes), and no URL of a ticket takes uploads any more (15 minutes).
const CONFIRM_AFTER: SignedDuration = SignedDuration::from_mins(20);
/// How long deleted blobs and earlier versions of them can be brought back: versions go after 14 days, what was deleted
/// another 14 days later, and the storage account's rules run once a day.
const COPIES_ARE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Holds no personal data, and stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasureRecord {
    pub(crate) profile_id: ProfileId,
    /// When the profile was erased.
    pub(crate) erased_at: Timestamp,
    /// When this app began.
    pub(crate) started_at: Timestamp,
    /// When nothing was left that could be found.
    pub(crate) completed_at: Option<Timestamp>,
    /// When nothing was left that anything could have kept from us.
    #[serde(default)]
    pub(crate) confirmed_at: Option<Timestamp>,
    /// From when on not even the storage account can bring back what was removed.
    #[serde(default)]
    pub(crate) copies_gone_by: Option<Timestamp>,
    /// The last photo that is done, while a run is interrupted.
    #[serde(default)]
    pub(crate) done_up_to: Option<PhotoId>,
    #[serde(default)]
    pub(crate) removed: Found,
    /// When the sweep goes on with it.
    #[serde(skip)]
    pub(crate) due_at: Option<Timestamp>,
}

/// How much there was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    /// Photos that were not erased before.
    pub(crate) photos: usize,
    /// Blobs by their container.
    pub(crate) uploads: usize,
    pub(crate) quarantine: usize,
    pub(crate) published: usize,
    /// Open cases.
    pub(crate) cases: usize,
    /// Uploads without a photo.
    pub(crate) stray_uploads: usize,
}

impl ErasureRecord {
    pub(crate) fn begun(profile_id: ProfileId, erased_at: Timestamp, now: Timestamp) -> Self {
        Self {
            profile_id,
            erased_at,
            started_at: now,
            completed_at: None,
            confirmed_at: None,
            copies_gone_by: None,
            done_up_to: None,
            removed: Found::default(),
            due_at: Some(now + RESUME_AFTER),
        }
    }

    /// Everything up to this photo is done; `None` to begin at the start again.
    pub(crate) fn reached(&mut self, done_up_to: Option<PhotoId>, now: Timestamp) {
        self.done_up_to = done_up_to;
        self.due_at = Some(now + RESUME_AFTER);
    }

    /// A run came to its end and left nothing. `found` says whether it removed anything.
    pub(crate) fn ended(&mut self, found: bool, now: Timestamp) {
        self.completed_at.get_or_insert(now);
        if found || self.copies_gone_by.is_none() {
            self.copies_gone_by = Some(now + COPIES_ARE_KEPT);
        }
        self.done_up_to = None;
        let confirm_at = self.started_at + CONFIRM_AFTER;
        if now < confirm_at {
            self.due_at = Some(confirm_at);
        } else {
            self.confirmed_at.get_or_insert(now);
            self.due_at = None;
        }
    }
}
