//! The queue `photo-checks`: photos to be checked again.

use crate::domain::PhotoKey;
use azure_data::{QueueSender, Storage, StorageFailure};
use custom_handler::TraceContext;
use serde::Serialize;
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Checks(QueueSender);

/// `{"id": …, "profileId": …, "traceparent": …}`
#[derive(Serialize)]
struct Wanted<'a> {
    #[serde(flatten)]
    photo: PhotoKey,
    traceparent: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracestate: Option<&'a str>,
}

impl Checks {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.queue_sender("photo-checks"))
    }

    /// Has the photo checked again after `delay`, in the trace that goes on now.
    pub(crate) async fn send(
        &self,
        photo: PhotoKey,
        delay: Duration,
    ) -> Result<(), StorageFailure> {
        let message = |position: &TraceContext| {
            let (traceparent, tracestate) = (position.traceparent(), position.tracestate());
            let wanted = Wanted { photo, traceparent, tracestate };
            serde_json::to_string(&wanted).expect("texts are JSON")
        };
        self.0.send_traced(None, Some(delay), message).await
    }
}
