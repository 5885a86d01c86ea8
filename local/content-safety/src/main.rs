//! The simulator by itself: `PORT` (7081), `CONTENT_SAFETY_FAULTS` (JSON, see the README) and `CONTENT_SAFETY_KEY` are
//! read from the environment; it binds 127.0.0.1 only. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot
//! start.

use content_safety::{Options, Simulator};
use std::{
    io::{self, Write},
    process::ExitCode,
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to tell it to when standard error is closed.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let options = options()?;
    let simulator = content_safety::start(options).await.map_err(|error| error.to_string())?;
    announce(&simulator).map_err(|error| format!("printing the address: {error}"))?;
    told_to_stop().await.map_err(|error| format!("waiting for a signal: {error}"))
}

fn options() -> Result<Options, String> {
    let mut options = Options { key: setting("CONTENT_SAFETY_KEY"), ..Options::default() };
    if let Some(port) = setting("PORT") {
        options.port =
            port.parse().map_err(|_| format!("PORT={port}: a port is a number from 0 to 65535"))?;
    }
    if let Some(faults) = setting("CONTENT_SAFETY_FAULTS") {
        options.faults =
            faults.parse().map_err(|error| format!("CONTENT_SAFETY_FAULTS: {error}"))?;
    }
    Ok(options)
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn announce(simulator: &Simulator) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "content-safety {}", simulator.url())?;
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
