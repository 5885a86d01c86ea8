//! Events on their way to a queue.

use crate::cloud_event::CloudEvent;
use crate::event_type::EventType;
use azure_data::{QueueSender, StorageFailure};
use custom_handler::{Settings, TraceContext};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

/// A queue that events of some types are sent to.
#[derive(Debug)]
pub struct EventSender {
    queue: QueueSender,
    types: &'static [EventType],
}

impl EventSender {
    /// Contacts nobody. An app that describes itself says that it sends these types.
    #[must_use]
    pub fn new(settings: &Settings, queue: QueueSender, types: &'static [EventType]) -> Self {
        for one in types {
            let entry = json!({"type": one.name(), "uses": ["send"]});
            settings.description().note("eventTypes", &entry);
        }
        Self { queue, types }
    }

    /// Sends an event as structured JSON; it may arrive more than once, and out of order. It is sent in the trace that it names,
    /// or else in the one that goes on now, and whoever gets it goes on from there.
    ///
    /// # Errors
    /// Storage did not do it, or the event is too large for a queue ([`StorageFailure::is_too_large`]).
    ///
    /// # Panics
    /// If the event's type is not one of those that were named, or its data is no JSON: mistakes in the code.
    pub async fn send<T: Serialize + Sync>(
        &self,
        event: &CloudEvent<T>,
    ) -> Result<(), StorageFailure> {
        self.send_in_trace(event, None).await
    }

    /// As [`EventSender::send`]; nobody sees it before `pause` is over: whole seconds, at most seven days.
    ///
    /// # Errors
    /// As [`EventSender::send`].
    ///
    /// # Panics
    /// As [`EventSender::send`].
    pub async fn send_later<T: Serialize + Sync>(
        &self,
        event: &CloudEvent<T>,
        pause: Duration,
    ) -> Result<(), StorageFailure> {
        self.send_in_trace(event, Some(pause)).await
    }

    async fn send_in_trace<T: Serialize + Sync>(
        &self,
        event: &CloudEvent<T>,
        pause: Option<Duration>,
    ) -> Result<(), StorageFailure> {
        self.check(&event.r#type);
        let written = |position: &TraceContext| {
            serde_json::to_string(&event.sent_from(position)).expect("an event is JSON")
        };
        self.queue.send_traced(event.trace().as_ref(), pause, written).await
    }

    fn check(&self, r#type: &str) {
        let is_named = self.types.iter().any(|one| one.name() == r#type);
        assert!(is_named, "nobody said that events of type {type} are sent");
    }
}
