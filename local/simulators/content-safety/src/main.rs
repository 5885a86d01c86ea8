//! The simulator by itself: `PORT` (7081), `CONTENT_SAFETY_FAULTS` (see the README) and `CONTENT_SAFETY_KEY` are read
//! from the environment; it binds 127.0.0.1 only. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use content_safety::{Options, Simulator, StartError};
use simulator_shell::Settings;

fn main() -> ExitCode {
    simulator_shell::run(start, Simulator::stop)
}

async fn start(settings: Settings) -> Result<Simulator, StartError> {
    content_safety::start(Options::from_settings(&settings)?).await
}
