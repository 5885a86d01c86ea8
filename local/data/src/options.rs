//! What the services are started with.

use std::path::PathBuf;

use crate::Clock;

/// A TCP port on 127.0.0.1; 0 takes any free one.
pub type Port = u16;

/// Where the services listen, and where they keep what they are told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Cosmos DB's port. 8081, as Microsoft's emulator has it.
    pub cosmos: Port,
    /// Blob's port. 10000, as Azurite has it.
    pub blob: Port,
    /// Queue's port. 10001, as Azurite has it.
    pub queue: Port,
    /// The port of Event Hubs over HTTP. 5300, on which Microsoft's emulator answers HTTP.
    pub event_hubs: Port,
    /// The port of Event Hubs over AMQP. 5672, as Microsoft's emulator has it.
    pub amqp: Port,
    /// The directory that outlives the run; it is created when it is missing. `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// The time by which items expire and messages reappear.
    pub clock: Clock,
    /// Whether events about blobs and capture files are recorded, for `DataServices::blob_events` and `capture_events`:
    /// somebody must take them then.
    pub blob_events: bool,
    /// The seed from which faults with a probability are drawn.
    pub fault_seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cosmos: 8081,
            blob: 10_000,
            queue: 10_001,
            event_hubs: 5300,
            amqp: 5672,
            data: None,
            clock: Clock::system(),
            blob_events: false,
            fault_seed: 0,
        }
    }
}

impl Options {
    /// Free ports, nothing kept: what a test wants.
    pub fn ephemeral() -> Self {
        Self { cosmos: 0, blob: 0, queue: 0, event_hubs: 0, amqp: 0, ..Self::default() }
    }
}
