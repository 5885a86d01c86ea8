//! Starting a handler from `main`.

use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use thiserror::Error;
use tokio::runtime::{Handle, Runtime};

use crate::describe::describe_with;
use crate::handler::Handler;
use crate::server::{listen, serve};
use crate::settings::{Setting, Settings};
use crate::telemetry::Telemetry;

const PORT: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
/// The name that hosts before custom handlers used; they all still set both.
const OLD_PORT: &str = "FUNCTIONS_HTTPWORKER_PORT";
const LOG_LEVEL: Setting = Setting::new(
    "LOG_LEVEL",
    "what is logged: error, warn, info, debug or trace, also by target",
    "info,azure_core=warn",
);
const DESCRIBE: &str = "--describe";
const DEFAULT_LOG_LEVEL: &str = "info";
/// Threads for blocking work, such as name resolution or decoding a picture.
const MAX_BLOCKING_THREADS: usize = 16;

/// Why a handler does not start, for people to read.
#[derive(Debug, Error)]
enum StartError {
    #[error(
        "{PORT} is not set: this program is a custom handler, which the Azure Functions host starts; \
         start the host in the folder with host.json, or set {PORT} to a free port to try it alone"
    )]
    NoPort,
    #[error("{name} is {value:?}, which is no port; the host sets it to a number from 1 to 65535")]
    Port { name: &'static str, value: String },
    #[error("listening on 127.0.0.1:{port}: {error}; is another handler running on it?")]
    Listen { port: u16, error: std::io::Error },
    #[error("LOG_LEVEL: {0}")]
    LogLevel(crate::log::InvalidLevel),
    #[error(
        "the arguments {0:?} are not known; there is one, {DESCRIBE}, which prints what this application is, \
         and without arguments it serves the Functions host"
    )]
    Arguments(Vec<OsString>),
    #[error("writing to standard output: {0}")]
    Print(std::io::Error),
    #[error("starting the runtime: {0}")]
    Runtime(std::io::Error),
    #[error(transparent)]
    App(Box<dyn Error + Send + Sync>),
}

/// Runs a handler: logs to standard output, makes the app from its settings, checks its functions,
/// listens on the port that the host names and answers until the process is killed, which is how
/// the host stops it. Whatever prevents the start goes to standard error, and the exit code is 1.
///
/// With the argument `--describe` it needs no settings and no host: it prints what the application
/// is ([`describe`](crate::describe)) and ends with 0. There are no other arguments.
///
/// One thread answers; an instance in Azure has about one core, and functions wait far more than
/// they compute. What computes for long belongs into `tokio::task::spawn_blocking`.
///
/// `LOG_LEVEL` sets what is logged: `info` unless said, or levels by target
/// (`info,azure_core=warn`). `make` runs inside the runtime and before the handler is known to be
/// there, so it should not wait for anything.
pub fn run<A, F, E>(make: F) -> ExitCode
where
    A: Sync + 'static,
    F: FnOnce(&Settings) -> Result<Handler<A>, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let ended = match arguments.as_slice() {
        [] => start(make),
        [only] if only == DESCRIBE => print_description(make),
        _ => Err(StartError::Arguments(arguments)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_description<A, F, E>(make: F) -> Result<(), StartError>
where
    A: Sync + 'static,
    F: FnOnce(&Settings) -> Result<Handler<A>, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let settings = Settings::describing();
    settings.value_or(&LOG_LEVEL, DEFAULT_LOG_LEVEL.to_owned()).map_err(app_error)?;
    Telemetry::read(&settings).map_err(app_error)?;
    let described = runtime()?.block_on(async { describe_with(&settings, make) });
    let described = described.map_err(StartError::App)?;
    writeln!(std::io::stdout(), "{described}").map_err(StartError::Print)
}

fn start<A, F, E>(make: F) -> Result<(), StartError>
where
    A: Sync + 'static,
    F: FnOnce(&Settings) -> Result<Handler<A>, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let settings = Settings::from_env();
    let levels = settings.optional_text(&LOG_LEVEL).unwrap_or_else(|| DEFAULT_LOG_LEVEL.to_owned());
    let telemetry = Telemetry::read(&settings).map_err(app_error)?;
    crate::log::init(&levels, telemetry.as_ref()).map_err(StartError::LogLevel)?;
    log_panics();
    runtime()?.block_on(async {
        let handler = make(&settings).map_err(app_error)?.with_settings(&settings);
        let server = handler.build().map_err(app_error)?;
        let port = port(&settings)?;
        let listener = listen(port).map_err(|error| StartError::Listen { port, error })?;
        if let Some(telemetry) = &telemetry {
            telemetry.start(Handle::current());
        }
        tracing::info!(port, functions = server.functions().count(), "handler ready");
        serve(server, listener).await;
        Ok(())
    })
}

fn runtime() -> Result<Runtime, StartError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()
        .map_err(StartError::Runtime)
}

fn app_error(error: impl Into<Box<dyn Error + Send + Sync>>) -> StartError {
    StartError::App(error.into())
}

fn port(settings: &Settings) -> Result<u16, StartError> {
    let named = |name: &'static str| settings.platform(name).map(|value| (name, value));
    let (name, value) = named(PORT).or_else(|| named(OLD_PORT)).ok_or(StartError::NoPort)?;
    value.parse().ok().filter(|port| *port > 0).ok_or(StartError::Port { name, value })
}

/// A panic is logged where it happens, with the invocation around it. The host would show what
/// the standard hook prints as errors without one.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, panic = panic.payload_as_str(), "a function panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port_of(pairs: &[(&str, &str)]) -> Result<u16, String> {
        port(&Settings::from_map(pairs.iter().copied())).map_err(|error| error.to_string())
    }

    #[test]
    fn the_port_comes_from_either_name_and_the_new_one_wins() {
        assert_eq!(port_of(&[(PORT, "4001"), (OLD_PORT, "4002")]), Ok(4001));
        assert_eq!(port_of(&[(OLD_PORT, "4002")]), Ok(4002));
    }

    #[test]
    fn a_missing_or_wrong_port_says_how_to_start() {
        assert!(port_of(&[]).unwrap_err().contains("start the host in the folder with host.json"));
        assert!(port_of(&[(PORT, "0")]).unwrap_err().contains("no port"));
        assert!(
            port_of(&[(PORT, "http")])
                .unwrap_err()
                .contains("FUNCTIONS_CUSTOMHANDLER_PORT is \"http\"")
        );
    }
}
