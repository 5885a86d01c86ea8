//! A handler instance as it is shown.

use serde::Serialize;

use crate::handler::Condition;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InstanceView {
    /// A word, also the name of its style.
    pub(super) state: &'static str,
    pub(super) pid: Option<u32>,
    /// Resident memory, where the system tells.
    pub(super) memory_mib: Option<f64>,
    /// What there is to say besides.
    pub(super) detail: String,
}

impl InstanceView {
    pub(super) fn new(condition: &Condition) -> Self {
        let (state, detail) = match condition {
            Condition::Asleep => ("asleep", "starts with the next request".to_owned()),
            Condition::Starting { .. } => ("starting", String::new()),
            Condition::Ready(_) => ("running", String::new()),
            Condition::Gone => ("gone", "left with code 0, so every call fails".to_owned()),
            Condition::Stopped { why } => ("stopped", why.to_string()),
        };
        let pid = condition.pid();
        Self { state, pid, memory_mib: pid.and_then(memory), detail }
    }

    /// For people.
    fn memory(&self) -> Option<String> {
        self.memory_mib.map(|mib| format!("{mib:.1} MiB"))
    }

    pub(super) fn text(&self) -> String {
        let pid = self.pid.map(|pid| format!("pid {pid}"));
        let detail = Some(self.detail.clone()).filter(|detail| !detail.is_empty());
        let parts: Vec<String> = [pid, self.memory(), detail].into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// A process's resident memory in MiB, where the system tells (Linux).
pub(super) fn memory(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1_024.0)
}
