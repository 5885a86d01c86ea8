//! What a host is started with.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{ExternalServices, FaultSpec, SimulatorSource, log::LogFormat};

/// How long a handler may be idle before it is stopped, unless [`Options::idle_timeout`] says otherwise.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The gateway's port, as that of Azure Functions Core Tools.
pub const HTTP_PORT: u16 = 7071;

/// The folder of a workspace that holds apps, and of an app's `src` that holds functions.
pub(crate) const FUNCTIONS: &str = "functions";

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
    /// Ports and data folder of Cosmos DB, Blob and Queue.
    pub data: local_data::Options,
    /// Data services in another process to use instead of those inside; of `data` only the folder counts then, for the
    /// simulators.
    pub services: Option<ExternalServices>,
    /// The folder whose `local/persons.json` and `local/callers.json` say who can be whom; `None` takes the workspace of
    /// the apps.
    pub workspace: Option<PathBuf>,
    /// App settings for all apps, over those of `local.settings.json` and of the environment.
    pub settings: BTreeMap<String, String>,
    /// A handler without a request for this long is stopped; the next request starts it again.
    pub idle_timeout: Duration,
    /// How the log is written to standard output.
    pub log: LogFormat,
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
            data: local_data::Options::default(),
            services: None,
            workspace: None,
            settings: BTreeMap::new(),
            idle_timeout: IDLE_TIMEOUT,
            log: LogFormat::Human,
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
            data: local_data::Options::ephemeral(),
            log: LogFormat::Silent,
            ..Self::default()
        }
    }
}

/// Where an app comes from.
#[derive(Clone, Debug)]
pub struct AppSource {
    /// The app's name in the log, on the page and in `/admin/functions/<app>/<name>`, and its database's.
    pub name: String,
    /// The app's own folder: the one with `app.json` and `sample/`.
    pub folder: PathBuf,
    /// Where the handler comes from.
    pub executable: Executable,
    /// How many handler processes serve the app, at least 1.
    pub instances: usize,
}

/// Where a handler's executable comes from.
#[derive(Clone, Debug)]
pub enum Executable {
    /// A ready binary, such as `env!("CARGO_BIN_EXE_profiles")`.
    Built(PathBuf),
    /// A binary of this name in a Cargo workspace, built before the start when it is out of date.
    Cargo {
        /// The package, whose binary has the same name.
        package: String,
        /// The folder of the workspace's `Cargo.toml`.
        workspace: PathBuf,
    },
    /// What `customHandler.description` of the app's own `host.json` says.
    HostJson,
}

impl AppSource {
    /// An app in a folder, with one handler process.
    pub fn new(
        name: impl Into<String>,
        folder: impl Into<PathBuf>,
        executable: Executable,
    ) -> Self {
        let folder = folder.into();
        Self { name: name.into(), folder: app_folder(folder), executable, instances: 1 }
    }

    /// The app `functions/<name>` of the workspace at `root`, with one handler process.
    pub fn of_workspace(
        root: impl AsRef<Path>,
        name: impl Into<String>,
        executable: Executable,
    ) -> Self {
        let name = name.into();
        let folder = root.as_ref().join(FUNCTIONS).join(&name);
        Self::new(name, folder, executable)
    }

    /// The workspace whose `functions/` holds the app.
    pub(crate) fn workspace(&self) -> Option<PathBuf> {
        let folder = self.folder.canonicalize().ok()?;
        let functions = folder.parent().filter(|functions| functions.ends_with(FUNCTIONS))?;
        functions.parent().map(Path::to_owned)
    }

    /// The folder that holds the function folders: `src/functions` in an app of a workspace, the app's own folder in
    /// any other.
    pub fn functions(&self) -> PathBuf {
        let source = self.folder.join("src");
        let moved = source.join(FUNCTIONS);
        [moved, source].into_iter().find(|folder| folder.is_dir()).unwrap_or(self.folder.clone())
    }
}

/// Apps that have not moved are named by their `src`.
fn app_folder(folder: PathBuf) -> PathBuf {
    match folder.parent() {
        Some(parent) if folder.file_name().is_some_and(|name| name == "src") => parent.to_owned(),
        _ => folder,
    }
}
