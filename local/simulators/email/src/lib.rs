//! A mail service that speaks the protocol of Azure Communication Services and sends nothing: mails end in a mailbox that
//! people and tests look into, and delivery reports go to Event Grid. Another company's machine: it shares no code with
//! the apps.
//!
//! Source of the protocol: the specification of the e-mail data plane, version `2025-09-01`. What it does not say is
//! marked as a guess in this crate's README.

mod access;
mod api;
mod console;
mod desk;
mod eml;
mod faults;
mod mail;
mod mailbox;
mod message;
mod operation;
mod options;
mod reports;
mod running;
mod store;

pub use faults::{Faults, Lost};
pub use operation::Operation;
pub use options::{DEFAULT_PORT, LOCAL_ACCESS_KEY, Options};
pub use reports::Status;
pub use running::{Email, start};
pub use simulator_shell::StartError;
