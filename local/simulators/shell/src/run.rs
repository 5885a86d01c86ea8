//! A simulator as a program.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use tracing_subscriber::{
    Layer as _, filter::LevelFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{Settings, StartError, telemetry::Telemetry};

/// What the program says about a simulator that runs.
pub trait Announced {
    /// Its name.
    fn name(&self) -> &str;
    /// Its address.
    fn address(&self) -> String;
}

/// Starts a simulator with the process's settings, prints `NAME URL` once it accepts connections, and stops it on
/// Ctrl-C and on SIGTERM. Exits with 1 when it cannot start.
pub fn run<R: Announced, Start, Stop>(
    start: impl FnOnce(Settings) -> Start,
    stop: impl FnOnce(R) -> Stop,
) -> ExitCode
where
    Start: Future<Output = Result<R, StartError>>,
    Stop: Future<Output = ()>,
{
    let ran = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let telemetry = Telemetry::start(runtime.handle());
            let console = tracing_subscriber::fmt::layer().with_writer(io::stderr);
            tracing_subscriber::registry()
                .with(telemetry.layer())
                .with(console.with_filter(LevelFilter::WARN))
                .init();
            let ran = runtime.block_on(until_told(start, stop));
            telemetry.stop();
            ran
        }
        Err(error) => Err(format!("starting the runtime: {error}")),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to tell it to when standard error is closed.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn until_told<R: Announced, Start, Stop>(
    start: impl FnOnce(Settings) -> Start,
    stop: impl FnOnce(R) -> Stop,
) -> Result<(), String>
where
    Start: Future<Output = Result<R, StartError>>,
    Stop: Future<Output = ()>,
{
    let running = start(Settings::from_env()).await.map_err(|error| error.to_string())?;
    announce(&running).map_err(|error| format!("printing the address: {error}"))?;
    told_to_stop().await.map_err(|error| format!("waiting for a signal: {error}"))?;
    stop(running).await;
    Ok(())
}

fn announce(running: &impl Announced) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{} {}", running.name(), running.address())?;
    out.flush()
}

#[cfg(unix)]
async fn told_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
