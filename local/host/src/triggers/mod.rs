//! What starts functions that no HTTP request calls: listeners that run against the services over the wire.

pub mod admin;
mod backoff;
mod balancing;
pub mod blob;
pub mod cosmos_db;
pub mod event_grid;
pub mod event_hubs;
mod faults;
mod inputs;
pub mod kafka;
mod listener;
mod listeners;
mod output_writer;
pub mod queue;
mod queue_trigger;
mod retry;
mod runner;
pub mod timer;
mod wire;

pub use faults::Faults;
pub use listener::{Listener, StepReport};
pub use listeners::{AppTriggers, Listeners, Surroundings};
pub use queue_trigger::QueueFunction;
pub use runner::{Delivered, Event, Runner, Target};
pub use wire::{ConnectionError, Connections, LocalEndpoints, WireError};
pub(crate) use wire::{HttpClient, xml};
