//! The documents of the containers `profiles` and `addresses-in-use`.

use super::super::claims::ClaimId;
use super::Living;
use crate::domain::ProfileId;
use custom_handler::ChangeFeed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// How long a tombstone stays, in seconds (90 days): long enough for every reader of the change feed.
pub(in crate::store) const TOMBSTONE_TTL_S: u32 = 90 * 24 * 3_600;

/// What is stored under a profile's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(in crate::store) enum ProfileDocument {
    /// Its addresses are being reserved; not visible to anybody.
    Registering(Living),
    /// A profile as clients see it.
    Active(Living),
    /// A registration that was given up by somebody who needed its address; never becomes a profile.
    Fenced(Fenced),
    /// What is left of an erased profile.
    Erased(Tombstone),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct Fenced {
    pub(in crate::store) id: ProfileId,
    pub(in crate::store) ttl: u32,
}

/// Holds no personal data once `completed_at` is set; before, only the hashed names of reservations that
/// still have to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct Tombstone {
    pub(in crate::store) id: ProfileId,
    pub(in crate::store) revision: Revision,
    pub(in crate::store) erased_at: Timestamp,
    pub(in crate::store) ttl: u32,
    pub(in crate::store) claims: Vec<ClaimId>,
    pub(in crate::store) removed: Vec<Removed>,
    pub(in crate::store) completed_at: Option<Timestamp>,
}

/// One line of the record of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct Removed {
    pub(in crate::store) what: String,
    pub(in crate::store) count: usize,
    pub(in crate::store) at: Timestamp,
}

/// A document of `addresses-in-use`: this address is held for that profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct Reservation {
    pub(in crate::store) id: ClaimId,
    pub(in crate::store) profile_id: ProfileId,
    pub(in crate::store) reserved_at: Timestamp,
}

/// What a reader of the change feed needs of a tombstone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasedProfile {
    pub(crate) id: ProfileId,
    pub(crate) revision: Revision,
    pub(crate) erased_at: Timestamp,
    #[serde(default)]
    completed_at: Option<Timestamp>,
}

impl ErasedProfile {
    /// Whether nothing is left to be done in this app.
    pub(crate) fn is_complete(&self) -> bool {
        self.completed_at.is_some()
    }

    /// The tombstones of the change feed, read or not yet: [`ChangeFeed::parse`].
    pub(crate) fn among(feed: ChangeFeed) -> ChangeFeed {
        let is_erased = |document: &serde_json::Value| document["state"] == "erased";
        ChangeFeed { documents: feed.documents.into_iter().filter(is_erased).collect() }
    }
}
