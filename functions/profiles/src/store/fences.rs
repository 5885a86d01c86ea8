//! Making sure that somebody who does not have an address cannot get it by a write that is under way.

use super::claims::ClaimId;
use super::documents::{Fenced, Living, ProfileDocument, REGISTERING_TTL_S};
use crate::domain::ProfileId;
use azure_data::{Container, CosmosFailure, Item, WriteError};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How long a claim that is not settled yet is respected. It is a courtesy: taking a claim away is safe at
/// any time, it only makes the slower of two registrations fail.
pub(super) const CLAIM_GRACE: Duration = Duration::from_secs(5);

/// The documents of those who may hold an address: the container `profiles`.
#[derive(Debug)]
pub(super) struct Fences(Container);

/// What somebody who wants an address learns about the profile that holds its reservation.
#[derive(Debug)]
pub(super) enum Fence {
    /// The address belongs to that profile.
    Holds,
    /// That profile is about to get it; it may be worth asking again after this time.
    HoldsForNow(Duration),
    /// The profile changed at this moment; look again.
    Moved,
    /// The profile does not have the address and can no longer get it.
    Free,
}

impl Fences {
    pub(super) fn new(profiles: Container) -> Self {
        Self(profiles)
    }

    /// Asks whether `holder` has the address of `claim`, and if not, makes sure that it cannot get it by a
    /// write that is under way: that write is conditional on the document we change here.
    pub(super) async fn fence(
        &self,
        holder: ProfileId,
        claim: &ClaimId,
        now: Timestamp,
    ) -> Result<Fence, CosmosFailure> {
        let id = holder.to_string();
        let fenced = ProfileDocument::Fenced(Fenced { id: holder, ttl: REGISTERING_TTL_S });
        let Some(Item { value, etag }) = self.0.read(&id, &id).await? else {
            return moved_or_free(self.0.create(&id, &id, &fenced).await.map(drop));
        };
        let (living, active) = match value {
            ProfileDocument::Erased(_) | ProfileDocument::Fenced(_) => return Ok(Fence::Free),
            ProfileDocument::Active(living) => (living, true),
            ProfileDocument::Registering(living) => (living, false),
        };
        if active && living.has(claim) {
            return Ok(Fence::Holds);
        }
        let age = now.duration_since(living.claimed_at);
        if living.claims.contains(claim)
            && age < SignedDuration::try_from(CLAIM_GRACE).unwrap_or(SignedDuration::MAX)
        {
            return Ok(Fence::HoldsForNow(CLAIM_GRACE));
        }
        let instead = if active {
            ProfileDocument::Active(Living::settled(&living.into_profile(), now))
        } else {
            fenced
        };
        moved_or_free(self.0.replace(&id, &id, &instead, &etag).await.map(drop))
    }
}

fn moved_or_free(write: Result<(), WriteError>) -> Result<Fence, CosmosFailure> {
    match write {
        Ok(()) => Ok(Fence::Free),
        Err(WriteError::Conflict) => Ok(Fence::Moved),
        Err(WriteError::Failed(failure)) => Err(failure),
    }
}
