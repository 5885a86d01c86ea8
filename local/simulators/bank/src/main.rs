//! The bank by itself. Its settings are environment variables, listed in the README. Its address is printed once it
//! accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use bank::{Bank, Options, StartError};
use simulator_shell::Settings;

fn main() -> ExitCode {
    simulator_shell::run(start, Bank::stop)
}

async fn start(settings: Settings) -> Result<Bank, StartError> {
    bank::start(Options::from_settings(&settings)?).await
}
