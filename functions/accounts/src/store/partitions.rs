//! A container as what must hold in one partition sees it: reads, and batches of which each write is conditional. In the
//! app that is a container of Cosmos DB; the model (`crate::model`) puts its own world in that place, in which answers
//! are lost, reads are old and writers die, and runs the very code that the app runs.

use azure_data::{
    Attempt, BatchError, ChangeError, Container, ContainerReader, CosmosFailure, Etag, Item, Query,
    pause, retry_conflicts_pausing,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::num::NonZeroU32;

/// One write of a batch.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    /// Of a document that must not be there yet; its id is its field `id`.
    Create(Value),
    /// In the place of the one that the entity tag names.
    Replace(String, Value, Etag),
}

impl Write {
    pub(super) fn create(document: &impl Serialize) -> Self {
        Self::Create(json(document))
    }

    pub(super) fn replace(id: &str, document: &impl Serialize, etag: &Etag) -> Self {
        Self::Replace(id.to_owned(), json(document), etag.clone())
    }
}

fn json(document: &impl Serialize) -> Value {
    serde_json::to_value(document).expect("a document is plain values, which are JSON")
}

pub(crate) trait Partitions: Send + Sync {
    /// The document as it is, or as it was a while ago.
    fn read<T: DeserializeOwned>(
        &self,
        partition: &str,
        id: &str,
    ) -> impl Future<Output = Result<Option<Item<T>>, CosmosFailure>> + Send;

    /// Those of the documents that are there, in no order; at most as many ids as a batch has operations.
    fn read_many(
        &self,
        partition: &str,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Value>, CosmosFailure>> + Send;

    /// All of the writes or none.
    fn commit(
        &self,
        partition: &str,
        writes: Vec<Write>,
    ) -> impl Future<Output = Result<(), BatchError>> + Send;

    /// Waits before the next of several tries.
    fn pause(&self, tries: u32) -> impl Future<Output = ()> + Send;
}

impl Partitions for Container {
    async fn read<T: DeserializeOwned>(
        &self,
        partition: &str,
        id: &str,
    ) -> Result<Option<Item<T>>, CosmosFailure> {
        ContainerReader::read(self, partition, id).await
    }

    async fn read_many(
        &self,
        partition: &str,
        ids: &[String],
    ) -> Result<Vec<Value>, CosmosFailure> {
        let Some(most) = u32::try_from(ids.len()).ok().and_then(NonZeroU32::new) else {
            return Ok(Vec::new());
        };
        let names: Vec<String> = (0..ids.len()).map(|at| format!("@id{at}")).collect();
        let text = format!("SELECT * FROM c WHERE c.id IN ({})", names.join(", "));
        let query = names.iter().zip(ids).fold(Query::from(text), |query, (name, id)| {
            query.with_parameter(name.as_str(), id).expect("a string is JSON")
        });
        self.query_in(partition, query, most).await
    }

    async fn commit(&self, partition: &str, writes: Vec<Write>) -> Result<(), BatchError> {
        let mut batch = self.batch(partition);
        for write in &writes {
            batch = match write {
                Write::Create(document) => batch.create(document),
                Write::Replace(id, document, etag) => batch.replace(id, document, etag),
            };
        }
        batch.commit().await.map(drop)
    }

    async fn pause(&self, tries: u32) {
        pause(tries).await;
    }
}

/// Calls `attempt` until it does not end in a conflict, with the pauses of the container.
pub(super) async fn retry<C, T, E, F>(
    container: &C,
    what: &str,
    attempt: impl FnMut() -> F,
) -> Result<T, ChangeError<E>>
where
    C: Partitions,
    F: Future<Output = Result<T, Attempt<E>>>,
{
    retry_conflicts_pausing(what, |tries| container.pause(tries), attempt).await
}
