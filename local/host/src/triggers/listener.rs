//! What all listeners have in common: they take steps, and a loop takes the steps when they are due.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;

use super::Faults;
use crate::Lifecycle;

/// The longest wait between two steps: a clock that is skewed is noticed after this long.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepReport {
    /// Invocations (retries not counted) that the step started.
    pub started: usize,
    /// When the next step is worth taking, unless something ends before.
    pub next: Option<Timestamp>,
}

impl StepReport {
    /// Makes the next step no later than this.
    pub(crate) fn no_later_than(&mut self, moment: Timestamp) {
        self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
    }
}

/// Waits for one function's trigger. Nothing happens but in steps, so that a test drives it with a clock of its own.
pub trait Listener: Send + 'static {
    /// Does what is due at `now`: polls, renews, starts invocations. It does not wait for invocations to end.
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport>;

    /// Waits until something ended that makes a step worthwhile before its time. May be dropped at any point.
    fn woken(&mut self) -> BoxFuture<'_, ()>;

    /// The clock went back: what was planned by it is to be planned anew.
    fn rewound(&mut self) {}

    /// Waits until every invocation that was started has ended.
    fn settle(&mut self) -> BoxFuture<'_, ()>;

    /// Gives back what is held, so that others need not wait for it.
    fn release(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Takes a listener's steps until the host stops. While it drains, listeners go on with what they have: they look at
/// the state themselves.
pub(crate) async fn run(
    mut listener: Box<dyn Listener>,
    faults: Arc<Faults>,
    mut state: watch::Receiver<Lifecycle>,
) {
    let mut offsets = faults.clock().changes();
    let mut offset = *offsets.borrow_and_update();
    while *state.borrow_and_update() != Lifecycle::Stopping {
        let report = listener.step(faults.now()).await;
        let wait = report.next.map_or(MAX_WAIT, |next| until(next, faults.now()).min(MAX_WAIT));
        tokio::select! {
            changed = state.changed() => if changed.is_err() { break },
            // The clock's sender lives in `faults`.
            _ = offsets.changed() => {
                let moved = *offsets.borrow_and_update();
                if moved < std::mem::replace(&mut offset, moved) {
                    listener.rewound();
                }
            }
            () = listener.woken() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    listener.settle().await;
    listener.release().await;
}

fn until(next: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(now)).unwrap_or(Duration::ZERO)
}
