//! What a host is started with.

use std::{collections::BTreeMap, path::PathBuf, sync::mpsc::Sender, time::Duration};

use crate::{AppSource, ExternalServices, FaultSpec, SimulatorSource, log::LogFormat};

/// How long a handler may be idle before it is stopped, unless [`Options::idle_timeout`] says otherwise.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The gateway's port, as that of Azure Functions Core Tools.
pub const HTTP_PORT: u16 = 7071;

/// Where telemetry is received: the port of OTLP over HTTP.
pub const OTLP_PORT: u16 = 4318;

/// Everything a host is started with. [`Options::default`] is what `iommi` uses, [`Options::for_tests`] takes free
/// ports and stays silent.
#[derive(Debug)]
pub struct Options {
    /// The apps to run.
    pub apps: Vec<AppSource>,
    /// The simulators to run beside them.
    pub simulators: Vec<SimulatorSource>,
    /// The gateway's port on 127.0.0.1; 0 takes a free one, and free ones for all simulators.
    pub http_port: u16,
    /// The port on 127.0.0.1 where OpenTelemetry is received; 0 takes a free one.
    pub otlp_port: u16,
    /// Ports and data folder of Cosmos DB, Blob and Queue.
    pub data: local_data::Options,
    /// Data services in another process to use instead of those inside; of `data` only the folder counts then, for the
    /// simulators.
    pub services: Option<ExternalServices>,
    /// Another host's file with the offset of its clock, by which this one goes: where that host has the data services.
    pub clock_file: Option<PathBuf>,
    /// The folder whose `local/persons.json` and `local/callers.json` say who can be whom; `None` takes the workspace of
    /// the apps.
    pub workspace: Option<PathBuf>,
    /// App settings for all apps, over those of `local.settings.json` and of the environment.
    pub settings: BTreeMap<String, String>,
    /// A handler without a request for this long is stopped; the next request starts it again.
    pub idle_timeout: Duration,
    /// How the log is written to standard output.
    pub log: LogFormat,
    /// Who is given every line of the log besides, as JSON: a test that searches them.
    pub log_reader: Option<Sender<String>>,
    /// Checks function, host and master keys as Azure does; off, every request is allowed in.
    pub keys: bool,
    /// Simulated faults that are in force from the beginning.
    pub faults: Vec<FaultSpec>,
    /// Sends envelopes with a `Content-Length`, as under `func start`; off, chunked as in Azure.
    pub envelope_content_length: bool,
    /// Goes on after an app's third crash as Azure does, where the platform replaces a host instance that has stopped:
    /// the app starts anew with a fresh count. Off, it stays stopped.
    pub replace_crashed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            apps: Vec::new(),
            simulators: Vec::new(),
            http_port: HTTP_PORT,
            otlp_port: OTLP_PORT,
            data: local_data::Options::default(),
            services: None,
            clock_file: None,
            workspace: None,
            settings: BTreeMap::new(),
            idle_timeout: IDLE_TIMEOUT,
            log: LogFormat::Human,
            log_reader: None,
            keys: false,
            faults: Vec::new(),
            envelope_content_length: false,
            replace_crashed: false,
        }
    }
}

impl Options {
    /// Free ports, nothing kept, no log: several hosts can run side by side.
    pub fn for_tests() -> Self {
        Self {
            http_port: 0,
            otlp_port: 0,
            data: local_data::Options::ephemeral(),
            log: LogFormat::Silent,
            ..Self::default()
        }
    }
}
