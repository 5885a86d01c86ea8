//! `iommi`: the command around the local host.

mod cli;
mod clock_command;
mod fault_command;
mod mock_command;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser as _;
use local_host::{Options, StartError, discovery, start, workspace_simulators};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use cli::Cli;

/// Could not start: a port, an app, the data folder.
const EXIT_NOT_STARTED: u8 = 1;
/// How long stopping may take. Handlers are gone well before; giving back the memory of many documents may take
/// longer, and is not worth waiting for: what was acknowledged is kept already.
const STOP_TIMEOUT: Duration = Duration::from_millis(700);
/// An app did not compile.
const EXIT_NOT_BUILT: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refused(&format!("starting the runtime: {error}"), EXIT_NOT_STARTED),
    };
    let code = runtime.block_on(run(cli));
    // A read of standard input or a name look-up may still block a thread; nothing waits for it.
    runtime.shutdown_background();
    code
}

async fn run(cli: Cli) -> ExitCode {
    let cli = match cli.command {
        Some(cli::Command::Fault { host, fault }) => {
            let done = fault_command::run(host, fault).await;
            return done.unwrap_or_else(|error| refused(&error.to_string(), EXIT_NOT_STARTED));
        }
        Some(cli::Command::Clock { host, clock }) => {
            let done = clock_command::run(host, clock).await;
            return done.unwrap_or_else(|error| refused(&error.to_string(), EXIT_NOT_STARTED));
        }
        Some(cli::Command::Mock { file, port }) => return mock(&file, port).await,
        command => Cli { command, ..cli },
    };
    let options = match options(cli) {
        Ok(options) => options,
        Err(problem) => return refused(&problem, EXIT_NOT_STARTED),
    };
    // Listened to from the beginning: Ctrl-C must also end a build.
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return refused(&format!("listening to signals: {error}"), EXIT_NOT_STARTED),
    };
    let started = tokio::select! {
        started = start(options) => started,
        () = signals.next() => return ExitCode::SUCCESS,
    };
    match started {
        Ok(host) => {
            signals.next().await;
            let stopped = tokio::spawn(host.stop());
            tokio::select! {
                _ = tokio::time::timeout(STOP_TIMEOUT, stopped) => {}
                // Whoever presses Ctrl-C twice does not want to wait.
                () = signals.next() => {}
            }
            ExitCode::SUCCESS
        }
        Err(error @ StartError::Build(_)) => refused(&error.to_string(), EXIT_NOT_BUILT),
        Err(error) => refused(&error.to_string(), EXIT_NOT_STARTED),
    }
}

/// Serves a contract alone, until Ctrl-C.
async fn mock(file: &Path, port: u16) -> ExitCode {
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return refused(&format!("listening to signals: {error}"), EXIT_NOT_STARTED),
    };
    tokio::select! {
        served = mock_command::run(file, port) => match served {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refused(&error.to_string(), EXIT_NOT_STARTED),
        },
        () = signals.next() => ExitCode::SUCCESS,
    }
}

fn options(cli: Cli) -> Result<Options, String> {
    let run = match cli.command {
        Some(cli::Command::Start { path, run }) => {
            let app = discovery::folder_app(&path).map_err(|error| error.to_string())?;
            return run.into_options(vec![app], Vec::new());
        }
        Some(cli::Command::Run { run }) => run,
        // Commands to a running host have been answered already.
        Some(
            cli::Command::Fault { .. } | cli::Command::Clock { .. } | cli::Command::Mock { .. },
        )
        | None => cli.run,
    };
    let workspace = workspace()?;
    let apps = discovery::workspace_apps(&workspace).map_err(|error| error.to_string())?;
    let simulators = workspace_simulators(&workspace).map_err(|error| error.to_string())?;
    run.into_options(apps, simulators)
}

fn workspace() -> Result<PathBuf, String> {
    let here =
        std::env::current_dir().map_err(|error| format!("finding the current folder: {error}"))?;
    discovery::workspace(&here).map_err(|error| error.to_string())
}

fn refused(problem: &str, code: u8) -> ExitCode {
    anstream::eprintln!("iommi: {problem}");
    ExitCode::from(code)
}

/// What ends the host: Ctrl-C, `kill`, a closed terminal.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> std::io::Result<Self> {
        let all = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = all.map(signal);
        Ok(Self([interrupt?, terminate?, hangup?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
