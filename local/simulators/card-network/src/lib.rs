//! The card network of the customer platform, as far as the platform can see it: a processor that makes cards, shops in
//! which they are used, and the bank that sends what was paid. It keeps a book of its own to compare with, and shares no
//! code with the apps: another company's machine.
//!
//! What it promises is in this crate's README: a fact is sent again until it is acknowledged.

mod bank;
mod cards;
mod console;
mod faults;
mod minor;
mod network;
mod options;
mod plan;
mod processor;
mod running;
mod sending;
mod store;

pub use faults::Faults;
pub use options::{DEFAULT_PORT, Options};
pub use running::{CardNetwork, start};
pub use simulator_shell::StartError;
