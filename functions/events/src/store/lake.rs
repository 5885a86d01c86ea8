//! The lake's files: the container `event-lake`.

use crate::avro::{self, FileError, LakeEvent};
use crate::domain::Shelf;
use azure_data::{BlobContainer, Storage, StorageFailure};

/// A file has at most the events of one capture file, and is packed.
const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Avro files have no registered media type; this is what others call them.
const MEDIA_TYPE: &str = "application/avro";

#[derive(Debug)]
pub(crate) struct Lake(BlobContainer);

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LakeError {
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(
        "the lake's file {name}: {error}; make it again from its capture file, or take it away"
    )]
    File { name: String, error: FileError },
}

impl Lake {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.blobs("event-lake"))
    }

    /// The events of a file; nothing if there is none.
    pub(crate) async fn read(
        &self,
        shelf: &Shelf,
        first: i64,
    ) -> Result<Vec<LakeEvent>, LakeError> {
        let name = shelf.file(first);
        let Some(blob) = self.0.get(&name, MAX_FILE_BYTES).await? else { return Ok(Vec::new()) };
        avro::read(&blob.content).map_err(|error| LakeError::File { name, error })
    }

    /// Writes a file in the place of what was there: the same events are the same bytes. Without events there is no file.
    pub(crate) async fn write(
        &self,
        shelf: &Shelf,
        first: i64,
        events: &[LakeEvent],
    ) -> Result<(), LakeError> {
        let name = shelf.file(first);
        if events.is_empty() {
            self.0.delete(&name).await?;
            return Ok(());
        }
        let file = avro::write(&name, events);
        let file = file.map_err(|error| LakeError::File { name: name.clone(), error })?;
        self.0.put(&name, file.into(), MEDIA_TYPE).await?;
        Ok(())
    }
}
