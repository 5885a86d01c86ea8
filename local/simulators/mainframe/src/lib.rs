//! The mainframe of the customer platform, as far as the platform can see it: a slow reader of `legacy-outbox` that
//! answers on `legacy-inbox`, with faults on demand. It shares no code with the apps: another company's machine.
//!
//! What it promises is in this crate's README: a message is recorded, then answered, then deleted.

mod console;
mod faults;
mod intake;
mod ledger;
mod message;
mod options;
mod pace;
mod rules;
mod running;
mod throttle;
mod window;

pub use faults::Faults;
pub use options::{DEFAULT_PORT, Options};
pub use pace::Pace;
pub use rules::Rule;
pub use running::{Mainframe, start};
pub use simulator_shell::StartError;
pub use window::Window;
