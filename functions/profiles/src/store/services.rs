//! The catalogue.

use super::documents::ServiceDocument;
use super::profiles::Profiles;
use crate::domain::{Service, ServiceId};
use azure_data::{Container, Cosmos, CosmosFailure, Etag, Item, Query, WriteError};
use custom_handler::{ChangeFeed, Rejected};
use jiff::{SignedDuration, Timestamp};
use std::num::NonZeroU32;

/// How long a deletion keeps new subscribers away. One that was interrupted is forgotten after that.
const DELETION_GRACE: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Services(Container);

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

impl From<WriteError> for DeleteError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Conflict => Self::Changed,
            WriteError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl Services {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("services").saying_writers())
    }

    /// The services that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<Service>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<ServiceDocument>();
        (documents.into_iter().map(Service::from).collect(), rejected)
    }

    pub(crate) async fn read(
        &self,
        id: &ServiceId,
    ) -> Result<Option<Item<Service>>, CosmosFailure> {
        let item = self.document(id).await?;
        Ok(item.map(|item| Item { value: item.value.into(), etag: item.etag }))
    }

    pub(crate) async fn availability(
        &self,
        id: &ServiceId,
        now: Timestamp,
    ) -> Result<Availability, CosmosFailure> {
        let Some(Item { value, .. }) = self.document(id).await? else {
            return Ok(Availability::Missing);
        };
        let deleting =
            value.deleting_since.is_some_and(|since| now.duration_since(since) < DELETION_GRACE);
        Ok(match (value.retired, deleting) {
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
        let page = |after: &str| {
            Query::from(text.as_str()).with_parameter("@after", after).expect("a string is JSON")
        };
        let after = after.unwrap_or_default();
        let documents = self.0.list_readable::<ServiceDocument>(after, count, page).await?;
        Ok(documents.into_iter().map(Service::from).collect())
    }

    /// Adds a service. A conflict, unless the one that is there is this very one: our own write, of which we lost the
    /// answer.
    pub(crate) async fn create(&self, service: &Service) -> Result<(), WriteError> {
        let (id, document) = (service.id.as_str(), ServiceDocument::from(service));
        let created = self.0.create(id, id, &document).await.map(drop);
        self.unless_done(created, &document).await
    }

    /// Stores `edited` in the place of `current`; writes nothing if they are the same. A conflict, unless what is there
    /// is our own write.
    pub(crate) async fn replace(
        &self,
        current: &Item<Service>,
        edited: &Service,
    ) -> Result<(), WriteError> {
        if *edited == current.value {
            return Ok(());
        }
        let (id, document) = (edited.id.as_str(), ServiceDocument::from(edited));
        let replaced = self.0.replace(id, id, &document, &current.etag).await.map(drop);
        self.unless_done(replaced, &document).await
    }

    /// A write that was refused or failed may have happened: its answer was lost, and it was sent again.
    async fn unless_done(
        &self,
        written: Result<(), WriteError>,
        document: &ServiceDocument,
    ) -> Result<(), WriteError> {
        match written {
            Ok(()) => Ok(()),
            Err(error) => match self.document(&document.id).await? {
                Some(there) if there.value == *document => Ok(()),
                _ => Err(error),
            },
        }
    }

    /// Deletes a service that is retired or has no subscribers.
    pub(crate) async fn delete(
        &self,
        current: &Item<Service>,
        profiles: &Profiles,
        now: Timestamp,
    ) -> Result<(), DeleteError> {
        let id = &current.value.id;
        if current.value.draft.retired {
            return self.remove(id, &current.etag).await;
        }
        let kept = ServiceDocument::from(&current.value);
        let marked = kept.deleting_since(now);
        let etag = self.mark(&marked, &current.etag).await?;
        if !profiles.has_subscribers(id).await? {
            return self.remove(id, &etag).await;
        }
        self.keep(&kept, &etag).await;
        Err(DeleteError::HasSubscribers)
    }

    async fn mark(&self, marked: &ServiceDocument, etag: &Etag) -> Result<Etag, DeleteError> {
        let id = marked.id.as_str();
        match self.0.replace(id, id, marked, etag).await {
            Ok(etag) => Ok(etag),
            Err(error) => match self.document(&marked.id).await? {
                // Our own write, of which we lost the answer.
                Some(there) if there.value == *marked => Ok(there.etag),
                _ => Err(error.into()),
            },
        }
    }

    /// Also done if it is gone: by ourselves, if the answer was lost, or by somebody who wanted the same.
    async fn remove(&self, id: &ServiceId, etag: &Etag) -> Result<(), DeleteError> {
        match self.0.delete(id.as_str(), id.as_str(), etag).await {
            Ok(()) => Ok(()),
            Err(error) => match self.document(id).await? {
                None => Ok(()),
                Some(_) => Err(error.into()),
            },
        }
    }

    async fn keep(&self, document: &ServiceDocument, etag: &Etag) {
        let id = document.id.as_str();
        if let Err(error) = self.0.replace(id, id, document, etag).await {
            tracing::warn!(%error, service = id, "the mark of a deletion stays until it is old");
        }
    }

    async fn document(
        &self,
        id: &ServiceId,
    ) -> Result<Option<Item<ServiceDocument>>, CosmosFailure> {
        self.0.read(id.as_str(), id.as_str()).await
    }
}
