//! Where events come from: the blob service, capture of event hubs, or whoever publishes to a topic.

use local_data::{BlobEvents, CaptureEvents, EventId};
use serde_json::Value;

use super::Published;

/// What raised an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The blob service.
    Blobs,
    /// The capture of event hubs.
    Captures,
    /// A service that published it to the topic of this name.
    Topic(String),
}

/// Hands events out, and keeps each until it is acknowledged.
#[derive(Clone, Debug)]
pub enum Source {
    /// The blob service's events.
    Blobs(BlobEvents),
    /// What is told of capture files.
    Captures(CaptureEvents),
    /// What is published to topics.
    Topics(Published),
}

/// An event that was handed out.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub(super) id: ArrivedId,
    pub(super) origin: Origin,
    /// In Event Grid's schema.
    pub(super) event: Value,
}

/// Names an event, to acknowledge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ArrivedId {
    Blob(EventId),
    Capture(EventId),
    Published(u64),
}

impl Source {
    pub(super) async fn next(&self) -> Arrived {
        match self {
            Self::Blobs(blobs) => {
                let arrived = blobs.next().await;
                let id = ArrivedId::Blob(arrived.id);
                Arrived { id, origin: Origin::Blobs, event: arrived.event }
            }
            Self::Captures(captures) => {
                let arrived = captures.next().await;
                let id = ArrivedId::Capture(arrived.id);
                Arrived { id, origin: Origin::Captures, event: arrived.event }
            }
            Self::Topics(published) => {
                let (id, topic, event) = published.next().await;
                Arrived { id: ArrivedId::Published(id), origin: Origin::Topic(topic), event }
            }
        }
    }

    /// The event was delivered, or given up for good: it need not be kept.
    pub(super) fn acknowledge(&self, id: ArrivedId) {
        match (self, id) {
            (Self::Blobs(blobs), ArrivedId::Blob(id)) => blobs.acknowledge(id),
            (Self::Captures(captures), ArrivedId::Capture(id)) => captures.acknowledge(id),
            (Self::Topics(published), ArrivedId::Published(id)) => published.acknowledge(id),
            _ => {}
        }
    }
}

impl Origin {
    /// The topic's name, for dead letters.
    pub(super) fn topic(&self) -> &str {
        match self {
            Self::Blobs => "local-storage",
            Self::Captures => "local-event-hubs",
            Self::Topic(topic) => topic,
        }
    }
}
