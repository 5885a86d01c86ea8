//! When an instance goes to sleep, and whether it comes back after too many crashes.

use std::{sync::Arc, time::Duration};

use super::state::{Live, Shared};

/// How often an instance that a request holds past its idle time looks again: between these.
const IDLE_CHECK_MIN: Duration = Duration::from_millis(10);
const IDLE_CHECK_MAX: Duration = Duration::from_secs(5);

/// When an instance has no process although it may be wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    /// After so long without a request it falls asleep.
    pub(crate) idle_timeout: Duration,
    /// Whether an instance whose host has stopped is replaced, as the platform does in Azure.
    pub(crate) replace_crashed: bool,
}

/// Returns when no request has come for `timeout` and the instance is marked as asleep.
pub(super) async fn idle(shared: &Shared, live: &Arc<Live>, timeout: Duration) {
    let recheck = (timeout / 10).clamp(IDLE_CHECK_MIN, IDLE_CHECK_MAX);
    loop {
        let wait = match shared.idle_for() {
            Some(idle) if idle >= timeout => {
                if shared.fall_asleep(live) {
                    return;
                }
                recheck
            }
            Some(idle) => timeout - idle,
            None => recheck,
        };
        tokio::time::sleep(wait).await;
    }
}
