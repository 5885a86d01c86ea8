use super::{Container, CosmosFailure};
use azure_core::http::Etag;
use azure_data_cosmos::options::{BatchDeleteOptions, BatchReplaceOptions, Precondition};
use azure_data_cosmos::{TransactionalBatch, models::TransactionalBatchOperationResult};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;

/// Most operations in one batch ("Azure Cosmos DB service quotas", per-request limits).
pub const MAX_BATCH_OPERATIONS: usize = 100;
/// Most bytes of one batch: the 2 MiB that a request may have, less what the operations' own envelope takes.
pub const MAX_BATCH_BYTES: usize = 2 * 1024 * 1024 - MAX_BATCH_OPERATIONS * MAX_ENVELOPE_BYTES;
/// Most bytes that an operation has around its document: its kind, an id of at most 255 bytes and an entity tag.
const MAX_ENVELOPE_BYTES: usize = 1024;
/// What the operations get that would have succeeded, had another not failed (424 Failed Dependency).
const FAILED_DEPENDENCY: u16 = 424;

/// Writes of one partition that happen all or not at all; made by [`Container::batch`].
#[derive(Debug)]
#[must_use = "nothing is written before `commit`"]
pub struct Batch<'a> {
    container: &'a Container,
    /// Or why an operation could not be added.
    batch: Result<TransactionalBatch, String>,
    operations: usize,
    bytes: usize,
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Nothing was written, because of this operation: 409 if the document it creates is there, 412 if the one it
    /// replaces or deletes is another by now, 404 if that is gone, 413 if it is too large.
    #[error("operation {operation} of the batch was refused with status {status}")]
    Refused {
        /// Which one, counted from 0 in the order in which they were added.
        operation: usize,
        /// Its HTTP status.
        status: u16,
    },
    /// Nothing was sent: more than [`MAX_BATCH_OPERATIONS`] operations.
    #[error(
        "{operations} operations are more than the {MAX_BATCH_OPERATIONS} that a batch may have"
    )]
    TooManyOperations {
        /// How many there were.
        operations: usize,
    },
    /// Nothing was sent: the documents have more than [`MAX_BATCH_BYTES`] bytes together.
    #[error("{bytes} bytes are more than the {MAX_BATCH_BYTES} that a batch may have")]
    TooLarge {
        /// How many there were.
        bytes: usize,
    },
    /// Cosmos DB did not answer, or not with success. Whether the batch was committed is not known: give it an
    /// operation that can be recognised, such as a create under an id that a repetition uses again.
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl BatchError {
    /// Whether others were faster: read again and decide again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused { status: 404 | 409 | 412, .. })
    }
}

impl Container {
    /// Begins a transactional batch: writes of one partition that happen all or not at all.
    ///
    /// ```
    /// # use azure_data::{BatchError, Container, Etag};
    /// # use serde_json::json;
    /// /// The next number and what bears it, together: no gap and no number twice.
    /// async fn issue(invoices: &Container, number: u32, counter: &Etag) -> Result<(), BatchError> {
    ///     invoices
    ///         .batch("2026")
    ///         .replace("counter", &json!({"id": "counter", "year": "2026", "last": number}), counter)
    ///         .create(&json!({"id": number.to_string(), "year": "2026"}))
    ///         .commit()
    ///         .await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn batch(&self, partition: &str) -> Batch<'_> {
        let batch = Ok(TransactionalBatch::new(partition.to_owned()));
        Batch { container: self, batch, operations: 0, bytes: 0 }
    }
}

impl Batch<'_> {
    /// Stores a document that must not be there yet; its id is its field `id`.
    pub fn create<T: Serialize>(self, value: &T) -> Self {
        self.add(value, |batch, json| batch.create_item(json))
    }

    /// Stores a document in the place of the one that `etag` names.
    pub fn replace<T: Serialize>(self, id: &str, value: &T, etag: &Etag) -> Self {
        let options =
            BatchReplaceOptions::default().with_precondition(Precondition::if_match(etag.clone()));
        self.add(value, |batch, json| batch.replace_item(id.to_owned(), json, Some(options)))
    }

    /// Stores a document whatever is there: for documents whose content follows from their id.
    pub fn upsert<T: Serialize>(self, value: &T) -> Self {
        self.add(value, |batch, json| batch.upsert_item(json, None))
    }

    /// Removes the document that `etag` names.
    pub fn delete(mut self, id: &str, etag: &Etag) -> Self {
        let options =
            BatchDeleteOptions::default().with_precondition(Precondition::if_match(etag.clone()));
        self.operations += 1;
        self.batch = self.batch.map(|batch| batch.delete_item(id.to_owned(), Some(options)));
        self
    }

    /// Writes all of it. The entity tags are in the order of the operations; a deletion has none. A batch without
    /// operations is written at once.
    ///
    /// # Errors
    /// As [`BatchError`] says; all but [`BatchError::Failed`] mean that nothing was written.
    pub async fn commit(self) -> Result<Vec<Option<Etag>>, BatchError> {
        let Self { container, batch, operations, bytes } = self;
        let what =
            || format!("writing {operations} documents of a partition of {}", container.name());
        match (operations, bytes) {
            (0, _) => return Ok(Vec::new()),
            (MAX_BATCH_OPERATIONS.., _) if operations > MAX_BATCH_OPERATIONS => {
                return Err(BatchError::TooManyOperations { operations });
            }
            (_, MAX_BATCH_BYTES..) if bytes > MAX_BATCH_BYTES => {
                return Err(BatchError::TooLarge { bytes });
            }
            _ => {}
        }
        let batch = batch.map_err(|cause| CosmosFailure::unusable(&what(), cause))?;
        let client = container.connection.client().await?;
        let commit = container.connection.operation("execute_batch");
        let write = || client.execute_transactional_batch(batch, None);
        let response = commit.run(what, write).await?;
        let results = response.into_model().map_err(|error| CosmosFailure::new(what(), &error))?;
        committed(results.results(), operations)
            .ok_or_else(|| CosmosFailure::unusable(&what(), "the answer is not whole".into()))?
    }

    fn add<T: Serialize>(
        mut self,
        value: &T,
        add: impl FnOnce(TransactionalBatch, Value) -> azure_data_cosmos::Result<TransactionalBatch>,
    ) -> Self {
        let operation = self.operations;
        self.operations += 1;
        let unwritable = |error: &dyn Display| format!("operation {operation}: {error}");
        let said = self.container.saying.of(value);
        let json = serde_json::to_value(said).map_err(|error| unwritable(&error));
        self.bytes += json.as_ref().map_or(0, |json| json.to_string().len());
        self.batch =
            self.batch.and_then(|batch| add(batch, json?).map_err(|error| unwritable(&error)));
        self
    }
}

/// The SDK calls a batch that was rolled back a success (207 Multi-Status): each operation's own status tells.
/// `None` if the answer does not have one for each.
fn committed(
    results: &[TransactionalBatchOperationResult],
    operations: usize,
) -> Option<Result<Vec<Option<Etag>>, BatchError>> {
    let failed = |status: u16| status >= 400;
    let culprit = results.iter().position(|result| {
        failed(result.status_code()) && result.status_code() != FAILED_DEPENDENCY
    });
    let first_failed = || results.iter().position(|result| failed(result.status_code()));
    if let Some(operation) = culprit.or_else(first_failed) {
        let status = results[operation].status_code();
        return Some(Err(BatchError::Refused { operation, status }));
    }
    if results.len() != operations {
        return None;
    }
    Some(Ok(results.iter().map(|result| result.etag().map(Etag::from)).collect()))
}
