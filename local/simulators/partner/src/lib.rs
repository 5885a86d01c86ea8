//! A partner of the customer platform: receives webhooks as Standard Webhooks say, believes only what is signed with its
//! keys, works at each message once, and is where a person comes back to from the bank. Another company's machine: it
//! shares no code with the apps but the crate for strangers, `webhooks`.

mod control;
mod faults;
mod hooks;
mod inbox;
mod message;
mod options;
mod page;
mod partner;
mod receiver;
mod store;

pub use faults::{Believes, Faults};
pub use options::{DEFAULT_PORT, Options};
pub use partner::{Partner, start};
pub use simulator_shell::StartError;
