//! The apps to which events can be sent once more: each has a queue for that, which triggers what also its hubs trigger.

use azure_data::{QueueSender, Storage, StorageFailure};

/// App and queue.
const RECEIVERS: [(&str, &str); 2] =
    [("contacts", "contacts-replays"), ("conversions", "conversions-replays")];

#[derive(Debug)]
pub(crate) struct Receivers([(&'static str, QueueSender); RECEIVERS.len()]);

impl Receivers {
    /// Contacts nobody.
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(RECEIVERS.map(|(app, queue)| (app, storage.queue_sender(queue))))
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        RECEIVERS.iter().map(|(app, _)| *app)
    }

    /// Sends an event as it was sent first.
    pub(crate) async fn send(&self, app: &str, event: &str) -> Result<(), StorageFailure> {
        let consumer = self.0.iter().find(|(name, _)| *name == app);
        let (_, queue) = consumer.expect("a replay names one of the consumers");
        queue.send(event).await
    }
}
