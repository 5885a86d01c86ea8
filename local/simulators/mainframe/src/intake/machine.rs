//! All that the mainframe is: its records, its switches and its queues.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use local_wire::{BlobService, HttpClient, QueueService, ReceivedMessage, Storage, WireError};
use simulator_shell::Clock;

use super::{Controls, counts::Counts};
use crate::{ledger::Ledger, options::Endpoints};

/// What is to be applied.
pub(super) const OUTBOX: &str = "legacy-outbox";
/// What cannot be read.
const OUTBOX_POISON: &str = "legacy-outbox-poison";
/// Where answers go.
const INBOX: &str = "legacy-inbox";
const HTTP_NOT_FOUND: u16 = 404;

/// The mainframe, shared by those who take messages and those who look at it.
#[derive(Debug)]
pub(crate) struct Machine {
    ledger: Mutex<Ledger>,
    pub(crate) controls: Controls,
    pub(crate) counts: Counts,
    pub(crate) clock: Clock,
    queues: QueueService,
    blobs: BlobService,
}

/// What is in the outbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// About how many messages there are, hidden ones included.
    pub(crate) messages: u64,
    /// When the first visible one was sent.
    pub(crate) oldest: Option<Timestamp>,
}

impl Machine {
    pub(crate) fn new(
        ledger: Ledger,
        controls: Controls,
        endpoints: Endpoints,
        clock: Clock,
    ) -> Self {
        let client = Arc::new(HttpClient::new());
        Self {
            ledger: Mutex::new(ledger),
            controls,
            counts: Counts::default(),
            clock,
            queues: QueueService::new(Storage::new(endpoints.queues, Arc::clone(&client))),
            blobs: BlobService::new(Storage::new(endpoints.blobs, client)),
        }
    }

    /// The records. Whoever holds them does not wait for anything but the disk.
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("no code panics while it holds the records")
    }

    /// Takes up to `most` messages, at most 32, and hides them.
    pub(super) async fn take(
        &self,
        most: u8,
        hidden: Duration,
    ) -> Result<Vec<ReceivedMessage>, WireError> {
        self.queues.receive(OUTBOX, most.into(), hidden).await
    }

    /// Deletes a message that was taken. One that is gone, or was taken by somebody else meanwhile, is left alone:
    /// whoever has it now deletes it.
    pub(super) async fn delete(&self, message: &ReceivedMessage) -> Result<(), WireError> {
        match self.queues.delete(OUTBOX, &message.id, &message.pop_receipt).await {
            Err(error)
                if error.has_status(HTTP_NOT_FOUND) || error.has_code("PopReceiptMismatch") =>
            {
                Ok(())
            }
            deleted => deleted,
        }
    }

    /// Sends an answer that is hidden at first, for whole seconds.
    pub(super) async fn answer(&self, text: &str, hidden: Duration) -> Result<(), WireError> {
        self.queues.send_later(INBOX, text, hidden).await
    }

    /// Sends what cannot be read where such messages go.
    pub(super) async fn poison(&self, text: &str) -> Result<(), WireError> {
        self.queues.send_later(OUTBOX_POISON, text, Duration::ZERO).await
    }

    /// The blob at `container/name`, or `None` when there is none.
    pub(super) async fn payload(&self, path: &str) -> Result<Option<Bytes>, WireError> {
        let (container, name) = path.split_once('/').unwrap_or((path, ""));
        let blob = self.blobs.read(container, name).await?;
        Ok(blob.map(|blob| blob.content))
    }

    /// How much is waiting, and for how long.
    pub(crate) async fn waiting(&self) -> Result<Waiting, WireError> {
        let messages = self.queues.approximate_count(OUTBOX).await?;
        Ok(Waiting { messages, oldest: self.queues.oldest(OUTBOX).await? })
    }
}
