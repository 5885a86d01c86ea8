//! The mainframe of the customer platform, as far as the platform can see it: a slow reader of `legacy-outbox` that
//! answers on `legacy-inbox`, with faults on demand. It shares no code with the apps: another company's machine.
//!
//! What it promises is in this crate's README: a message is recorded, then answered, then deleted.

mod error;
mod faults;
mod http;
mod intake;
mod ledger;
mod message;
mod options;
mod pace;
mod rules;
mod running;
mod switches;
mod throttle;
mod window;
mod wire;

pub use error::Error;
pub use faults::Faults;
pub use options::{DEFAULT_PORT, Options};
pub use pace::Pace;
pub use rules::Rule;
pub use running::{Mainframe, start};
pub use window::Window;
