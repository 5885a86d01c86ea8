//! The reservations of unique addresses.
//!
//! A reservation binds only while its holder's document lays claim to it. Whoever wants an address whose
//! reservation no longer binds first makes sure, by a conditional write to the holder's document, that the
//! holder cannot claim it at the same moment, and only then takes the reservation over. Reading alone would
//! not do: under session consistency somebody else's read may be old, a conditional write never is.

use super::claims::ClaimId;
use super::documents::Reservation;
use super::fences::{CLAIM_GRACE, Fence, Fences};
use crate::domain::{AddressClaim, ProfileId};
use azure_data::{
    Attempt, ChangeError, Container, Cosmos, CosmosFailure, Etag, Item, WriteError, retry_conflicts,
};
use jiff::Timestamp;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Addresses {
    reservations: Container,
    holders: Fences,
}

/// Addresses that belong to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) claims: Vec<AddressClaim>,
    /// Set if the other registration is still under way and may come to nothing.
    pub(crate) retry_after: Option<Duration>,
}

/// Why addresses were not reserved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReserved {
    #[error("an address is in use by another profile")]
    Taken(Taken),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// A reservation we hold, and its entity tag as of the last time we looked.
#[derive(Debug, Clone)]
pub(super) struct Held {
    id: ClaimId,
    etag: Etag,
}

impl Addresses {
    pub(super) fn new(cosmos: &Cosmos) -> Self {
        let reservations = cosmos.container("addresses-in-use");
        Self { reservations, holders: Fences::new(cosmos.container("profiles")) }
    }

    /// Reserves all claims for `holder`, whose document lays claim to them already. If one is taken the
    /// others are tried all the same, so that the client learns of all of them; nothing stays reserved then.
    pub(super) async fn reserve(
        &self,
        claims: &[AddressClaim],
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<Held>, NotReserved> {
        let mut held = Vec::new();
        let mut taken = Taken { claims: Vec::new(), retry_after: None };
        for claim in claims {
            match self.reserve_one(claim, holder, now).await {
                Ok(reservation) => held.push(reservation),
                Err(NotReserved::Taken(other)) => {
                    taken.claims.extend(other.claims);
                    taken.retry_after = taken.retry_after.max(other.retry_after);
                }
                Err(other) => return Err(other),
            }
        }
        if taken.claims.is_empty() {
            return Ok(held);
        }
        self.let_go(held).await;
        Err(NotReserved::Taken(taken))
    }

    async fn reserve_one(
        &self,
        claim: &AddressClaim,
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Held, NotReserved> {
        let id = ClaimId::of(claim);
        let taken = |retry_after| Taken { claims: vec![claim.clone()], retry_after };
        let what = format!("reserving {id}");
        let reserved = retry_conflicts(&what, async || self.try_reserve(&id, holder, now).await);
        reserved.await.map_err(|error| match error {
            ChangeError::Refused(retry_after) => NotReserved::Taken(taken(retry_after)),
            // Whoever moves it each time is about to get it.
            ChangeError::Exhausted(_) => NotReserved::Taken(taken(Some(CLAIM_GRACE))),
            ChangeError::Failed(failure) => failure.into(),
        })
    }

    /// Refused if somebody else has it: when to ask again, if that may help.
    async fn try_reserve(
        &self,
        id: &ClaimId,
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Held, Attempt<Option<Duration>>> {
        let ours = Reservation { id: id.clone(), profile_id: holder, reserved_at: now };
        let held = |etag| Held { id: id.clone(), etag };
        match self.reservations.create(id.as_str(), id.as_str(), &ours).await {
            Ok(etag) => return Ok(held(etag)),
            Err(WriteError::Conflict) => {}
            Err(WriteError::Failed(failure)) => return Err(failure.into()),
        }
        let theirs = self.read(id).await?.ok_or(Attempt::Conflict)?;
        if theirs.value.profile_id != holder {
            match self.holders.fence(theirs.value.profile_id, id, now).await? {
                Fence::Holds => return Err(Attempt::Refused(None)),
                Fence::HoldsForNow(time) => return Err(Attempt::Refused(Some(time))),
                Fence::Moved => return Err(Attempt::Conflict),
                Fence::Free => {}
            }
        }
        // Also a reservation of our own is written again: that outruns whoever is about to take it.
        Ok(held(self.reservations.replace(id.as_str(), id.as_str(), &ours, &theirs.etag).await?))
    }

    /// The reservations that `holder` has of these claims, as they are now. To be called *before* the write
    /// that gives the claims up, unless the holder can never claim again: a reservation that is claimed anew
    /// afterwards has another entity tag, and [`Addresses::release`] then leaves it alone.
    pub(super) async fn held(
        &self,
        claims: &[ClaimId],
        holder: ProfileId,
    ) -> Result<Vec<Held>, CosmosFailure> {
        let mut held = Vec::new();
        for id in claims {
            if let Some(item) = self.read(id).await?
                && item.value.profile_id == holder
            {
                held.push(Held { id: id.clone(), etag: item.etag });
            }
        }
        Ok(held)
    }

    /// Gives reservations back; how many were still ours. All are tried, also if one fails.
    pub(super) async fn release(&self, held: Vec<Held>) -> Result<usize, CosmosFailure> {
        let (mut released, mut failed) = (0, None);
        for Held { id, etag } in held {
            match self.reservations.delete(id.as_str(), id.as_str(), &etag).await {
                Ok(()) => released += 1,
                Err(WriteError::Conflict) => {}
                Err(WriteError::Failed(failure)) => failed = Some(failure),
            }
        }
        failed.map_or(Ok(released), Err)
    }

    /// Gives reservations back if that can be done now. It does no harm if not: their holder does not claim
    /// them, so the next one who wants the address takes them over.
    pub(super) async fn let_go(&self, held: Vec<Held>) {
        if let Err(error) = self.release(held).await {
            tracing::warn!(%error, "a reservation stays until somebody wants the address");
        }
    }

    /// Who has the address, if anybody reserved it.
    pub(super) async fn holder(
        &self,
        claim: &AddressClaim,
    ) -> Result<Option<ProfileId>, CosmosFailure> {
        let item = self.read(&ClaimId::of(claim)).await?;
        Ok(item.map(|item| item.value.profile_id))
    }

    async fn read(&self, id: &ClaimId) -> Result<Option<Item<Reservation>>, CosmosFailure> {
        self.reservations.read(id.as_str(), id.as_str()).await
    }
}
