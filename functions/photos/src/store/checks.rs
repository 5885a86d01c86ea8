//! The queue `photo-checks`: photos to be checked again.

use crate::domain::PhotoKey;
use azure_data::{QueueSender, Storage, StorageFailure};
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Checks(QueueSender);

impl Checks {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.queue_sender("photo-checks"))
    }

    /// Has the photo checked again after `delay`, in the trace that goes on now: `{"id": …, "profileId": …,
    /// "traceparent": …}`.
    pub(crate) async fn send(
        &self,
        photo: PhotoKey,
        delay: Duration,
    ) -> Result<(), StorageFailure> {
        self.0.send_json_later(&photo, delay).await
    }
}
