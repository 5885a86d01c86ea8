//! The mail service by itself. Its settings are environment variables, listed in the README. Its address is printed once
//! it accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use email::{Email, Options, StartError};
use simulator_shell::Settings;

fn main() -> ExitCode {
    simulator_shell::run(start, Email::stop)
}

async fn start(settings: Settings) -> Result<Email, StartError> {
    email::start(Options::from_settings(&settings)?).await
}
