//! Reading, listing and changing profiles.

use super::ChangeError;
use super::addresses::Addresses;
use super::claims::ClaimId;
use super::documents::{Fenced, Living, ProfileDocument, REGISTERING_TTL_S};
use crate::domain::{AddressClaim, Profile, ProfileId, ServiceId};
use azure_data_cosmos::Query;
use iommi_app::Etag;
use iommi_app::{Container, Cosmos, CosmosFailure, Kept, Refusal};
use jiff::Timestamp;
use std::{num::NonZeroU32, sync::Arc, time::Duration};

/// How long a claim that is not settled yet is respected. It is a courtesy: taking a claim away is safe at
/// any time, it only makes the slower of two registrations fail.
pub(super) const CLAIM_GRACE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Profiles {
    pub(super) container: Container,
    pub(super) addresses: Addresses,
}

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

impl Profiles {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self {
            container: cosmos.container("profiles"),
            addresses: Addresses::new(cosmos.container("addresses-in-use")),
        }
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.container.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    /// The profile, unless it is not registered (yet) or erased.
    pub(crate) async fn read(&self, id: ProfileId) -> Result<Option<Kept<Profile>>, CosmosFailure> {
        let Some(Kept { value, etag }) = self.document(id).await? else { return Ok(None) };
        let ProfileDocument::Active(living) = value else { return Ok(None) };
        Ok(Some(Kept { value: living.into_profile(), etag }))
    }

    /// The profile that has this address.
    pub(crate) async fn with_address(
        &self,
        claim: &AddressClaim,
    ) -> Result<Option<Profile>, CosmosFailure> {
        let Some(holder) = self.addresses.holder(claim).await? else { return Ok(None) };
        let profile = self.read(holder).await?.map(|kept| kept.value);
        // The reservation may be a leftover: only the profile itself knows its addresses.
        Ok(profile.filter(|profile| profile.claims().contains(claim)))
    }

    /// At most `count` profiles after the one given, in the order of their ids.
    pub(crate) async fn list(
        &self,
        after: Option<ProfileId>,
        count: NonZeroU32,
    ) -> Result<Vec<Profile>, CosmosFailure> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = 'active' AND c.id > @after ORDER BY c.id"
        );
        let query = with_parameter(Query::from(text), "@after", &after);
        let documents: Vec<Living> = self.container.query(query, count).await?;
        Ok(documents.into_iter().map(Living::into_profile).collect())
    }

    /// Whether any profile is subscribed to the service.
    pub(crate) async fn has_subscribers(&self, id: &ServiceId) -> Result<bool, CosmosFailure> {
        let text = "SELECT TOP 1 VALUE c.id FROM c JOIN s IN c.subscriptions \
                    WHERE c.state = 'active' AND s.serviceId = @service";
        let query = with_parameter(Query::from(text), "@service", id.as_str());
        let found: Vec<String> = self.container.query(query, NonZeroU32::MIN).await?;
        Ok(!found.is_empty())
    }

    /// Stores `edited` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Kept<Profile>,
        edited: Profile,
        now: Timestamp,
    ) -> Result<Kept<Profile>, ChangeError> {
        if edited == current.value {
            return Ok(current.clone());
        }
        let before = current.value.claims();
        let new: Vec<AddressClaim> =
            edited.claims().into_iter().filter(|claim| !before.contains(claim)).collect();
        if new.is_empty() {
            let etag = self.write(Living::settled(edited.clone(), now), &current.etag).await?;
            return Ok(Kept { value: edited, etag });
        }
        self.replace_with_addresses(current, edited, &new, now).await
    }

    /// First the claim to the new addresses, then their reservations, then the profile that has them.
    async fn replace_with_addresses(
        &self,
        current: &Kept<Profile>,
        edited: Profile,
        new: &[AddressClaim],
        now: Timestamp,
    ) -> Result<Kept<Profile>, ChangeError> {
        let id = current.value.id;
        let mut intent = Living::settled(current.value.clone(), now);
        intent.claims.extend(new.iter().map(ClaimId::of));
        let claimed = self.write(intent, &current.etag).await?;
        let reserved = match self.addresses.reserve(self, new, id, now).await {
            Ok(reserved) => reserved,
            Err(error) => {
                self.take_back(&current.value, &claimed, now).await;
                return Err(error);
            }
        };
        let dropped: Vec<ClaimId> = current
            .value
            .claims()
            .iter()
            .filter(|claim| !edited.claims().contains(claim))
            .map(ClaimId::of)
            .collect();
        let given_up = self.addresses.held(&dropped, id).await?;
        match self.write(Living::settled(edited.clone(), now), &claimed).await {
            Ok(etag) => {
                self.addresses.let_go(given_up).await;
                Ok(Kept { value: edited, etag })
            }
            Err(refusal) => {
                self.addresses.let_go(reserved).await;
                Err(refusal.into())
            }
        }
    }

    /// Withdraws the claim to addresses that were not to be had. If that fails the claim is an old one soon
    /// and binds nobody.
    async fn take_back(&self, profile: &Profile, claimed: &Etag, now: Timestamp) {
        if let Err(error) = self.write(Living::settled(profile.clone(), now), claimed).await {
            tracing::warn!(%error, "a claim to an address stays until it is old");
        }
    }

    async fn write(&self, living: Living, etag: &Etag) -> Result<Etag, Refusal> {
        let id = living.profile.id.to_string();
        self.container.replace(&id, &id, &ProfileDocument::Active(living), etag).await
    }

    pub(super) async fn document(
        &self,
        id: ProfileId,
    ) -> Result<Option<Kept<ProfileDocument>>, CosmosFailure> {
        let id = id.to_string();
        self.container.read(&id, &id).await
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
        let Some(Kept { value, etag }) = self.document(holder).await? else {
            return moved_or_free(self.container.create(&id, &id, &fenced).await.map(drop));
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
            && age < jiff::SignedDuration::from_secs(CLAIM_GRACE.as_secs() as i64)
        {
            return Ok(Fence::HoldsForNow(CLAIM_GRACE));
        }
        let instead = if active {
            ProfileDocument::Active(Living::settled(living.into_profile(), now))
        } else {
            fenced
        };
        moved_or_free(self.container.replace(&id, &id, &instead, &etag).await.map(drop))
    }
}

fn moved_or_free(write: Result<(), Refusal>) -> Result<Fence, CosmosFailure> {
    match write {
        Ok(()) => Ok(Fence::Free),
        Err(Refusal::Changed) => Ok(Fence::Moved),
        Err(Refusal::Failed(failure)) => Err(failure),
    }
}

fn with_parameter(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
