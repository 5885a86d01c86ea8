//! The catalogue.

use super::profiles::Profiles;
use crate::domain::{Service, ServiceId};
use azure_data_cosmos::Query;
use iommi_app::Etag;
use iommi_app::{Container, Cosmos, CosmosFailure, Kept, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{num::NonZeroU32, sync::Arc};

/// How long a deletion keeps new subscribers away. One that was interrupted is forgotten after that.
const DELETION_GRACE: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Services(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceDocument {
    #[serde(flatten)]
    service: Service,
    /// Since when somebody wants to delete it. Whoever subscribes looks here *after* subscribing, whoever
    /// deletes looks for subscribers *after* writing this: so one of them sees the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleting_since: Option<Timestamp>,
}

/// A service as a subscriber sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    Open,
    Retired,
    BeingDeleted,
    Missing,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DeleteError {
    #[error("the service was changed by somebody else")]
    Changed,
    #[error("profiles are subscribed to the service")]
    HasSubscribers,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<Refusal> for DeleteError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Changed => Self::Changed,
            Refusal::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl Services {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self(cosmos.container("services"))
    }

    pub(crate) async fn read(
        &self,
        id: &ServiceId,
    ) -> Result<Option<Kept<Service>>, CosmosFailure> {
        let kept = self.document(id).await?;
        Ok(kept.map(|kept| Kept { value: kept.value.service, etag: kept.etag }))
    }

    pub(crate) async fn availability(
        &self,
        id: &ServiceId,
        now: Timestamp,
    ) -> Result<Availability, CosmosFailure> {
        let Some(Kept { value, .. }) = self.document(id).await? else {
            return Ok(Availability::Missing);
        };
        let deleting =
            value.deleting_since.is_some_and(|since| now.duration_since(since) < DELETION_GRACE);
        Ok(match (value.service.draft.retired, deleting) {
            (true, _) => Availability::Retired,
            (false, true) => Availability::BeingDeleted,
            (false, false) => Availability::Open,
        })
    }

    /// At most `count` services after the one given, in the order of their ids.
    pub(crate) async fn list(
        &self,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Service>, CosmosFailure> {
        let text = format!("SELECT TOP {count} * FROM c WHERE c.id > @after ORDER BY c.id");
        let query = Query::from(text)
            .with_parameter("@after", after.unwrap_or_default())
            .expect("a string is JSON");
        let documents: Vec<ServiceDocument> = self.0.query(query, count).await?;
        Ok(documents.into_iter().map(|document| document.service).collect())
    }

    pub(crate) async fn create(&self, service: &Service) -> Result<(), Refusal> {
        let id = service.id.as_str();
        self.0.create(id, id, &ServiceDocument::of(service.clone())).await.map(drop)
    }

    /// Stores `edited` in the place of `current`; writes nothing if they are the same.
    pub(crate) async fn replace(
        &self,
        current: &Kept<Service>,
        edited: &Service,
    ) -> Result<(), Refusal> {
        if *edited == current.value {
            return Ok(());
        }
        let id = edited.id.as_str();
        self.0.replace(id, id, &ServiceDocument::of(edited.clone()), &current.etag).await.map(drop)
    }

    /// Deletes a service that is retired or has no subscribers.
    pub(crate) async fn delete(
        &self,
        current: &Kept<Service>,
        profiles: &Profiles,
        now: Timestamp,
    ) -> Result<(), DeleteError> {
        let id = &current.value.id;
        if current.value.draft.retired {
            return Ok(self.0.delete(id.as_str(), id.as_str(), &current.etag).await?);
        }
        let mut document = ServiceDocument::of(current.value.clone());
        document.deleting_since = Some(now);
        let etag = self.0.replace(id.as_str(), id.as_str(), &document, &current.etag).await?;
        if !profiles.has_subscribers(id).await? {
            return Ok(self.0.delete(id.as_str(), id.as_str(), &etag).await?);
        }
        self.keep(document, &etag).await;
        Err(DeleteError::HasSubscribers)
    }

    async fn keep(&self, document: ServiceDocument, etag: &Etag) {
        let id = document.service.id.clone();
        let document = ServiceDocument::of(document.service);
        if let Err(error) = self.0.replace(id.as_str(), id.as_str(), &document, etag).await {
            tracing::warn!(%error, service = %id, "the mark of a deletion stays until it is old");
        }
    }

    async fn document(
        &self,
        id: &ServiceId,
    ) -> Result<Option<Kept<ServiceDocument>>, CosmosFailure> {
        self.0.read(id.as_str(), id.as_str()).await
    }
}

impl ServiceDocument {
    fn of(service: Service) -> Self {
        Self { service, deleting_since: None }
    }
}
