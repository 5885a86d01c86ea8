//! Making sure that somebody who does not have an address cannot get it by a write that is under way.

use super::claims::ClaimId;
use super::collection::Collection;
use super::documents::{CLAIM_GRACE, Fenced, Living, ProfileDocument, REGISTERING_TTL_S};
use crate::domain::ProfileId;
use azure_data::{CosmosFailure, Etag, Item, WriteError};
use jiff::Timestamp;
use std::time::Duration;

/// The documents of those who may hold an address: the container `profiles`.
#[derive(Debug)]
pub(super) struct Fences<C>(C);

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

impl<C: Collection> Fences<C> {
    pub(super) fn new(profiles: C) -> Self {
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
        let Some(Item { value, etag }) = self.0.read(&id).await? else {
            return moved_or_free(self.0.create(&id, &fence_of(holder)).await.map(drop));
        };
        let (living, active) = match value {
            ProfileDocument::Erased(_) => return Ok(Fence::Free),
            // Written again: a fence does not last, and the copy that was read may be an old one.
            ProfileDocument::Fenced(_) => return self.put(&id, &fence_of(holder), &etag).await,
            ProfileDocument::Active(living) => (living, true),
            ProfileDocument::Registering(living) => (living, false),
        };
        if active && living.has(claim) {
            return Ok(Fence::Holds);
        }
        if living.claims.contains(claim) && living.is_young(now) {
            return Ok(Fence::HoldsForNow(CLAIM_GRACE));
        }
        let instead = if active {
            ProfileDocument::Active(Living::settled(&living.into_profile(), now))
        } else {
            fence_of(holder)
        };
        self.put(&id, &instead, &etag).await
    }

    async fn put(
        &self,
        id: &str,
        document: &ProfileDocument,
        etag: &Etag,
    ) -> Result<Fence, CosmosFailure> {
        moved_or_free(self.0.replace(id, document, etag).await.map(drop))
    }
}

/// What stands in the place of a registration that was given up.
pub(super) fn fence_of(id: ProfileId) -> ProfileDocument {
    ProfileDocument::Fenced(Fenced { id, ttl: REGISTERING_TTL_S })
}

fn moved_or_free(write: Result<(), WriteError>) -> Result<Fence, CosmosFailure> {
    match write {
        Ok(()) => Ok(Fence::Free),
        Err(WriteError::Conflict) => Ok(Fence::Moved),
        Err(WriteError::Failed(failure)) => Err(failure),
    }
}
