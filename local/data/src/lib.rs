//! Cosmos DB, Blob, Queue and Event Hubs on a laptop, over their real protocols, in one process and without Docker.
//!
//! Cosmos DB is Microsoft's own in-memory emulator, adapted; the others are ours. What each of them can do,
//! and what not, is listed in this crate's README.

mod clock;
mod cosmos;
mod database;
mod error;
mod event_hubs;
mod faults;
mod journal;
mod listen;
mod losses;
mod options;
mod persistence;
mod schema_registry;
mod services;
mod storage;
mod undelivered;
mod visitors;

pub use clock::Clock;
pub use cosmos::COSMOS_KEY;
pub use error::Error;
pub use event_hubs::{
    CaptureEvent, CaptureEvents, EVENT_HUBS_KEY, HubEvent, NEXT_SEQUENCE_NUMBER, Position,
    PositionError, Property, event_hubs_connection_string,
};
pub use faults::{Fault, Faults, Gate, Requests, Rule, RuleId, StaleReads, When};
pub use listen::malformed;
pub use options::{Options, Port};
pub use services::{ACCOUNT, DataServices, Service};
pub use storage::{
    ACCOUNT_KEY, BlobEvent, BlobEvents, LifecycleRule, RetentionRule, account_sas,
    connection_string,
};
pub use undelivered::EventId;
