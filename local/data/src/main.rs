//! The services by themselves: `local-data [--cosmos PORT] [--blob PORT] [--queue PORT] [--event-hubs PORT]
//! [--amqp PORT] [--data DIR]`.
//!
//! Ports default to those of Microsoft's emulators; 0 takes a free one. The addresses are printed, one a line,
//! once all of them accept connections. Ends on Ctrl-C and on SIGTERM; exits with 1 when it cannot start.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use local_data::{DataServices, Options};

const USAGE: &str = "usage: local-data [--cosmos PORT] [--blob PORT] [--queue PORT] [--event-hubs PORT] [--amqp PORT] [--data DIR]";

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
    let options = options(std::env::args().skip(1)).map_err(|e| format!("{e}\n{USAGE}"))?;
    let services = DataServices::start(options).await.map_err(|e| e.to_string())?;
    for missing in services.missing() {
        // The services run all the same.
        let _ = writeln!(io::stderr(), "missing: {missing}");
    }
    announce(&services).map_err(|e| format!("printing the addresses: {e}"))?;
    told_to_stop().await.map_err(|e| format!("waiting for a signal: {e}"))?;
    services.stop().await;
    Ok(())
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        let port = || {
            value.parse().map_err(|_| format!("{arg} {value}: a port is a number from 0 to 65535"))
        };
        match arg.as_str() {
            "--cosmos" => options.cosmos = port()?,
            "--blob" => options.blob = port()?,
            "--queue" => options.queue = port()?,
            "--event-hubs" => options.event_hubs = port()?,
            "--amqp" => options.amqp = port()?,
            "--data" => options.data = Some(PathBuf::from(value)),
            _ => return Err(format!("{arg} is not an option")),
        }
    }
    Ok(options)
}

fn announce(services: &DataServices) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "cosmos {}", services.cosmos_url())?;
    writeln!(out, "blob {}", services.blob_url())?;
    writeln!(out, "queue {}", services.queue_url())?;
    writeln!(out, "event-hubs {}", services.event_hubs_url())?;
    writeln!(out, "amqp {}", services.amqp_endpoint())?;
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
