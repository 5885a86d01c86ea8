//! Reading, listing and changing profiles.

use super::addresses::{Addresses, Held, NotReserved, Taken};
use super::claims::ClaimId;
use super::collection::{Collection, retry};
use super::documents::{Living, ProfileDocument};
use crate::domain::{AddressClaim, Profile, ProfileId, ServiceId};
use azure_data::{
    Attempt, ChangeError, Container, Cosmos, CosmosFailure, Etag, Item, Query,
    READS_MAY_BE_OLD_FOR, WriteError,
};
use jiff::Timestamp;
use std::{num::NonZeroU32, sync::Mutex};
use values::Clock;

#[derive(Debug)]
pub(crate) struct Profiles<C = Container> {
    pub(super) container: C,
    pub(super) addresses: Addresses<C>,
}

/// Why a change of a profile was decided against; `E` is the caller's own reason.
#[derive(Debug)]
pub(crate) enum NotStored<E> {
    /// There is no such profile.
    Missing,
    /// An address is in use by another profile.
    Taken(Taken),
    Refused(E),
}

impl Profiles {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        let profiles = || cosmos.container("profiles").saying_writers();
        Self::of(profiles(), cosmos.container("addresses-in-use"), profiles())
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.container.read::<serde::de::IgnoredAny>("ping").await.map(drop)
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
        let page = |after: &str| with_parameter(Query::from(text.as_str()), "@after", after);
        let documents = self.container.list_readable::<Living>(&after, count, page).await?;
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
}

impl<C: Collection> Profiles<C> {
    /// Of the containers `profiles`, `addresses-in-use` and, once more, `profiles`.
    pub(crate) fn of(container: C, reservations: C, holders: C) -> Self {
        Self { container, addresses: Addresses::new(reservations, holders) }
    }

    /// The profile, unless it is not registered (yet) or erased.
    pub(crate) async fn read(&self, id: ProfileId) -> Result<Option<Item<Profile>>, CosmosFailure> {
        let Some(Item { value, etag }) = self.document(id).await? else { return Ok(None) };
        let ProfileDocument::Active(living) = value else { return Ok(None) };
        Ok(Some(Item { value: living.into_profile(), etag }))
    }

    /// Whether a profile that is not registered, as far as can be seen here, may be so in truth or soon: it is being
    /// registered, or so young that the copy which was read may not have it yet.
    pub(crate) async fn may_come(
        &self,
        id: ProfileId,
        now: Timestamp,
    ) -> Result<bool, CosmosFailure> {
        Ok(match self.document(id).await?.map(|item| item.value) {
            Some(ProfileDocument::Registering(_) | ProfileDocument::Active(_)) => true,
            Some(ProfileDocument::Fenced(_) | ProfileDocument::Erased(_)) => false,
            None => id.is_younger_than(READS_MAY_BE_OLD_FOR, now),
        })
    }

    /// The profile that has this address.
    pub(crate) async fn with_address(
        &self,
        claim: &AddressClaim,
    ) -> Result<Option<Profile>, CosmosFailure> {
        let Some(holder) = self.addresses.holder(claim).await? else { return Ok(None) };
        let profile = self.read(holder).await?.map(|item| item.value);
        // The reservation may be a leftover: only the profile itself knows its addresses.
        Ok(profile.filter(|profile| profile.claims().contains(claim)))
    }

    /// Applies `edit` to the profile as it is when it is stored; again if others changed it meanwhile.
    pub(crate) async fn change<E>(
        &self,
        id: ProfileId,
        clock: &Clock,
        edit: impl Fn(&Profile, Timestamp) -> Result<Profile, E>,
    ) -> Result<Profile, ChangeError<NotStored<E>>> {
        let tried = Mutex::new(Vec::new());
        let is_done = |profile: &Profile| tried.lock().is_ok_and(|tried| tried.contains(profile));
        let what = format!("changing the profile {id}");
        let changed = retry(&self.container, &what, async || {
            let current = self.read(id).await?.ok_or(Attempt::Refused(NotStored::Missing))?;
            if is_done(&current.value) {
                // Our own write, of which we lost the answer.
                return Ok(current.value);
            }
            let now = clock.now();
            let edited = edit(&current.value, now)
                .map_err(|reason| Attempt::Refused(NotStored::Refused(reason)))?;
            if let Ok(mut tried) = tried.lock() {
                tried.push(edited.clone());
            }
            self.replace(&current, &edited, now).await?;
            Ok(edited)
        });
        match changed.await {
            // Not known is not failed: it may be there.
            Err(ChangeError::Failed(failure)) => match self.read(id).await? {
                Some(current) if is_done(&current.value) => Ok(current.value),
                _ => Err(failure.into()),
            },
            other => other,
        }
    }

    /// Stores `edited` in the place of `current`.
    async fn replace<E>(
        &self,
        current: &Item<Profile>,
        edited: &Profile,
        now: Timestamp,
    ) -> Result<(), Attempt<NotStored<E>>> {
        if *edited == current.value {
            return Ok(());
        }
        let before = current.value.claims();
        let new: Vec<AddressClaim> =
            edited.claims().into_iter().filter(|claim| !before.contains(claim)).collect();
        if new.is_empty() {
            self.write(&Living::settled(edited, now), &current.etag).await?;
            return Ok(());
        }
        self.replace_with_addresses(current, edited, &new, now).await
    }

    /// First the claim to the new addresses, then their reservations, then the profile that has them.
    async fn replace_with_addresses<E>(
        &self,
        current: &Item<Profile>,
        edited: &Profile,
        new: &[AddressClaim],
        now: Timestamp,
    ) -> Result<(), Attempt<NotStored<E>>> {
        let id = current.value.id;
        let mut intent = Living::settled(&current.value, now);
        intent.claims.extend(new.iter().map(ClaimId::of));
        let claimed = self.write(&intent, &current.etag).await?;
        let reserved = match self.addresses.reserve(new, id, now).await {
            Ok(reserved) => reserved,
            Err(NotReserved::Failed(failure)) => return Err(failure.into()),
            Err(NotReserved::Taken(taken, held)) => {
                self.take_back(&current.value, &claimed, held, now).await;
                return Err(Attempt::Refused(NotStored::Taken(taken)));
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
        match self.write(&Living::settled(edited, now), &claimed).await {
            Ok(_) => {
                self.addresses.let_go(given_up).await;
                Ok(())
            }
            Err(error) => {
                self.let_go_if_erased(id, reserved).await;
                Err(error.into())
            }
        }
    }

    /// Withdraws the claim to addresses that were not to be had, and gives back those that were. If that fails the
    /// claim is an old one soon and binds nobody.
    async fn take_back(&self, profile: &Profile, claimed: &Etag, held: Vec<Held>, now: Timestamp) {
        match self.write(&Living::settled(profile, now), claimed).await {
            Ok(_) => self.addresses.let_go(held).await,
            Err(error) => tracing::warn!(%error, "a claim to an address stays until it is old"),
        }
    }

    /// The last write was refused or failed: the profile may have these addresses all the same, and they stay
    /// reserved. Only of a profile that is erased by now nobody will ever need them.
    async fn let_go_if_erased(&self, id: ProfileId, reserved: Vec<Held>) {
        let document = self.document(id).await;
        if let Ok(Some(Item { value: ProfileDocument::Erased(_), .. })) = document {
            self.addresses.let_go(reserved).await;
        }
    }

    async fn write(&self, living: &Living, etag: &Etag) -> Result<Etag, WriteError> {
        let id = living.id.to_string();
        self.container.replace(&id, &ProfileDocument::Active(living.clone()), etag).await
    }

    pub(super) async fn document(
        &self,
        id: ProfileId,
    ) -> Result<Option<Item<ProfileDocument>>, CosmosFailure> {
        self.container.read(&id.to_string()).await
    }
}

fn with_parameter(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
