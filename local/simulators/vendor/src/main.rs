//! The vendor by itself. Its settings are environment variables, listed in the README. Its address is printed once it
//! accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::process::ExitCode;

use simulator_shell::Settings;
use vendor::{Options, StartError, Vendor};

fn main() -> ExitCode {
    simulator_shell::run(start, Vendor::stop)
}

async fn start(settings: Settings) -> Result<Vendor, StartError> {
    vendor::start(Options::from_settings(&settings)?).await
}
