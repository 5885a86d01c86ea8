use super::connection::Connection;
use super::{CosmosFailure, query};
use azure_core::http::Etag;
use azure_data_cosmos::{Query, feed::FeedScope};
use serde::de::DeserializeOwned;
use std::{fmt, num::NonZeroU32, time::Duration};

/// How old the copy may be that a region reads which does not write: the bound of the account's bounded staleness
/// (`max_interval_in_seconds` in terraform/modules/data). What is not there in such a copy may exist all the same, if it
/// can be younger than this: then it is "again", not "never".
pub const READS_MAY_BE_OLD_FOR: Duration = Duration::from_secs(300);

/// A document as it was read: its value, and the entity tag that a conditional write needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<T> {
    /// The document.
    pub value: T,
    /// Cosmos DB's `_etag`; it changes with every write.
    pub etag: Etag,
}

/// A container that is only read; connects when first used.
pub struct ContainerReader {
    pub(super) connection: Connection,
}

impl ContainerReader {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// The document, or `None` if there is none.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or the document is not a `T`.
    pub async fn read<T: DeserializeOwned>(
        &self,
        partition: &str,
        id: &str,
    ) -> Result<Option<Item<T>>, CosmosFailure> {
        let what = || format!("reading a document of {}", self.name());
        let client = self.connection.client().await?;
        let read = || client.read_item(partition.to_owned(), id, None);
        let response = match self.connection.operation("read_item").run(what, read).await {
            Err(failure) if failure.is_not_found() => return Ok(None),
            other => other?,
        };
        let etag = response.headers().etag().cloned();
        let etag = etag.ok_or_else(|| CosmosFailure::no_etag(what()))?;
        let value = response.into_model().map_err(|error| CosmosFailure::new(what(), &error))?;
        Ok(Some(Item { value, etag }))
    }

    /// The first `most` documents of all partitions that a query selects.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or a document is not a `T`.
    pub async fn query<T: DeserializeOwned + Send + 'static>(
        &self,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Vec<T>, CosmosFailure> {
        query::select(&self.connection, FeedScope::full_container(), query, most).await
    }

    /// The first `most` documents of one partition that a query selects: one request, where
    /// [`ContainerReader::query`] makes one for each physical partition.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or a document is not a `T`.
    pub async fn query_in<T: DeserializeOwned + Send + 'static>(
        &self,
        partition: &str,
        query: Query,
        most: NonZeroU32,
    ) -> Result<Vec<T>, CosmosFailure> {
        let scope = FeedScope::partition(partition.to_owned());
        query::select(&self.connection, scope, query, most).await
    }

    pub(super) fn name(&self) -> &'static str {
        self.connection.name
    }
}

impl fmt::Debug for ContainerReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContainerReader").field(&self.name()).finish()
    }
}
