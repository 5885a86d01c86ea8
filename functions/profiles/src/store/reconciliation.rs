//! Proving that every profile holds its addresses, and removing reservations that nobody claims.
//!
//! What is found is settled as everything here is: by conditional writes. A read may be old, so no alarm and no deletion
//! follows from reads alone.

use super::claims::ClaimId;
use super::collection::Collection;
use super::documents::{Living, ProfileDocument, Reservation};
use super::fences::Fence;
use super::profiles::Profiles;
use crate::domain::{ProfileId, ServiceId};
use azure_data::{
    ChangeError, CosmosFailure, Item, Query, READS_MAY_BE_OLD_FOR, Readable, WriteError,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::num::NonZeroU32;

/// How old a reservation is before it can be one that was left: nobody takes so long to make use of it.
const LEFT_AFTER: SignedDuration = SignedDuration::from_secs(600);

/// A document of the container `profiles`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct StoredProfile(pub(super) ProfileDocument);

/// A document of the container `addresses-in-use`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct StoredReservation(pub(super) Reservation);

/// What is to be told of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Nobody held its address for it; now it does.
    Restored { profile: ProfileId, address: String },
    /// It has an address that is reserved for `holder`, which has it too.
    Contested { profile: ProfileId, holder: ProfileId, address: String },
}

impl StoredProfile {
    /// Whose erasure stands still.
    pub(crate) fn unfinished_erasure(&self) -> Option<ProfileId> {
        match &self.0 {
            ProfileDocument::Erased(tombstone) if tombstone.completed_at.is_none() => {
                Some(tombstone.id)
            }
            _ => None,
        }
    }

    /// Which profile it is, if it is a living one.
    pub(crate) fn living(&self) -> Option<ProfileId> {
        if let ProfileDocument::Active(living) = &self.0 { Some(living.id) } else { None }
    }

    /// The services it was subscribed to so long ago that every copy of them is newer.
    pub(crate) fn settled_subscriptions(&self, now: Timestamp) -> Vec<ServiceId> {
        let ProfileDocument::Active(living) = &self.0 else { return Vec::new() };
        living.subscribed_before(now - READS_MAY_BE_OLD_FOR)
    }
}

impl Profiles {
    /// At most `count` profiles and tombstones after the id given, in the order of their ids.
    pub(crate) async fn stored(
        &self,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Readable<StoredProfile>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state IN ('active', 'erased') AND c.id > @after ORDER BY c.id"
        );
        let query = after_id(text, after);
        self.container.query_readable(query, count).await
    }

    /// At most `count` reservations after the id given, in the order of their ids.
    pub(crate) async fn reserved(
        &self,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Readable<StoredReservation>, CosmosFailure> {
        let text = format!("SELECT TOP {count} * FROM c WHERE c.id > @after ORDER BY c.id");
        let query = after_id(text, after);
        self.addresses.reservations.query_readable(query, count).await
    }
}

impl<C: Collection> Profiles<C> {
    /// Sees to it that a profile holds its addresses: those that nobody has are reserved for it. If it has changed since
    /// it was read, what is reserved in vain binds nobody.
    pub(crate) async fn prove(
        &self,
        stored: &StoredProfile,
        now: Timestamp,
    ) -> Result<Vec<Finding>, CosmosFailure> {
        let ProfileDocument::Active(living) = &stored.0 else { return Ok(Vec::new()) };
        let mut findings = Vec::new();
        for claim in living.addresses() {
            findings.extend(self.prove_one(living, &claim, now).await?);
        }
        Ok(findings)
    }

    async fn prove_one(
        &self,
        living: &Living,
        claim: &ClaimId,
        now: Timestamp,
    ) -> Result<Option<Finding>, CosmosFailure> {
        let (profile, address) = (living.id, claim.to_string());
        let reservation = self.addresses.read(claim).await?;
        let holder = reservation.map(|item| item.value.profile_id);
        if holder == Some(profile) {
            return Ok(None);
        }
        match self.addresses.reserve_one(claim, profile, now).await {
            Ok(_) => Ok(Some(Finding::Restored { profile, address })),
            Err(ChangeError::Failed(failure)) => Err(failure),
            Err(ChangeError::Refused(None)) => {
                let Some(holder) = holder else { return Ok(None) };
                let both =
                    self.has_now(profile, claim).await? && self.has_now(holder, claim).await?;
                Ok(both.then_some(Finding::Contested { profile, holder, address }))
            }
            // Somebody is at work on it: the next round will see.
            Err(ChangeError::Refused(Some(_)) | ChangeError::Exhausted(_)) => Ok(None),
        }
    }

    /// Whether the profile has the address at this moment: its document is written as it is, which only the newest
    /// version allows.
    async fn has_now(&self, id: ProfileId, claim: &ClaimId) -> Result<bool, CosmosFailure> {
        let Some(Item { value: ProfileDocument::Active(living), etag }) = self.document(id).await?
        else {
            return Ok(false);
        };
        if !living.has(claim) {
            return Ok(false);
        }
        let same = ProfileDocument::Active(living);
        match self.container.replace(&id.to_string(), &same, &etag).await {
            Ok(_) => Ok(true),
            Err(WriteError::Conflict) => Ok(false),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }

    /// Removes a reservation that its holder does not claim; whether it did.
    pub(crate) async fn free_if_left(
        &self,
        reservation: &StoredReservation,
        now: Timestamp,
    ) -> Result<bool, CosmosFailure> {
        let id = &reservation.0.id;
        if now.duration_since(reservation.0.reserved_at) < LEFT_AFTER {
            return Ok(false);
        }
        let Some(Item { value: Reservation { profile_id: holder, .. }, etag }) =
            self.addresses.read(id).await?
        else {
            return Ok(false);
        };
        // First the fence, then the deletion of what was read before it: whoever claims it anew writes it again.
        let Fence::Free = self.addresses.holders.fence(holder, id, now).await? else {
            return Ok(false);
        };
        match self.addresses.reservations.delete(id.as_str(), &etag).await {
            Ok(()) => Ok(true),
            Err(WriteError::Conflict) => Ok(false),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }
}

fn after_id(text: String, after: Option<&str>) -> Query {
    let after = after.unwrap_or_default();
    Query::from(text).with_parameter("@after", after).expect("a string is JSON")
}
