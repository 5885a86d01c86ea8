//! The host's own state: running, draining (listeners take no new work), stopping.

use tokio::sync::watch;

/// What the host is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Triggers are listened to.
    Running,
    /// `POST /admin/host/drain`: listeners finish what they have and take nothing new; HTTP goes on.
    Draining,
    /// The host ends.
    Stopping,
}

/// Sets and tells the host's state.
#[derive(Debug)]
pub(crate) struct LifecycleState(watch::Sender<Lifecycle>);

impl LifecycleState {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Lifecycle::Running))
    }

    pub(crate) fn get(&self) -> Lifecycle {
        *self.0.borrow()
    }

    /// Changes the state; a host that is stopping stays so.
    pub(crate) fn set(&self, next: Lifecycle) {
        self.0.send_if_modified(|state| {
            let changes = *state != Lifecycle::Stopping && *state != next;
            if changes {
                *state = next;
            }
            changes
        });
    }

    /// Follows the state.
    pub(crate) fn watch(&self) -> watch::Receiver<Lifecycle> {
        self.0.subscribe()
    }
}
