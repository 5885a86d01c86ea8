//! What a test wants around its app.

use std::sync::Once;

use local_host::{AppSource, Executable, Options, SimulatorSource};

use crate::waiting::DEADLINE;
use crate::{App, Platform};

/// An app and what is to run around it. [`Platform::start`] is enough where that is nothing.
#[derive(Debug)]
pub struct Setup {
    app: App,
    neighbours: Vec<String>,
    options: Options,
}

impl Setup {
    /// The app alone, with free ports, the sample data of the app and nothing kept.
    #[must_use]
    pub fn of(app: App) -> Self {
        Self { app, neighbours: Vec::new(), options: Options::for_tests() }
    }

    /// Runs another app of the workspace beside it, whose binary is built if it is not up to date.
    #[must_use]
    pub fn neighbour(mut self, name: &str) -> Self {
        self.neighbours.push(name.to_owned());
        self
    }

    /// Runs a simulator beside it.
    #[must_use]
    pub fn simulator(mut self, simulator: SimulatorSource) -> Self {
        self.options.simulators.push(simulator);
        self
    }

    /// A setting in place of the one that works locally.
    #[must_use]
    pub fn setting(mut self, name: &str, value: impl Into<String>) -> Self {
        self.options.settings.insert(name.to_owned(), value.into());
        self
    }

    /// Settings in place of those that work locally.
    #[must_use]
    pub fn settings(self, settings: &[(&str, &str)]) -> Self {
        settings.iter().fold(self, |setup, (name, value)| setup.setting(name, *value))
    }

    /// Changes anything else that the local host is started with.
    #[must_use]
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// Starts everything and waits until the host listens.
    pub async fn start(self) -> Platform {
        static TLS: Once = Once::new();
        TLS.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let Self { app, neighbours, mut options } = self;
        options.apps = sources(app, &neighbours);
        let host = local_host::start(options).await;
        let host = host.unwrap_or_else(|error| panic!("the local host does not start: {error}"));
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Platform::new(app, host, http)
    }
}

/// The neighbours before the app, as what it calls should be there first.
fn sources(app: App, neighbours: &[String]) -> Vec<AppSource> {
    let workspace = app.workspace();
    let neighbour = |name: &String| {
        let executable = Executable::Cargo { package: name.clone(), workspace: workspace.clone() };
        AppSource::of_workspace(&workspace, name, executable)
    };
    let mut sources: Vec<AppSource> = neighbours.iter().map(neighbour).collect();
    sources.push(AppSource::of_workspace(
        &workspace,
        app.name,
        Executable::Built(app.binary.into()),
    ));
    sources
}
