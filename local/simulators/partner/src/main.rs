//! The partner by itself. Its settings are environment variables, listed in the README. Its address is printed once it
//! accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use partner::{Options, Partner, StartError};
use simulator_shell::{Running, Settings};

fn main() -> ExitCode {
    simulator_shell::run(start, Running::stop)
}

async fn start(settings: Settings) -> Result<Running<Partner>, StartError> {
    partner::start(Options::from_settings(&settings)?).await
}
