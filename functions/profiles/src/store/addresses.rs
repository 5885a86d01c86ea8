//! The reservations of unique addresses.
//!
//! A reservation binds only while its holder's document lays claim to it. Whoever wants an address whose
//! reservation no longer binds first makes sure, by a conditional write to the holder's document, that the
//! holder cannot claim it at the same moment, and only then takes the reservation over. Reading alone would
//! not do: under session consistency somebody else's read may be old, a conditional write never is.

use super::claims::ClaimId;
use super::collection::{Collection, retry};
use super::documents::{CLAIM_GRACE, Reservation};
use super::fences::{Fence, Fences};
use crate::domain::{AddressClaim, ProfileId};
use azure_data::{Attempt, ChangeError, CosmosFailure, Etag, Item, WriteError};
use jiff::Timestamp;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Addresses<C> {
    pub(super) reservations: C,
    pub(super) holders: Fences<C>,
}

/// Addresses that belong to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) claims: Vec<AddressClaim>,
    /// Set if the other registration is still under way and may come to nothing.
    pub(crate) retry_after: Option<Duration>,
}

/// Why addresses were not reserved.
#[derive(Debug)]
pub(super) enum NotReserved {
    /// Somebody else has one. The others are reserved all the same: they may be given back once the holder's document
    /// does not lay claim to them, which only a write that succeeded shows.
    Taken(Taken, Vec<Held>),
    Failed(CosmosFailure),
}

/// A reservation we hold, and its entity tag as of the last time we looked.
#[derive(Debug, Clone)]
pub(super) struct Held {
    id: ClaimId,
    etag: Etag,
}

impl<C: Collection> Addresses<C> {
    pub(super) fn new(reservations: C, holders: C) -> Self {
        Self { reservations, holders: Fences::new(holders) }
    }

    /// Reserves all claims for `holder`, whose document lays claim to them already. If one is taken the
    /// others are tried all the same, so that the client learns of all of them.
    pub(super) async fn reserve(
        &self,
        claims: &[AddressClaim],
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<Held>, NotReserved> {
        let mut held = Vec::new();
        let mut taken = Taken { claims: Vec::new(), retry_after: None };
        for claim in claims {
            match self.reserve_one(&ClaimId::of(claim), holder, now).await {
                Ok(reservation) => held.push(reservation),
                Err(ChangeError::Failed(failure)) => return Err(NotReserved::Failed(failure)),
                Err(ChangeError::Refused(retry_after)) => {
                    taken.claims.push(claim.clone());
                    taken.retry_after = taken.retry_after.max(retry_after);
                }
                // Whoever moves it each time is about to get it.
                Err(ChangeError::Exhausted(_)) => {
                    taken.claims.push(claim.clone());
                    taken.retry_after = taken.retry_after.max(Some(CLAIM_GRACE));
                }
            }
        }
        if taken.claims.is_empty() { Ok(held) } else { Err(NotReserved::Taken(taken, held)) }
    }

    /// Reserves one claim for `holder`. Refused if somebody else has it: when to ask again, if that may help.
    pub(super) async fn reserve_one(
        &self,
        id: &ClaimId,
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Held, ChangeError<Option<Duration>>> {
        // Not which: its id is the hash of an address.
        retry(&self.reservations, "reserving an address", async || {
            self.try_reserve(id, holder, now).await
        })
        .await
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
        match self.reservations.create(id.as_str(), &ours).await {
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
        Ok(held(self.reservations.replace(id.as_str(), &ours, &theirs.etag).await?))
    }

    /// The reservations that `holder` has of these claims, as they are now. To be called *before* the write
    /// that gives the claims up, unless the holder can never claim again: a reservation that is claimed anew
    /// afterwards has another entity tag, and [`Addresses::let_go`] then leaves it alone.
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

    /// Gives reservations back if that can be done now. Only for claims that a write which succeeded has taken out of
    /// the holder's document, and with entity tags of before that write. It does no harm if it cannot be done: nobody
    /// claims them, so the next one who wants the address takes them over, and `reconcile` removes them.
    pub(super) async fn let_go(&self, held: Vec<Held>) {
        for Held { id, etag } in held {
            if let Err(WriteError::Failed(error)) =
                self.reservations.delete(id.as_str(), &etag).await
            {
                tracing::warn!(%error, "a reservation stays until somebody wants the address");
            }
        }
    }

    /// Frees what an erased profile claimed. It can never claim again, so a reservation that is its own may go
    /// whenever it is found.
    ///
    /// # Errors
    /// A conflict if one moved meanwhile: again.
    pub(super) async fn free(
        &self,
        claims: &[ClaimId],
        erased: ProfileId,
    ) -> Result<(), WriteError> {
        for Held { id, etag } in self.held(claims, erased).await? {
            self.reservations.delete(id.as_str(), &etag).await?;
        }
        Ok(())
    }

    /// Who has the address, if anybody reserved it.
    pub(super) async fn holder(
        &self,
        claim: &AddressClaim,
    ) -> Result<Option<ProfileId>, CosmosFailure> {
        let item = self.read(&ClaimId::of(claim)).await?;
        Ok(item.map(|item| item.value.profile_id))
    }

    pub(super) async fn read(
        &self,
        id: &ClaimId,
    ) -> Result<Option<Item<Reservation>>, CosmosFailure> {
        self.reservations.read(id.as_str()).await
    }
}
