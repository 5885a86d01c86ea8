//! What is to be done, put into our queues. Put there twice it is done once.

use crate::domain::CaptureName;
use crate::sent::{
    CAPTURE_DUE, CaptureDue, ERASURE_DUE, ErasureDue, REPLAY_DUE, ReplayDue, SOURCE,
};
use azure_data::{Storage, StorageFailure};
use custom_handler::Settings;
use jiff::Timestamp;
use messages::{CloudEvent, EventSender, EventType};

#[derive(Debug)]
pub(crate) struct Due {
    captures: EventSender,
    erasures: EventSender,
    replays: EventSender,
}

impl Due {
    /// Contacts nobody.
    pub(crate) fn new(settings: &Settings, storage: &Storage) -> Self {
        let sender = |queue: &'static str, types: &'static [EventType]| {
            EventSender::new(settings, storage.queue_sender(queue), types)
        };
        Self {
            captures: sender("events-captures", &[CAPTURE_DUE]),
            erasures: sender("events-erasures", &[ERASURE_DUE]),
            replays: sender("events-replays", &[REPLAY_DUE]),
        }
    }

    pub(crate) async fn capture(
        &self,
        file: &CaptureName,
        now: Timestamp,
    ) -> Result<(), StorageFailure> {
        let file = file.to_string();
        let data = CaptureDue { file: file.clone() };
        let event = CloudEvent::new(SOURCE, CAPTURE_DUE, file.clone(), file, now, data);
        self.captures.send(&event).await
    }

    pub(crate) async fn erasure(&self, id: &str, now: Timestamp) -> Result<(), StorageFailure> {
        let data = ErasureDue { erasure_id: id.to_owned() };
        let event = CloudEvent::new(SOURCE, ERASURE_DUE, id, id, now, data);
        self.erasures.send(&event).await
    }

    pub(crate) async fn replay(&self, id: &str, now: Timestamp) -> Result<(), StorageFailure> {
        let data = ReplayDue { replay_id: id.to_owned() };
        let event = CloudEvent::new(SOURCE, REPLAY_DUE, id, id, now, data);
        self.replays.send(&event).await
    }
}
