//! Events on their way to a queue.

use crate::cloud_event::CloudEvent;
use crate::event_type::EventType;
use azure_data::{QueueSender, StorageFailure};
use custom_handler::Settings;
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

    /// Sends an event as structured JSON; it may arrive more than once, and out of order.
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
        let text = serde_json::to_string(event).expect("an event is JSON");
        self.send_text(&event.r#type, &text).await
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
        let is_named = self.types.iter().any(|one| one.name() == event.r#type);
        assert!(is_named, "nobody said that events of type {} are sent", event.r#type);
        let text = serde_json::to_string(event).expect("an event is JSON");
        self.queue.send_later(&text, pause).await
    }

    /// As [`EventSender::send`], of an event of this type that is JSON already.
    ///
    /// # Errors
    /// As [`EventSender::send`].
    ///
    /// # Panics
    /// If the type is not one of those that were named.
    pub async fn send_text(&self, r#type: &str, event: &str) -> Result<(), StorageFailure> {
        let is_named = self.types.iter().any(|one| one.name() == r#type);
        assert!(is_named, "nobody said that events of type {type} are sent");
        self.queue.send(event).await
    }
}
