//! What the bank said, sealed: the blob container `credit-activity`. It has no versions and no soft delete, and what lies
//! for two days is deleted by the storage account's own rule.

use crate::domain::AssessmentId;
use azure_data::{BlobContainer, Storage, StorageFailure};
use sealing::{DataKey, SealingError};
use std::num::NonZeroUsize;

/// Largest sealed blob, in bytes: many years of several accounts.
pub(crate) const MAX_SEALED_BYTES: usize = 16 * 1024 * 1024;
/// Most blobs of one assessment that are deleted at a time.
const MOST_BLOBS: NonZeroUsize = NonZeroUsize::new(100).expect("not zero");

/// Why something sealed was not written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActivityError {
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Sealing(#[from] SealingError),
}

#[derive(Debug)]
pub(crate) struct Activities(BlobContainer);

impl Activities {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.blobs("credit-activity"))
    }

    /// Where an attempt's whole answer lies.
    pub(crate) fn path(id: AssessmentId, attempt: u32) -> String {
        format!("{id}/{attempt}/activity")
    }

    /// Where what an attempt has so far lies.
    pub(crate) fn path_of_progress(id: AssessmentId, attempt: u32) -> String {
        format!("{id}/{attempt}/progress")
    }

    /// Writes what nobody reads without the key.
    pub(crate) async fn put(
        &self,
        id: AssessmentId,
        path: &str,
        key: &DataKey,
        plain: &[u8],
    ) -> Result<(), ActivityError> {
        let sealed = key.seal(&id.to_string(), plain)?;
        Ok(self.0.put(path, sealed.into(), "application/octet-stream").await?)
    }

    /// Reads what [`Activities::put`] wrote. `None`: there is nothing.
    pub(crate) async fn get(
        &self,
        id: AssessmentId,
        path: &str,
        key: &DataKey,
    ) -> Result<Option<Vec<u8>>, ActivityError> {
        let Some(blob) = self.0.get(path, MAX_SEALED_BYTES).await? else { return Ok(None) };
        Ok(Some(key.open(&id.to_string(), &blob.content)?))
    }

    /// Whether an attempt's whole answer lies there.
    pub(crate) async fn is_there(
        &self,
        id: AssessmentId,
        attempt: u32,
    ) -> Result<bool, StorageFailure> {
        Ok(self.0.properties(&Self::path(id, attempt)).await?.is_some())
    }

    /// Deletes all that lies of an assessment. Done again it does nothing.
    pub(crate) async fn delete_all(&self, id: AssessmentId) -> Result<(), StorageFailure> {
        let prefix = format!("{id}/");
        loop {
            let names = self.0.list(&prefix, MOST_BLOBS.get()).await?;
            for name in &names {
                self.0.delete(name).await?;
            }
            if names.len() < MOST_BLOBS.get() {
                return Ok(());
            }
        }
    }
}
