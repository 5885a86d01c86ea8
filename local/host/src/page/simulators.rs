//! The simulators as they are shown.

use serde::Serialize;

use super::{Visit, instance::memory};
use crate::simulators::{Simulator, State};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SimulatorView {
    pub(super) name: String,
    /// A word, also the name of its style.
    pub(super) state: &'static str,
    pub(super) pid: Option<u32>,
    /// Resident memory, where the system tells.
    pub(super) memory_mib: Option<f64>,
    pub(super) url: String,
}

impl SimulatorView {
    pub(super) fn all(visit: &Visit) -> Vec<Self> {
        visit.page.platform.simulators.all().iter().map(Self::new).collect()
    }

    fn new(simulator: &Simulator) -> Self {
        let state = simulator.state();
        let word = match state {
            State::Starting { .. } => "starting",
            State::Running { .. } => "running",
            State::Restarting => "restarting",
            State::Stopped => "stopped",
        };
        let pid = state.pid();
        let url = format!("{}/", simulator.url);
        Self {
            name: simulator.name.clone(),
            state: word,
            pid,
            memory_mib: pid.and_then(memory),
            url,
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let pid = self.pid.map(|pid| format!("pid {pid}"));
        let memory = self.memory_mib.map(|mib| format!("{mib:.1} MiB"));
        [pid, memory].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
