//! The reservations of unique addresses.
//!
//! A reservation binds only while its holder's document lays claim to it. Whoever wants an address whose
//! reservation no longer binds first makes sure, by a conditional write to the holder's document, that the
//! holder cannot claim it at the same moment, and only then takes the reservation over. Reading alone would
//! not do: under session consistency somebody else's read may be old, a conditional write never is.

use super::claims::ClaimId;
use super::documents::Reservation;
use super::profiles::{Fence, Profiles};
use super::{ChangeError, Taken};
use crate::domain::{AddressClaim, ProfileId};
use iommi_app::Etag;
use iommi_app::{Container, CosmosFailure, Kept, Refusal};
use jiff::Timestamp;

/// How often a reservation is tried again because others move it at the same moment.
const MAX_TRIES: usize = 5;

#[derive(Debug)]
pub(super) struct Addresses(Container);

/// A reservation we hold, and its entity tag as of the last time we looked.
#[derive(Debug, Clone)]
pub(super) struct Held {
    id: ClaimId,
    etag: Etag,
}

impl Addresses {
    pub(super) fn new(container: Container) -> Self {
        Self(container)
    }

    /// Reserves all claims for `holder`, whose document lays claim to them already. If one is taken the
    /// others are tried all the same, so that the client learns of all of them; nothing stays reserved then.
    pub(super) async fn reserve(
        &self,
        profiles: &Profiles,
        claims: &[AddressClaim],
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<Held>, ChangeError> {
        let mut held = Vec::new();
        let mut taken = Taken { claims: Vec::new(), retry_after: None };
        for claim in claims {
            match self.reserve_one(profiles, claim, holder, now).await {
                Ok(reservation) => held.push(reservation),
                Err(ChangeError::Taken(other)) => {
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
        Err(ChangeError::Taken(taken))
    }

    async fn reserve_one(
        &self,
        profiles: &Profiles,
        claim: &AddressClaim,
        holder: ProfileId,
        now: Timestamp,
    ) -> Result<Held, ChangeError> {
        let id = ClaimId::of(claim);
        let ours = Reservation { id: id.clone(), profile_id: holder, reserved_at: now };
        let taken = |retry_after| Taken { claims: vec![claim.clone()], retry_after };
        for _ in 0..MAX_TRIES {
            match self.0.create(id.as_str(), id.as_str(), &ours).await {
                Ok(etag) => return Ok(Held { id, etag }),
                Err(Refusal::Changed) => {}
                Err(Refusal::Failed(failure)) => return Err(failure.into()),
            }
            let Some(theirs) = self.read(&id).await? else { continue };
            if theirs.value.profile_id != holder {
                match profiles.fence(theirs.value.profile_id, &id, now).await? {
                    Fence::Holds => return Err(ChangeError::Taken(taken(None))),
                    Fence::HoldsForNow(time) => return Err(ChangeError::Taken(taken(Some(time)))),
                    Fence::Moved => continue,
                    Fence::Free => {}
                }
            }
            // Also a reservation of our own is written again: that outruns whoever is about to take it.
            match self.0.replace(id.as_str(), id.as_str(), &ours, &theirs.etag).await {
                Ok(etag) => return Ok(Held { id, etag }),
                Err(Refusal::Changed) => {}
                Err(Refusal::Failed(failure)) => return Err(failure.into()),
            }
        }
        Err(ChangeError::Taken(taken(Some(super::profiles::CLAIM_GRACE))))
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
            if let Some(kept) = self.read(id).await?
                && kept.value.profile_id == holder
            {
                held.push(Held { id: id.clone(), etag: kept.etag });
            }
        }
        Ok(held)
    }

    /// Gives reservations back; how many were still ours. All are tried, also if one fails.
    pub(super) async fn release(&self, held: Vec<Held>) -> Result<usize, CosmosFailure> {
        let (mut released, mut failed) = (0, None);
        for Held { id, etag } in held {
            match self.0.delete(id.as_str(), id.as_str(), &etag).await {
                Ok(()) => released += 1,
                Err(Refusal::Changed) => {}
                Err(Refusal::Failed(failure)) => failed = Some(failure),
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
        let kept = self.read(&ClaimId::of(claim)).await?;
        Ok(kept.map(|kept| kept.value.profile_id))
    }

    async fn read(&self, id: &ClaimId) -> Result<Option<Kept<Reservation>>, CosmosFailure> {
        self.0.read(id.as_str(), id.as_str()).await
    }
}
