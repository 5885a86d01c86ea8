//! All that the mainframe is: its records, its switches and its queues.

use std::sync::{Mutex, MutexGuard};

use super::{Controls, counts::Counts};
use crate::{
    ledger::Ledger,
    options::Storage,
    wire::{Payloads, Queue},
};

const OUTBOX: &str = "legacy-outbox";
const OUTBOX_POISON: &str = "legacy-outbox-poison";
const INBOX: &str = "legacy-inbox";

/// The mainframe, shared by those who take messages and those who look at it.
#[derive(Debug)]
pub(crate) struct Machine {
    ledger: Mutex<Ledger>,
    pub(crate) controls: Controls,
    pub(crate) counts: Counts,
    /// What is to be applied.
    pub(crate) outbox: Queue,
    /// What cannot be read.
    pub(super) poison: Queue,
    /// Where answers go.
    pub(super) inbox: Queue,
    pub(super) payloads: Payloads,
}

impl Machine {
    pub(crate) fn new(ledger: Ledger, controls: Controls, storage: Storage) -> Self {
        let queue = |name| Queue::new(storage.queues.clone(), name);
        Self {
            ledger: Mutex::new(ledger),
            controls,
            counts: Counts::default(),
            outbox: queue(OUTBOX),
            poison: queue(OUTBOX_POISON),
            inbox: queue(INBOX),
            payloads: Payloads::new(storage.blobs),
        }
    }

    /// The records. Whoever holds them does not wait for anything but the disk.
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("no code panics while it holds the records")
    }
}
