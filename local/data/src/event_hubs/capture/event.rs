//! `Microsoft.EventHub.CaptureFileCreated`: a file was written.
//! <https://learn.microsoft.com/azure/event-grid/event-schema-event-hubs>

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::name::NAMESPACE;
use crate::{
    Error,
    event_hubs::event::HubEvent,
    persistence::{Change, Persistence},
    undelivered::{EventId, Identified, Undelivered},
};

const KEY: &[u8] = b"g/";

/// A capture file was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureEvent {
    /// What `CaptureEvents::acknowledge` asks for.
    pub id: EventId,
    /// The event as Event Grid delivers it, in the Event Grid schema.
    pub event: Value,
}

impl Identified for CaptureEvent {
    fn id(&self) -> EventId {
        self.id
    }
}

/// The events about capture files, for one consumer: Event Grid's stand-in. Clones share them.
#[derive(Clone, Debug)]
pub struct CaptureEvents(Arc<Undelivered<CaptureEvent>>);

impl CaptureEvents {
    /// What was kept unacknowledged; nothing is recorded unless `enabled`.
    pub(in crate::event_hubs) fn open(
        persistence: Persistence,
        enabled: bool,
    ) -> Result<Self, Error> {
        Ok(Self(Arc::new(Undelivered::open(persistence, KEY, enabled)?)))
    }

    /// The next event, when there is one. Each is handed out once in a run; those that were not acknowledged are
    /// handed out again in the next.
    pub async fn next(&self) -> CaptureEvent {
        self.0.next().await
    }

    /// The event was delivered, or given up for good: it need not be kept.
    pub fn acknowledge(&self, id: EventId) {
        self.0.acknowledge(id);
    }

    /// How many events are not acknowledged.
    pub fn waiting(&self) -> usize {
        self.0.waiting()
    }

    /// Whether one more event can be promised.
    pub(super) fn has_room(&self) -> bool {
        self.0.has_room()
    }

    /// Puts an event into the change that it tells of.
    pub(super) fn record(
        &self,
        change: &mut Change<'_>,
        event: CaptureEvent,
    ) -> Option<CaptureEvent> {
        self.0.record(change, Some(event))
    }

    /// Hands an event out once its change is kept.
    pub(super) fn publish(&self, event: Option<CaptureEvent>) {
        self.0.publish(event);
    }
}

/// A file, as it is told of.
pub(super) struct Written<'a> {
    pub(super) hub: &'a str,
    pub(super) partition: u32,
    pub(super) url: String,
    pub(super) size_bytes: u64,
    /// The write that made the blob.
    pub(super) version: u64,
    pub(super) events: &'a [Arc<HubEvent>],
}

impl Written<'_> {
    pub(super) fn event(&self, now: Timestamp) -> CaptureEvent {
        let Self { hub, partition, url, size_bytes, version, events } = self;
        let (first, last) = (events.first(), events.last());
        let event = json!({
            "topic": format!(
                "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.EventHub/namespaces/{NAMESPACE}"
            ),
            "subject": format!("eventhubs/{hub}"),
            "eventType": "Microsoft.EventHub.CaptureFileCreated",
            "id": Uuid::new_v4(),
            "data": {
                "fileUrl": url,
                "fileType": "AzureBlockBlob",
                "partitionId": partition.to_string(),
                "sizeInBytes": size_bytes,
                "eventCount": events.len(),
                "firstSequenceNumber": first.map(|event| event.sequence_number),
                "lastSequenceNumber": last.map(|event| event.sequence_number),
                "firstEnqueueTime": first.map(|event| event.enqueued),
                "lastEnqueueTime": last.map(|event| event.enqueued),
            },
            "dataVersion": "1",
            "metadataVersion": "1",
            "eventTime": now,
        });
        CaptureEvent { id: EventId::of(*version), event }
    }
}
