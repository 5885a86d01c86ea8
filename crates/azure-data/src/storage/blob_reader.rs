//! Blobs of another app, or of its host.

use super::{Account, Blob, BlobContainer, BlobProperties, StorageFailure};
use azure_core::http::Url;
use std::sync::Arc;

/// A blob container that belongs to another app, which lets this one read.
#[derive(Debug)]
pub struct BlobReader(pub(super) BlobContainer);

impl BlobReader {
    /// The container `name` of another account than the one that apps share, such as that of another app's host; contacts
    /// nobody. `service` is where its blobs are, as `STORAGE__blobServiceUri` has it.
    #[must_use]
    pub fn of(service: Url, name: &'static str) -> Self {
        Self(BlobContainer::new(Arc::new(Account::of_blobs(service)), name))
    }

    /// As [`BlobContainer::get`].
    ///
    /// # Errors
    /// As [`BlobContainer::get`].
    pub async fn get(&self, name: &str, most_bytes: usize) -> Result<Option<Blob>, StorageFailure> {
        self.0.get(name, most_bytes).await
    }

    /// As [`BlobContainer::properties`].
    ///
    /// # Errors
    /// As [`BlobContainer::properties`].
    pub async fn properties(&self, name: &str) -> Result<Option<BlobProperties>, StorageFailure> {
        self.0.properties(name).await
    }
}
