//! Telling which letters are open: in one blob, written anew at each run of the timer that works at poison queues. So what was
//! missed once is told by the next run, and who reads it sees since when an app says nothing.

use super::app::{Count, DeadLetters};
use super::open_letters::{OpenLetter, OpenLetters};
use azure_data::{BlobContainer, CosmosFailure, Storage, StorageFailure};
use std::num::NonZeroU32;

/// Letters that are told; of more the latest.
const MOST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");

/// Why they were not told. The next run tells them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTold {
    #[error(transparent)]
    Cosmos(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error("putting open letters into JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl DeadLetters {
    /// Also tells which letters are open, in a blob of the app's container `container`.
    #[must_use]
    pub fn telling_in(mut self, storage: &Storage, container: &'static str) -> Self {
        self.open_letters = Some(storage.blobs(container));
        self
    }

    /// Tells which letters are open, if the app wants that.
    pub(crate) async fn tell_open(&self) -> Result<(), NotTold> {
        let Some(container) = &self.open_letters else { return Ok(()) };
        let Count { count, or_more } = self.count_open().await?;
        let latest = self.letters.latest_open(MOST).await?.into_iter().map(OpenLetter::from);
        let list = OpenLetters { at: self.now(), open: count, or_more, latest: latest.collect() };
        put(container, &list).await
    }
}

async fn put(container: &BlobContainer, list: &OpenLetters) -> Result<(), NotTold> {
    let content = serde_json::to_vec(list)?;
    container.put(OpenLetters::BLOB, content.into(), "application/json").await?;
    Ok(())
}
