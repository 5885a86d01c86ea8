//! The platform that runs an app under test.

use std::time::Duration;

use local_host::Host;

use crate::waiting::{self, DEADLINE};
use crate::{App, Contract, Setup};

/// A local host with the app under test and its neighbours. Everything stops when it is dropped.
#[derive(Debug)]
pub struct Platform {
    app: App,
    host: Host,
    http: reqwest::Client,
    contract: Contract,
}

impl Platform {
    /// The app alone; [`Setup`] is for more.
    pub async fn start(app: App) -> Self {
        Setup::of(app).start().await
    }

    pub(crate) fn new(app: App, host: Host, http: reqwest::Client) -> Self {
        Self { app, host, http, contract: app.contract() }
    }

    /// The app under test.
    #[must_use]
    pub fn app(&self) -> App {
        self.app
    }

    /// The host: its invocations, its faults, its handlers to kill.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// A client for what is not the app: it follows no redirect and gives up after [`DEADLINE`].
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The app's contract.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// `http://127.0.0.1:PORT`, where clients reach the app.
    #[must_use]
    pub fn url(&self) -> &str {
        self.host.url().trim_end_matches('/')
    }

    /// Lets time pass at once, for handlers, triggers and data services.
    pub fn travel(&self, by: Duration) {
        self.host.travel(by).unwrap_or_else(|error| panic!("travelling {by:?}: {error}"));
    }

    /// Waits until `look` finds something; fails after [`DEADLINE`] and shows what the host did last.
    pub async fn eventually<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let found = waiting::look_until(DEADLINE, &look).await;
        found.unwrap_or_else(|| panic!("{}", self.too_late(what)))
    }

    /// As [`Platform::eventually`], for what only comes with time: whenever nothing happened for a while, everything
    /// waits, and time goes on by `step`.
    pub async fn eventually_with_time<T>(
        &self,
        what: &str,
        step: Duration,
        look: impl AsyncFn() -> Option<T>,
    ) -> T {
        let found = waiting::look_with_time(self, step, &look).await;
        found.unwrap_or_else(|| panic!("{}", self.too_late(what)))
    }

    fn too_late(&self, what: &str) -> String {
        waiting::too_late(what, &self.host.invocations())
    }
}
