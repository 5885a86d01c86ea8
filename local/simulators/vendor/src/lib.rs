//! A vendor that sells licences of its services, as far as its customers can see it: a catalogue, orders, licence keys,
//! and webhooks about what changes. Another company's machine: it shares no code with the apps, only its contract and the
//! crate for strangers, `webhooks`.
//!
//! What it promises is in this crate's README: the same client reference is one order, where no fault says otherwise.

mod api;
mod book;
mod console;
mod faults;
mod key;
mod operation;
mod options;
mod order;
mod price;
mod running;
mod sending;
mod service;
mod store;
mod vendor;

pub use faults::Faults;
pub use operation::Operation;
pub use options::{DEFAULT_PORT, LOCAL_KEY, LOCAL_WEBHOOK_SECRET, Options};
pub use running::{Vendor, start};
pub use simulator_shell::StartError;
