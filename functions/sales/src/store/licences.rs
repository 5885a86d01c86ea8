//! Licences, and who was shown their keys: the container `licences`, by profile.

use super::documents::{KeyShownDocument, LicenceDocument, place_of};
use crate::domain::{Licence, LicenceId, ProfileId, ServiceId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;
use uuid::Uuid;
use values::moment;

/// After every moment there is.
const END_OF_TIME: &str = "9999-12-31T23:59:59.999Z";

#[derive(Debug)]
pub(crate) struct Licences(Container);

impl Licences {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("licences"))
    }

    pub(crate) async fn read(
        &self,
        profile: ProfileId,
        id: LicenceId,
    ) -> Result<Option<Licence>, CosmosFailure> {
        let found = self.0.read::<LicenceDocument>(&profile.to_string(), &id.to_string()).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores one, in place of an earlier round's.
    pub(crate) async fn put(
        &self,
        licence: &Licence,
    ) -> Result<Licence, ChangeError<std::convert::Infallible>> {
        let decide = |now: Option<&LicenceDocument>| {
            let before = now.map(|now| Licence::from(now.clone()));
            let after = licence.clone().replacing(before.clone());
            Ok(if before.as_ref() == Some(&after) {
                Change::Keep(after)
            } else {
                Change::Write(LicenceDocument::from(&after), after)
            })
        };
        let (profile, id) = (licence.profile.to_string(), licence.id.to_string());
        self.0.change(&profile, &id, decide).await
    }

    /// Applies `edit` to the licence as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        profile: ProfileId,
        id: LicenceId,
        edit: impl Fn(Licence) -> Result<Licence, E>,
    ) -> Result<Option<Licence>, ChangeError<E>> {
        let decide = |now: Option<&LicenceDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Licence::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(LicenceDocument::from(&edited), Some(edited))
            })
        };
        self.0.change(&profile.to_string(), &id.to_string(), decide).await
    }

    /// A profile's, newest first: at most `count` that stand after `after`, which is a [`position`](Self::position).
    pub(crate) async fn list(
        &self,
        profile: ProfileId,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Licence>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.kind = 'licence' AND c.place < @after ORDER BY c.place DESC"
        );
        let query = Query::from(text).with_parameter("@after", after.unwrap_or(END_OF_TIME));
        let query = query.expect("a string is JSON");
        let partition = profile.to_string();
        let found = self.0.query_in::<LicenceDocument>(&partition, query, count).await?;
        Ok(found.into_iter().map(Licence::from).collect())
    }

    /// Where a licence stands in its profile's list.
    pub(crate) fn position(licence: &Licence) -> String {
        place_of(licence)
    }

    /// Whether the profile has one that is a reason to be subscribed to a service.
    pub(crate) async fn has_live(
        &self,
        profile: ProfileId,
        service: &ServiceId,
    ) -> Result<bool, CosmosFailure> {
        let text = "SELECT TOP 1 * FROM c WHERE c.kind = 'licence' AND c.serviceId = @service AND \
                    (c.state = 'active' OR c.state = 'pending')";
        let query = Query::from(text).with_parameter("@service", service.as_str());
        let query = query.expect("a string is JSON");
        let partition = profile.to_string();
        let found = self.0.query_in::<LicenceDocument>(&partition, query, NonZeroU32::MIN).await?;
        Ok(!found.is_empty())
    }

    /// At most `count` that somebody should have looked at, the longest overdue first.
    pub(crate) async fn overdue(
        &self,
        before: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Licence>, CosmosFailure> {
        let text =
            format!("SELECT TOP {count} * FROM c WHERE c.lookAt < @before ORDER BY c.lookAt");
        let query = Query::from(text).with_parameter("@before", moment::text(before));
        let query = query.expect("a string is JSON");
        let found = self.0.query::<LicenceDocument>(query, count).await?;
        Ok(found.into_iter().map(Licence::from).collect())
    }

    /// Notes that a caller is shown the key now.
    pub(crate) async fn note_key_shown(
        &self,
        licence: &Licence,
        at: Timestamp,
        by: String,
    ) -> Result<(), WriteError> {
        let note = KeyShownDocument::new(licence, Uuid::now_v7(), at, by);
        let (profile, id) = (licence.profile.to_string(), note.id.to_string());
        self.0.create(&profile, &id, &note).await.map(drop)
    }
}
