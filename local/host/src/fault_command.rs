//! `iommi fault`: simulated faults of a host that is running.

use std::{io::Write as _, process::ExitCode};

use clap::{Args, Subcommand};
use local_host::{FaultSpec, RemoteHost, RemoteHostError};

/// Where the host is.
#[derive(Args, Debug)]
pub(crate) struct RunningHost {
    /// The running host
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7071", global = true)]
    url: String,
    /// Its admin key, when it runs with --keys
    #[arg(long, value_name = "KEY", global = true)]
    key: Option<String>,
}

impl RunningHost {
    pub(crate) fn remote(self) -> RemoteHost {
        RemoteHost::new(&self.url, self.key)
    }
}

/// What to do with faults.
#[derive(Debug, Subcommand)]
pub(crate) enum FaultCommand {
    /// Switch faults on, for example cosmos=throttle:next:5, queue=stop, messages=duplicate:3, clock=skew:-1h, weather=stop
    Add {
        /// `SERVICE=FAULT[:DURATION][:WHEN][:WHICH]`
        #[arg(value_name = "FAULT", required = true)]
        faults: Vec<FaultSpec>,
    },
    /// Show what is on, each with its id
    List,
    /// Switch everything off, or only one fault
    Clear {
        /// The fault's id
        id: Option<String>,
    },
    /// Kill the handlers of an app, or a simulator, as kill -9 does
    Kill {
        /// The app or simulator
        app: String,
        /// Only this process
        #[arg(long)]
        pid: Option<u32>,
    },
}

/// Does it and shows what came of it.
pub(crate) async fn run(
    host: RunningHost,
    command: FaultCommand,
) -> Result<ExitCode, RemoteHostError> {
    let remote = host.remote();
    let told = match command {
        FaultCommand::Add { faults } => {
            let mut told = String::new();
            for fault in &faults {
                told = remote.add(fault).await?;
            }
            told
        }
        FaultCommand::List => remote.list().await?,
        FaultCommand::Clear { id } => remote.clear(id.as_deref()).await?,
        FaultCommand::Kill { app, pid } => remote.kill(&app, pid).await?,
    };
    // Whoever closed the pipe does not want to read it.
    let _ = writeln!(anstream::stdout(), "{}", told.trim_end());
    Ok(ExitCode::SUCCESS)
}
