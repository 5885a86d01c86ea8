//! A running host: what can be asked of it, and its end.

use std::{sync::Arc, time::Duration};

use local_data::DataServices;
use tokio::{task::JoinHandle, time::timeout};

use crate::{
    FaultSwitches, InvocationRecord, Journey, Lifecycle, TimeTravel, TravelError,
    gateway::Gateway,
    handler::Guardian,
    platform::Platform,
    triggers::{Faults, Listeners},
};

/// How long requests in progress may take to end when the host stops.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(300);

/// How often that is looked at, and how often a killed handler.
const CHECK_INTERVAL: Duration = Duration::from_millis(10);

/// How long a killed handler may take to be gone.
const KILL_TIMEOUT: Duration = Duration::from_secs(2);

/// A running host. [`Host::stop`] ends it well; dropping it ends it at once. Neither leaves a process behind.
#[derive(Debug)]
pub struct Host {
    pub(crate) platform: Arc<Platform>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) guardian: Arc<Guardian>,
    pub(crate) server: JoinHandle<()>,
    /// Takes telemetry.
    pub(crate) receiver: JoinHandle<()>,
    /// Looks at the contracts.
    pub(crate) watcher: JoinHandle<()>,
    pub(crate) following: Option<JoinHandle<()>>,
    pub(crate) listeners: Listeners,
    pub(crate) faults: Arc<Faults>,
    /// Empty when they are in another process, or after `stop` has taken them.
    pub(crate) data: Option<DataServices>,
}

impl Host {
    /// `http://127.0.0.1:PORT`, the gateway.
    pub fn url(&self) -> &str {
        &self.platform.endpoints.gateway
    }

    /// `http://127.0.0.1:PORT/`, Cosmos DB.
    pub fn cosmos_url(&self) -> &str {
        &self.platform.endpoints.cosmos
    }

    /// `http://127.0.0.1:PORT/devstoreaccount1`, Blob.
    pub fn blob_url(&self) -> &str {
        &self.platform.endpoints.blob
    }

    /// `http://127.0.0.1:PORT/devstoreaccount1`, Queue.
    pub fn queue_url(&self) -> &str {
        &self.platform.endpoints.queue
    }

    /// `http://127.0.0.1:PORT/`, Event Hubs over HTTP.
    pub fn event_hubs_url(&self) -> &str {
        &self.platform.endpoints.event_hubs
    }

    /// `http://127.0.0.1:PORT`, where OpenTelemetry is received over HTTP.
    pub fn otlp_url(&self) -> &str {
        &self.platform.endpoints.otlp
    }

    /// The data services inside, for their faults and their clock. With
    /// [`Options::services`](crate::Options::services) there are none, and this panics.
    pub fn data(&self) -> &DataServices {
        self.data.as_ref().expect("the data services are inside, and only stop takes them")
    }

    /// Moves the clock of everything forward: handlers, simulators, triggers and data services. Timers and messages that
    /// became due follow by themselves, and what has expired goes.
    pub fn travel(&self, by: Duration) -> Result<(), TravelError> {
        self.platform.travel.go(Journey::Advance(by))
    }

    /// The clock that the host, its data services and its handlers go by.
    pub fn clock(&self) -> &TimeTravel {
        &self.platform.travel
    }

    /// What the triggers are to do wrong: duplicate and delay messages, skew the clock.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Switches for every simulated fault: those of the data services and those of the triggers.
    pub fn fault_switches(&self) -> &FaultSwitches {
        self.gateway.page.faults()
    }

    /// The master key when [`Options::keys`](crate::Options::keys) is set.
    pub fn master_key(&self) -> Option<&str> {
        self.gateway.keys.as_ref().map(|keys| keys.master.as_str())
    }

    /// The key of every function when [`Options::keys`](crate::Options::keys) is set.
    pub fn function_key(&self) -> Option<&str> {
        self.gateway.keys.as_ref().map(|keys| keys.host.as_str())
    }

    /// The process ids of an app's handlers; none while it is asleep.
    pub fn handler_pids(&self, app: &str) -> Vec<u32> {
        self.platform.app(app).map(|running| running.pool.pids()).unwrap_or_default()
    }

    /// The latest invocations, oldest first, at most 10,000.
    pub fn invocations(&self) -> Vec<InvocationRecord> {
        self.platform.journal.all()
    }

    /// Kills an app's handlers as an accident would (`kill -9`) and waits until they are gone. The host's rules for a
    /// crash apply: each is restarted, the third time the app's host stops.
    pub async fn kill_handler(&self, app: &str) {
        let Some(running) = self.platform.app(app) else { return };
        let before = running.pool.pids();
        running.pool.crash().await;
        let gone = async {
            while running.pool.pids().iter().any(|pid| before.contains(pid)) {
                tokio::time::sleep(CHECK_INTERVAL).await;
            }
        };
        let _ = timeout(KILL_TIMEOUT, gone).await;
    }

    /// Where a simulator listens, `http://127.0.0.1:PORT`; none of that name: `None`.
    pub fn simulator_url(&self, name: &str) -> Option<&str> {
        self.platform.simulators.get(name).map(|simulator| simulator.url.as_str())
    }

    /// The process id of a simulator, while it has one.
    pub fn simulator_pid(&self, name: &str) -> Option<u32> {
        self.platform.simulators.get(name)?.state().pid()
    }

    /// Kills a simulator as an accident would (`kill -9`) and waits until it is gone; it is started again.
    pub async fn kill_simulator(&self, name: &str) {
        let Some(simulator) = self.platform.simulators.get(name) else { return };
        let pid = simulator.state().pid();
        simulator.kill();
        simulator.gone(pid).await;
    }

    /// Ends a simulator and waits until it is gone; it stays away until [`Host::start_simulator`].
    pub async fn stop_simulator(&self, name: &str) {
        let Some(simulator) = self.platform.simulators.get(name) else { return };
        let pid = simulator.state().pid();
        simulator.stop();
        simulator.gone(pid).await;
    }

    /// Starts a simulator that was stopped, or waits for one that was killed; false when it is not ready within 10 s.
    pub async fn start_simulator(&self, name: &str) -> bool {
        let Some(simulator) = self.platform.simulators.get(name) else { return false };
        simulator.begin();
        simulator.ready().await
    }

    /// Ends requests, handlers, simulators and data services, within a second.
    pub async fn stop(mut self) {
        self.platform.lifecycle.set(Lifecycle::Stopping);
        let idle = async {
            while self.platform.apps.iter().any(|running| running.pool.is_busy()) {
                tokio::time::sleep(CHECK_INTERVAL).await;
            }
        };
        let _ = timeout(DRAIN_TIMEOUT, idle).await;
        self.server.abort();
        self.receiver.abort();
        self.watcher.abort();
        self.following.iter().for_each(JoinHandle::abort);
        futures::future::join_all(self.platform.apps.iter().map(|running| running.pool.stop()))
            .await;
        self.platform.simulators.abort();
        self.guardian.kill_all();
        std::mem::take(&mut self.listeners).stop().await;
        if let Some(data) = self.data.take() {
            data.stop().await;
        }
        self.platform.log.flush();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.platform.lifecycle.set(Lifecycle::Stopping);
        self.server.abort();
        self.receiver.abort();
        self.watcher.abort();
        self.following.iter().for_each(JoinHandle::abort);
        self.platform.apps.iter().for_each(|running| running.pool.abort());
        self.platform.simulators.abort();
        self.guardian.kill_all();
    }
}
