//! What steps leave behind: the blobs of `sales-payloads`, which expire after 30 days.

use crate::domain::{OrderId, PayloadPath};
use azure_data::{BlobContainer, BlobRefusal, Storage, StorageFailure};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::num::NonZeroUsize;

/// Largest payload, in bytes: an order has some 10 KB.
const MAX_BYTES: usize = 1 << 20;
/// Most blobs that are deleted at a time.
const MOST_BLOBS: NonZeroUsize = NonZeroUsize::new(100).expect("not zero");
/// The form of the envelope around a payload.
const MANIFEST_VERSION: &str = "1";

#[derive(Debug)]
pub(crate) struct Payloads(BlobContainer);

/// What lies at a path: the payload, and what kind it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest<T> {
    pub(crate) metadata: Metadata,
    pub(crate) payload: T,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    manifest_version: String,
    payload_type: String,
}

/// What a step works from cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayloadError {
    /// It was deleted, or never written.
    #[error("the payload {0} is not there any more")]
    Expired(PayloadPath),
    #[error("the payload {0} is not what this step works from: {1}")]
    Odd(PayloadPath, serde_json::Error),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
}

impl Payloads {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.blobs("sales-payloads"))
    }

    /// Writes a payload. The one that lies there already, if there is one: a run before this one wrote it.
    pub(crate) async fn keep<T: Serialize + DeserializeOwned + Sync>(
        &self,
        path: &PayloadPath,
        payload_type: &str,
        payload: T,
    ) -> Result<T, PayloadError> {
        let metadata = Metadata {
            manifest_version: MANIFEST_VERSION.to_owned(),
            payload_type: payload_type.to_owned(),
        };
        let manifest = Manifest { metadata, payload };
        let bytes = serde_json::to_vec(&manifest).expect("a payload is JSON");
        match self.0.create(path.as_str(), bytes.into(), "application/json").await {
            Ok(()) => Ok(manifest.payload),
            Err(BlobRefusal::Exists) => self.read(path).await,
            Err(BlobRefusal::Failed(failure)) => Err(failure.into()),
        }
    }

    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        path: &PayloadPath,
    ) -> Result<T, PayloadError> {
        let found = self.0.get(path.as_str(), MAX_BYTES).await?;
        let blob = found.ok_or_else(|| PayloadError::Expired(path.clone()))?;
        let read = serde_json::from_slice::<Manifest<T>>(&blob.content);
        Ok(read.map_err(|error| PayloadError::Odd(path.clone(), error))?.payload)
    }

    /// Whether something lies there.
    pub(crate) async fn is_there(&self, path: &PayloadPath) -> Result<bool, StorageFailure> {
        Ok(self.0.properties(path.as_str()).await?.is_some())
    }

    /// Deletes all that an order left behind; deleted again it is deleted.
    pub(crate) async fn delete_all(&self, order: OrderId) -> Result<(), StorageFailure> {
        let prefix = format!("{order}/");
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
