//! Blobs of another app.

use super::{Blob, BlobContainer, StorageFailure};

/// A blob container that belongs to another app, which lets this one read.
#[derive(Debug)]
pub struct BlobReader(pub(super) BlobContainer);

impl BlobReader {
    /// As [`BlobContainer::get`].
    ///
    /// # Errors
    /// As [`BlobContainer::get`].
    pub async fn get(&self, name: &str, most_bytes: usize) -> Result<Option<Blob>, StorageFailure> {
        self.0.get(name, most_bytes).await
    }
}
