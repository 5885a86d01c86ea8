//! A bank on a laptop: consent by OAuth (PAR, PKCE, `iss`), accounts and transactions of people who do not exist, and
//! everything that a bank may do wrong, on demand. It shares no code with the apps: another company's machine.
//!
//! Nobody and nothing in it is real. What it answers and what can go wrong stands in this crate's README.

mod bank;
mod console;
mod counters;
mod data;
mod faults;
mod handed;
mod oauth;
mod operation;
mod options;
mod people;
mod running;

pub use faults::{Faults, Parameter, Wrong};
pub use oauth::Client;
pub use operation::Operation;
pub use options::{DEFAULT_PORT, Options};
pub use running::{Bank, start};
pub use simulator_shell::StartError;
