//! The documents of the container `profiles` and `addresses-in-use`.

use super::claims::ClaimId;
use crate::domain::{PhotoRevisions, Profile, ProfileId, Revision};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a registration may take before its leftovers vanish, in seconds.
pub(super) const REGISTERING_TTL_S: u32 = 3_600;
/// How long a tombstone stays, in seconds (90 days): long enough for every reader of the change feed.
pub(super) const TOMBSTONE_TTL_S: u32 = 90 * 24 * 3_600;

/// What is stored under a profile's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(super) enum ProfileDocument {
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
pub(super) struct Living {
    #[serde(flatten)]
    pub(super) profile: Profile,
    /// The reservations this document lays claim to. Only a claim that stands here can become an address
    /// of this profile, which is what lets others reclaim a forgotten reservation safely.
    pub(super) claims: Vec<ClaimId>,
    /// When the claims were last written.
    pub(super) claimed_at: Timestamp,
    /// By what late news about a photo is recognised.
    #[serde(default, skip_serializing_if = "PhotoRevisions::is_empty")]
    photo_revisions: PhotoRevisions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ttl: Option<u32>,
}

impl Living {
    pub(super) fn registering(profile: Profile, now: Timestamp) -> Self {
        Self { ttl: Some(REGISTERING_TTL_S), ..Self::settled(profile, now) }
    }

    /// Claims exactly its own addresses.
    pub(super) fn settled(profile: Profile, now: Timestamp) -> Self {
        let claims = profile.claims().iter().map(ClaimId::of).collect();
        let photo_revisions = profile.photo_revisions().clone();
        Self { profile, claims, claimed_at: now, photo_revisions, ttl: None }
    }

    /// The profile with all that the document knows of it.
    pub(super) fn into_profile(self) -> Profile {
        self.profile.with_photo_revisions(self.photo_revisions)
    }

    /// Whether the claim is more than an intention: an address this profile has.
    pub(super) fn has(&self, claim: &ClaimId) -> bool {
        self.profile.claims().iter().any(|own| ClaimId::of(own) == *claim)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fenced {
    pub(super) id: ProfileId,
    pub(super) ttl: u32,
}

/// Holds no personal data once `completed_at` is set; before, only the hashed names of reservations that
/// still have to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tombstone {
    pub(super) id: ProfileId,
    pub(super) revision: Revision,
    pub(super) erased_at: Timestamp,
    pub(super) ttl: u32,
    pub(super) claims: Vec<ClaimId>,
    pub(super) removed: Vec<Removed>,
    pub(super) completed_at: Option<Timestamp>,
}

/// One line of the record of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Removed {
    pub(super) what: String,
    pub(super) count: usize,
    pub(super) at: Timestamp,
}

/// A document of `addresses-in-use`: this address is held for that profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reservation {
    pub(super) id: ClaimId,
    pub(super) profile_id: ProfileId,
    pub(super) reserved_at: Timestamp,
}
