//! Consents: the container `consents`.

use super::documents::ConsentDocument;
use crate::domain::{Consent, ConsentId, PartnerId, Subject};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Consents(Container);

impl Consents {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("consents"))
    }

    pub(crate) async fn read(&self, id: ConsentId) -> Result<Option<Consent>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<ConsentDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores a new one. The one that is there already under its id, if there is one: it may be further.
    pub(crate) async fn begin(&self, consent: &Consent) -> Result<Consent, WriteError> {
        let id = consent.id.to_string();
        match self.0.create(&id, &id, &ConsentDocument::from(consent)).await {
            Ok(_) => Ok(consent.clone()),
            Err(error) => match self.read(consent.id).await {
                Ok(Some(there)) => Ok(there),
                Ok(None) => Err(error),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// Applies `edit` to the consent as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        id: ConsentId,
        edit: impl Fn(Consent) -> Result<Consent, E>,
    ) -> Result<Option<Consent>, ChangeError<E>> {
        let decide = |now: Option<&ConsentDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Consent::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(ConsentDocument::from(&edited), Some(edited))
            })
        };
        let id = id.to_string();
        self.0.change(&id, &id, decide).await
    }

    /// Those that a round has to look at, in the order of their ids: at most `count` after the one given.
    pub(crate) async fn watched(
        &self,
        after: Option<ConsentId>,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Consent>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE (c.watched = true OR (c.live = true AND c.validUntil <= @now)) \
             AND c.id > @after ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = Query::from(text)
            .with_parameter("@after", after)
            .and_then(|query| query.with_parameter("@now", format!("{now:.3}")))
            .expect("a string is JSON");
        let found = self.0.query::<ConsentDocument>(query, count).await?;
        Ok(found.into_iter().map(Consent::from).collect())
    }

    /// Those of a person that were begun until then, at most `count`.
    pub(crate) async fn of_subject(
        &self,
        partner: &PartnerId,
        subject: &Subject,
        until: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<ConsentId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} VALUE c.id FROM c \
             WHERE c.person.subject = @subject AND c.partner = @partner AND c.createdAt <= @until"
        );
        let until = format!("{until:.3}");
        let query = Query::from(text).with_parameter("@until", until).expect("a string is JSON");
        let query = query.with_parameter("@subject", subject).expect("a string is JSON");
        let query = query.with_parameter("@partner", partner).expect("a string is JSON");
        self.0.query(query, count).await
    }
}
