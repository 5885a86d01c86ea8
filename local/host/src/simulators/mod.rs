//! Simulators: programs that stand for the systems of others, started beside the apps. They are reached over their
//! addresses like the real ones; the host only starts, watches and stops them.

mod address;
mod source;
mod supervisor;

use std::{path::Path, sync::Arc, time::Duration};

use futures::future::join_all;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use crate::{
    Log, building,
    endpoints::Address,
    handler::{Guardian, HandlerClient, Launch},
    telemetry,
};
pub use address::AddressError;
pub(crate) use address::choose;
pub use source::{SimulatorSource, workspace_simulators};
pub(crate) use supervisor::State;
use supervisor::{Supervisor, Wanted};

/// How long the host waits for a simulator when it starts, and for a killed or stopped one to be gone.
const READY_TIMEOUT: Duration = Duration::from_secs(10);
const GONE_TIMEOUT: Duration = Duration::from_secs(2);

/// All simulators of a host. Dropping it ends them.
#[derive(Debug, Default)]
pub(crate) struct Simulators(Vec<Simulator>);

/// A simulator and its supervisor.
#[derive(Debug)]
pub(crate) struct Simulator {
    pub(crate) name: String,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    wanted: watch::Sender<Wanted>,
    state: watch::Receiver<State>,
    task: JoinHandle<()>,
}

/// What all simulators of a host share.
pub(crate) struct Surroundings<'a> {
    /// Settings, addresses exchanged already.
    pub(crate) environment: Vec<(String, String)>,
    /// The folder in which data is kept, if it is.
    pub(crate) data: Option<&'a Path>,
    pub(crate) guardian: &'a Arc<Guardian>,
    pub(crate) log: &'a Log,
}

impl Simulators {
    /// Starts each simulator at its address.
    pub(crate) fn start(
        sources: &[SimulatorSource],
        addresses: &[Address],
        surroundings: &Surroundings<'_>,
    ) -> Self {
        let pairs = sources.iter().zip(addresses);
        Self(pairs.map(|(source, at)| Simulator::start(source, at, surroundings)).collect())
    }

    pub(crate) fn all(&self) -> &[Simulator] {
        &self.0
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Simulator> {
        self.0.iter().find(|simulator| simulator.name == name)
    }

    /// Waits until all are ready; the names of those that are not in time.
    pub(crate) async fn ready(&self) -> Vec<&str> {
        let each = self.0.iter().map(|simulator| async move {
            (!simulator.ready().await).then_some(simulator.name.as_str())
        });
        join_all(each).await.into_iter().flatten().collect()
    }

    /// Ends the supervisors at once; the guardian ends the processes.
    pub(crate) fn abort(&self) {
        self.0.iter().for_each(|simulator| simulator.task.abort());
    }
}

impl Drop for Simulators {
    fn drop(&mut self) {
        self.abort();
    }
}

impl Simulator {
    fn start(source: &SimulatorSource, at: &Address, surroundings: &Surroundings<'_>) -> Self {
        let (wanted, wanted_by) = watch::channel(Wanted { running: true, kills: 0 });
        let (state, seen) = watch::channel(State::Restarting);
        let mut environment = surroundings.environment.clone();
        environment.push(("PORT".to_owned(), at.port.to_string()));
        // That of the apps would be one of theirs.
        environment.push((telemetry::SERVICE_NAME.to_owned(), source.name.clone()));
        if let Some(folder) = surroundings.data {
            let folder = folder.join("simulators").join(&source.name);
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            if let Err(error) = std::fs::create_dir_all(&folder) {
                let message = format!("creating {}: {error}", folder.display());
                surroundings.log.error(&source.name, message);
            }
            environment.push(("DATA_DIR".to_owned(), folder.to_string_lossy().into_owned()));
        }
        let supervisor = Supervisor {
            name: source.name.clone(),
            launch: Launch {
                program: building::program(&source.executable).unwrap_or_default(),
                arguments: source.arguments.clone(),
                directory: source.folder(),
                environment,
            },
            client: HandlerClient::new(at.port),
            health: at.health.clone(),
            wanted: wanted_by,
            state,
            guardian: Arc::clone(surroundings.guardian),
            log: surroundings.log.clone(),
        };
        let task = tokio::spawn(supervisor.run());
        Self { name: source.name.clone(), url: at.url(), wanted, state: seen, task }
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    /// Whether it was stopped on purpose.
    pub(crate) fn is_stopped(&self) -> bool {
        !self.wanted.borrow().running
    }

    /// Ends the process; none follows until [`Simulator::begin`].
    pub(crate) fn stop(&self) {
        self.wanted.send_modify(|wanted| wanted.running = false);
    }

    /// Starts it again after a stop.
    pub(crate) fn begin(&self) {
        self.wanted.send_modify(|wanted| wanted.running = true);
    }

    /// `kill -9`, as an accident would do it: another process follows. False when there is none to kill.
    pub(crate) fn kill(&self) -> bool {
        let has_process = self.state().pid().is_some();
        if has_process {
            self.wanted.send_modify(|wanted| wanted.kills += 1);
        }
        has_process
    }

    /// Waits until the process with this id is gone.
    pub(crate) async fn gone(&self, pid: Option<u32>) {
        let Some(pid) = pid else { return };
        let mut state = self.state.clone();
        let _ = timeout(GONE_TIMEOUT, state.wait_for(|state| state.pid() != Some(pid))).await;
    }

    /// Waits until it is ready; false when it is not in time, or is stopped.
    pub(crate) async fn ready(&self) -> bool {
        let mut state = self.state.clone();
        let is_ready = state.wait_for(|state| matches!(state, State::Running { .. }));
        timeout(READY_TIMEOUT, is_ready).await.is_ok_and(|ready| ready.is_ok())
    }
}
