//! The card network by itself. Its settings are environment variables, listed in the README. Its address is printed once
//! it accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use card_network::{CardNetwork, Options, StartError};
use simulator_shell::Settings;

fn main() -> ExitCode {
    simulator_shell::run(start, CardNetwork::stop)
}

async fn start(settings: Settings) -> Result<CardNetwork, StartError> {
    card_network::start(Options::from_settings(&settings)?).await
}
