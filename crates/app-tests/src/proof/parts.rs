//! What a platform is made of.

use std::any::Any;
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::pin::Pin;

use local_host::{AppSource, Executable, LogFormat};

use super::Layout;
use super::layout::HOST;
use crate::App;

/// Starts a simulator, which runs until what this returns is dropped.
type Start = Box<dyn Fn(&Layout) -> Pin<Box<dyn Future<Output = Box<dyn Any>>>>>;
type Value = Box<dyn Fn(&Layout) -> String>;

/// The app that is proved and what runs around it, each simulator in a process of its own. Made once more in every
/// process, so it must come out the same each time.
pub struct Parts {
    pub(super) app: App,
    pub(super) neighbours: Vec<String>,
    pub(super) foreign_queues: Vec<String>,
    simulators: Vec<(&'static str, Start)>,
    settings: Vec<(String, Value)>,
}

impl Parts {
    /// The app alone.
    #[must_use]
    pub fn of(app: App) -> Self {
        let (neighbours, foreign_queues) = (Vec::new(), Vec::new());
        Self { app, neighbours, foreign_queues, simulators: Vec::new(), settings: Vec::new() }
    }

    /// Another app of the workspace on the same host, whose binary is built if it is not up to date.
    #[must_use]
    pub fn neighbour(mut self, name: &str) -> Self {
        self.neighbours.push(name.to_owned());
        self
    }

    /// A simulator: the name that it is killed and found by, and its start.
    #[must_use]
    pub fn simulator<Starting, Running, Error>(
        mut self,
        name: &'static str,
        start: impl Fn(&Layout) -> Starting + 'static,
    ) -> Self
    where
        Starting: Future<Output = Result<Running, Error>> + 'static,
        Running: 'static,
        Error: Display,
    {
        let start = move |layout: &Layout| {
            let starting = start(layout);
            let started = async move {
                let running = starting.await.unwrap_or_else(|error| panic!("{name}: {error}"));
                Box::new(running) as Box<dyn Any>
            };
            Box::pin(started) as Pin<Box<dyn Future<Output = Box<dyn Any>>>>
        };
        self.simulators.push((name, Box::new(start)));
        self
    }

    /// A setting of all apps in place of the one that works locally.
    #[must_use]
    pub fn setting(self, name: &str, value: &str) -> Self {
        let value = value.to_owned();
        self.setting_from(name, move |_| value.clone())
    }

    /// A setting that says where something is, such as the address of a simulator.
    #[must_use]
    pub fn setting_from(mut self, name: &str, value: impl Fn(&Layout) -> String + 'static) -> Self {
        self.settings.push((name.to_owned(), Box::new(value)));
        self
    }

    /// A queue of an app that is not here, to which one of these sends.
    #[must_use]
    pub fn foreign_queue(mut self, name: &str) -> Self {
        self.foreign_queues.push(name.to_owned());
        self
    }

    pub(super) fn simulator_names(&self) -> Vec<&'static str> {
        self.simulators.iter().map(|(name, _)| *name).collect()
    }

    pub(super) fn has_app(&self, name: &str) -> bool {
        self.app.name == name || self.neighbours.iter().any(|neighbour| neighbour == name)
    }

    pub(super) async fn start_simulator(&self, name: &str, layout: &Layout) -> Box<dyn Any> {
        let found = self.simulators.iter().find(|(known, _)| *known == name);
        let (_, start) = found.unwrap_or_else(|| panic!("no part is called {name:?}"));
        start(layout).await
    }

    /// What the local host is started with: the neighbours before the app, as what it calls should be there first.
    pub(super) fn host(&self, layout: &Layout) -> local_host::Options {
        let workspace = self.app.workspace();
        let source = |name: &str, binary| {
            AppSource::of_workspace(&workspace, name, Executable::Built(binary))
        };
        let neighbour = |name: &String| source(name, layout.programs[name].clone());
        let mut apps: Vec<AppSource> = self.neighbours.iter().map(neighbour).collect();
        apps.push(source(self.app.name, PathBuf::from(self.app.binary)));
        let settings = self.settings.iter();
        local_host::Options {
            apps,
            http_port: layout.port(HOST),
            // Nobody asks it, and several proofs may run.
            otlp_port: 0,
            services: Some(layout.services()),
            // Only for the file that says what time it is for handlers.
            data: local_data::Options {
                data: Some(layout.folder(HOST)),
                ..local_data::Options::default()
            },
            settings: settings.map(|(name, value)| (name.clone(), value(layout))).collect(),
            log: LogFormat::Json,
            replace_crashed: true,
            ..local_host::Options::default()
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parts").field(&self.app.name).finish()
    }
}
