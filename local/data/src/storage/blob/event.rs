//! Events about blobs: recorded with the change itself, handed out until they are acknowledged.

use std::sync::Arc;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::block_blob::Blob;
use crate::{
    ACCOUNT, Error,
    storage::{
        call::Call,
        code, dates,
        failure::Failure,
        persistence::{Change, Persistence},
    },
    undelivered::{EventId, Identified, MAX_WAITING, Undelivered},
};

const KEY: &[u8] = b"e/";
/// Characters of a blob's name that a URL must escape.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Something that happened to a blob.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlobEvent {
    /// What `BlobEvents::acknowledge` asks for.
    pub id: EventId,
    /// The blob's container.
    pub container: String,
    /// `Microsoft.Storage.BlobCreated` or `Microsoft.Storage.BlobDeleted`.
    pub event_type: String,
    /// The event as Event Grid delivers it, in the Event Grid schema.
    /// Source: "Azure Blob Storage as an Event Grid source", Microsoft's documentation.
    pub event: serde_json::Value,
}

impl Identified for BlobEvent {
    fn id(&self) -> EventId {
        self.id
    }
}

/// The events of the blob service, for one consumer: Event Grid's stand-in. Clones share them.
#[derive(Clone, Debug)]
pub struct BlobEvents(Arc<Undelivered<BlobEvent>>);

impl BlobEvents {
    /// What was kept unacknowledged; nothing is recorded unless `enabled`.
    pub(super) fn open(persistence: Persistence, enabled: bool) -> Result<Self, Error> {
        Ok(Self(Arc::new(Undelivered::open(persistence, KEY, enabled)?)))
    }

    /// The next event, when there is one. Each is handed out once in a run; those that were not acknowledged are
    /// handed out again in the next.
    pub async fn next(&self) -> BlobEvent {
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

    /// 503 when so many events wait that no more can be promised.
    pub(super) fn check_room(&self) -> Result<(), Failure> {
        if self.0.has_room() {
            return Ok(());
        }
        let message = format!(
            "{MAX_WAITING} events about blobs wait to be delivered; retry when some of them are."
        );
        Err(Failure::from(code::SERVER_BUSY).saying(message))
    }

    /// Puts an event into the change that it tells of.
    pub(super) fn record(
        &self,
        change: &mut Change<'_>,
        event: Option<BlobEvent>,
    ) -> Option<BlobEvent> {
        self.0.record(change, event)
    }

    /// Hands an event out once its change is kept.
    pub(super) fn publish(&self, event: Option<BlobEvent>) {
        self.0.publish(event);
    }
}

/// Where a blob is, for events about it.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The service's endpoint.
    pub(super) url: &'a str,
    pub(super) container: &'a str,
    pub(super) name: &'a str,
}

/// Why an event happens, as it tells itself.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    client_request_id: &'a str,
    request_id: Uuid,
    at: Timestamp,
}

impl<'a> Cause<'a> {
    /// A client asked for it.
    pub(super) fn request(call: &'a Call) -> Self {
        Self {
            client_request_id: call.header("x-ms-client-request-id").unwrap_or_default(),
            request_id: call.request_id,
            at: call.now,
        }
    }

    /// The service did it by itself: no client has an id for it.
    pub(super) fn service(at: Timestamp) -> Self {
        Self { client_request_id: "", request_id: Uuid::new_v4(), at }
    }
}

/// A blob is there that was not, or with other content. `api` is the operation's name.
pub(super) fn created(cause: Cause<'_>, api: &str, subject: Subject<'_>, blob: &Blob) -> BlobEvent {
    event(cause, api, "Microsoft.Storage.BlobCreated", subject, blob, blob.version)
}

/// A blob is gone; `version` orders this after everything else that happened to it.
pub(super) fn deleted(
    cause: Cause<'_>,
    subject: Subject<'_>,
    blob: &Blob,
    version: u64,
) -> BlobEvent {
    event(cause, "DeleteBlob", "Microsoft.Storage.BlobDeleted", subject, blob, version)
}

fn event(
    Cause { client_request_id, request_id, at }: Cause<'_>,
    api: &str,
    event_type: &str,
    Subject { url, container, name }: Subject<'_>,
    blob: &Blob,
    version: u64,
) -> BlobEvent {
    let mut data = json!({
        "api": api,
        "clientRequestId": client_request_id,
        "requestId": request_id,
        "eTag": blob.etag().trim_matches('"'),
        "contentType": blob.headers.content_type,
        "contentLength": blob.content.length(),
        "blobType": "BlockBlob",
        "url": format!("{url}/{container}/{}", utf8_percent_encode(name, PATH)),
        "sequencer": format!("{version:048X}"),
        "storageDiagnostics": { "batchId": Uuid::new_v4() },
    });
    if event_type.ends_with("BlobDeleted")
        && let Some(data) = data.as_object_mut()
    {
        data.remove("eTag");
        data.remove("contentLength");
    }
    let event = json!({
        "topic": format!(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
        ),
        "subject": format!("/blobServices/default/containers/{container}/blobs/{name}"),
        "eventType": event_type,
        "id": Uuid::new_v4(),
        "data": data,
        "dataVersion": "",
        "metadataVersion": "1",
        "eventTime": dates::iso_ticks(at),
    });
    BlobEvent {
        id: EventId::of(version),
        container: container.to_owned(),
        event_type: event_type.to_owned(),
        event,
    }
}
