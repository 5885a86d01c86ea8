//! The mainframe by itself. Its settings are environment variables, listed in the README. Its address is printed once
//! it accepts connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use mainframe::{Mainframe, Options};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(tracing::Level::WARN).init();
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
    let options =
        Options::from_settings(|name| std::env::var(name).ok()).map_err(|e| e.to_string())?;
    let mainframe = mainframe::start(options).await.map_err(|e| e.to_string())?;
    announce(&mainframe).map_err(|e| format!("printing the address: {e}"))?;
    told_to_stop().await.map_err(|e| format!("waiting for a signal: {e}"))?;
    mainframe.stop().await;
    Ok(())
}

fn announce(mainframe: &Mainframe) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "mainframe {}", mainframe.url())?;
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
