//! A gate that holds a request until a test opens it.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};

/// How long a test waits for a request to come to its gate.
const REACHED_DEADLINE: Duration = Duration::from_secs(60);
/// A request is not held longer than this: a test that forgot its gate ends with what was asked for done.
const HELD_MAX: Duration = Duration::from_secs(300);

/// Holds what comes to it until it is opened, and lets everything pass from then on. Clones are the same gate; two gates
/// are equal when they are one.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_open: watch::Sender<bool>,
    came: watch::Sender<u64>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets go of what waits, and of what comes later.
    pub fn open(&self) {
        self.0.is_open.send_replace(true);
    }

    /// Returns when a request has come to the gate, now or earlier.
    ///
    /// # Panics
    /// When none comes within a minute.
    pub async fn reached(&self) {
        let mut came = self.0.came.subscribe();
        let reached = timeout(REACHED_DEADLINE, came.wait_for(|came| *came > 0)).await;
        assert!(
            matches!(reached, Ok(Ok(_))),
            "no request came to the gate in {} s",
            REACHED_DEADLINE.as_secs()
        );
    }

    /// Waits for the gate to be opened.
    pub(crate) async fn pass(&self) {
        let mut is_open = self.0.is_open.subscribe();
        self.0.came.send_modify(|came| *came += 1);
        // The sender is ours, and too long a wait ends like an opened gate.
        let _ = timeout(HELD_MAX, is_open.wait_for(|open| *open)).await;
    }
}

impl PartialEq for Gate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_waits_until_the_gate_is_opened() {
        let gate = Gate::new();
        let (there, here) = (gate.clone(), gate.clone());
        let held = tokio::spawn(async move { there.pass().await });
        here.reached().await;
        assert!(!held.is_finished());
        gate.open();
        held.await.unwrap();
        gate.pass().await;
        assert!(gate == here && gate != Gate::new());
    }
}
