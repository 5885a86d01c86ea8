//! A container as the protocol of unique addresses sees it: four operations, each write conditional. In the app that is
//! a container of Cosmos DB; the model (`crate::model`) puts its own world in that place, in which answers are lost,
//! reads are old and workers die, and runs the very code that the app runs.

use azure_data::{
    Attempt, ChangeError, Container, ContainerReader, CosmosFailure, Etag, Item, WriteError, pause,
    retry_conflicts_pausing,
};
use serde::{Serialize, de::DeserializeOwned};

/// Documents whose partition key is their id.
pub(crate) trait Collection: Send + Sync {
    /// The document as it is, or as it was a while ago.
    fn read<T: DeserializeOwned>(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<Item<T>>, CosmosFailure>> + Send;

    /// Stores a document that must not be there yet.
    fn create<T: Serialize + Sync>(
        &self,
        id: &str,
        value: &T,
    ) -> impl Future<Output = Result<Etag, WriteError>> + Send;

    /// Stores a document in the place of the one that `etag` names.
    fn replace<T: Serialize + Sync>(
        &self,
        id: &str,
        value: &T,
        etag: &Etag,
    ) -> impl Future<Output = Result<Etag, WriteError>> + Send;

    /// Removes the document that `etag` names.
    fn delete(&self, id: &str, etag: &Etag) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Waits before the next of several tries.
    fn pause(&self, tries: u32) -> impl Future<Output = ()> + Send;
}

impl Collection for Container {
    async fn read<T: DeserializeOwned>(&self, id: &str) -> Result<Option<Item<T>>, CosmosFailure> {
        ContainerReader::read(self, id, id).await
    }

    async fn create<T: Serialize + Sync>(&self, id: &str, value: &T) -> Result<Etag, WriteError> {
        Container::create(self, id, id, value).await
    }

    async fn replace<T: Serialize + Sync>(
        &self,
        id: &str,
        value: &T,
        etag: &Etag,
    ) -> Result<Etag, WriteError> {
        Container::replace(self, id, id, value, etag).await
    }

    async fn delete(&self, id: &str, etag: &Etag) -> Result<(), WriteError> {
        Container::delete(self, id, id, etag).await
    }

    async fn pause(&self, tries: u32) {
        pause(tries).await;
    }
}

/// Calls `attempt` until it does not end in a conflict, with the pauses of `collection`.
pub(super) async fn retry<C, T, E, F>(
    collection: &C,
    what: &str,
    attempt: impl FnMut() -> F,
) -> Result<T, ChangeError<E>>
where
    C: Collection,
    F: Future<Output = Result<T, Attempt<E>>>,
{
    retry_conflicts_pausing(what, |tries| collection.pause(tries), attempt).await
}
