//! `iommi clock`: the clock of a host that is running.

use std::{io::Write as _, process::ExitCode};

use clap::Subcommand;
use local_host::RemoteHostError;
use serde_json::json;

use crate::fault_command::RunningHost;

/// What to do with the clock.
#[derive(Debug, Subcommand)]
pub(crate) enum ClockCommand {
    /// Show the time that apps, timers and data services go by
    Show,
    /// Go forward: 31d, 2h, 90s, or as in ISO 8601 P31DT12H; timers fire, messages appear, data expires
    Advance {
        /// The time span
        #[arg(value_name = "SPAN")]
        by: String,
    },
    /// Go forward to a moment: 2027-01-01T00:00:00Z
    Set {
        /// The moment
        #[arg(value_name = "MOMENT")]
        moment: String,
    },
    /// Go back to the machine's time; what was written in the future stays written
    Reset,
}

/// Does it and shows the time.
pub(crate) async fn run(
    host: RunningHost,
    command: ClockCommand,
) -> Result<ExitCode, RemoteHostError> {
    let remote = host.remote();
    let told = match command {
        ClockCommand::Show => remote.clock().await?,
        ClockCommand::Advance { by } => remote.move_clock(json!({ "advance": by })).await?,
        ClockCommand::Set { moment } => remote.move_clock(json!({ "set": moment })).await?,
        ClockCommand::Reset => remote.move_clock(json!("reset")).await?,
    };
    // Whoever closed the pipe does not want to read it.
    let _ = writeln!(anstream::stdout(), "{}", told.trim_end());
    Ok(ExitCode::SUCCESS)
}
