//! A message while this host holds it: hidden for ten minutes at a time, renewed halfway, given up or deleted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::triggers::wire::{QueueService, ReceivedMessage, WireError};

/// How long a message is hidden from others when it is taken, and each time it is renewed.
pub(super) const LEASE: Duration = Duration::from_secs(10 * 60);
/// A lease is renewed halfway to its end,
const RENEW_AFTER: Duration = Duration::from_secs(5 * 60);
/// and a renewal that failed is tried again this much later.
const RENEW_AGAIN_AFTER: Duration = Duration::from_secs(60);

/// A message that was received and is not finished.
#[derive(Debug)]
pub(super) struct Lease {
    service: QueueService,
    queue: String,
    pub(super) message: ReceivedMessage,
    /// The receipt changes with every renewal. Renewing and finishing exclude each other.
    receipt: Mutex<String>,
    renew_at: Mutex<Timestamp>,
    finished: AtomicBool,
}

impl Lease {
    pub(super) fn new(
        service: QueueService,
        queue: &str,
        message: ReceivedMessage,
        now: Timestamp,
    ) -> Arc<Self> {
        Arc::new(Self {
            service,
            queue: queue.to_owned(),
            receipt: Mutex::new(message.pop_receipt.clone()),
            renew_at: Mutex::new(now + RENEW_AFTER),
            finished: AtomicBool::new(false),
            message,
        })
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Acquire)
    }

    /// Renews when that is due, and returns when it is due next.
    pub(super) async fn renew(&self, now: Timestamp) -> Result<Timestamp, WireError> {
        let mut renew_at = self.renew_at.lock().await;
        if now < *renew_at {
            return Ok(*renew_at);
        }
        let mut receipt = self.receipt.lock().await;
        if self.is_finished() {
            return Ok(*renew_at);
        }
        let renewed = self.service.update(&self.queue, &self.message.id, &receipt, LEASE).await;
        *renew_at = now + if renewed.is_ok() { RENEW_AFTER } else { RENEW_AGAIN_AFTER };
        *receipt = renewed?;
        Ok(*renew_at)
    }

    /// Deletes the message: it is done.
    pub(super) async fn delete(&self) -> Result<(), WireError> {
        let receipt = self.finish().await;
        unless_taken_over(self.service.delete(&self.queue, &self.message.id, &receipt).await)
    }

    /// Gives the message back, to be seen by anyone after `visibility`.
    pub(super) async fn give_back(&self, visibility: Duration) -> Result<(), WireError> {
        let receipt = self.finish().await;
        let updated =
            self.service.update(&self.queue, &self.message.id, &receipt, visibility).await;
        unless_taken_over(updated.map(|_| ()))
    }

    /// Leaves the message hidden until the lease ends by itself.
    pub(super) async fn abandon(&self) {
        self.finish().await;
    }

    /// Copies the message to the poison queue, which is created when it is missing, and deletes it.
    pub(super) async fn poison(&self, poison_queue: &str) -> Result<(), WireError> {
        self.service.send_creating(poison_queue, &self.message.text).await?;
        self.delete().await
    }

    async fn finish(&self) -> String {
        let receipt = self.receipt.lock().await;
        self.finished.store(true, Ordering::Release);
        receipt.clone()
    }
}

/// When somebody else has the message by now, or nobody, there is nothing left to do.
fn unless_taken_over(done: Result<(), WireError>) -> Result<(), WireError> {
    const TAKEN_OVER: [&str; 3] = ["PopReceiptMismatch", "MessageNotFound", "QueueNotFound"];
    match done {
        Err(error) if TAKEN_OVER.iter().any(|code| error.has_code(code)) => Ok(()),
        done => done,
    }
}
