//! When an invocation has taken too long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::invocation::TIMEOUT_GRACE;

/// A proxied call without traffic for this long is cut (host `DefaultHttpProxyService.cs`).
pub(super) const ACTIVITY_TIMEOUT: Duration = Duration::from_secs(240);

/// When bytes were last seen, shared by the two directions of a proxied call.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    born: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self { born: Instant::now(), last_ms: Arc::new(AtomicU64::new(0)) }
    }

    pub(super) fn seen(&self) {
        let now_ms = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now_ms, Ordering::Relaxed);
    }

    fn cut_at(&self) -> Instant {
        self.born + Duration::from_millis(self.last_ms.load(Ordering::Relaxed)) + ACTIVITY_TIMEOUT
    }
}

/// The two limits of a proxied call.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) activity: Activity,
    /// `functionTimeout` and its grace.
    pub(super) deadline: Option<Instant>,
}

/// Which limit has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Expired {
    /// `functionTimeout`: the handler must be killed.
    #[error("functionTimeout passed")]
    FunctionTimeout,
    /// No traffic.
    #[error("no traffic for {} s", ACTIVITY_TIMEOUT.as_secs())]
    Silent,
}

impl Limits {
    pub(super) fn new(function_timeout: Option<Duration>) -> Self {
        let deadline = function_timeout.map(|timeout| Instant::now() + timeout + TIMEOUT_GRACE);
        Self { activity: Activity::new(), deadline }
    }

    /// When to look next.
    pub(super) fn next_check(&self) -> Instant {
        let cut_at = self.activity.cut_at();
        self.deadline.map_or(cut_at, |deadline| deadline.min(cut_at))
    }

    /// What has passed by now.
    pub(super) fn expired(&self) -> Option<Expired> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            Some(Expired::FunctionTimeout)
        } else {
            (self.activity.cut_at() <= now).then_some(Expired::Silent)
        }
    }

    /// Returns when one of the limits has passed.
    pub(super) async fn passed(&self) -> Expired {
        loop {
            if let Some(expired) = self.expired() {
                return expired;
            }
            tokio::time::sleep_until(self.next_check()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn traffic_puts_off_the_activity_limit_but_not_the_function_timeout() {
        let limits = Limits::new(Some(Duration::from_secs(600)));
        tokio::time::advance(Duration::from_secs(200)).await;
        limits.activity.seen();
        tokio::time::advance(Duration::from_secs(239)).await;
        assert_eq!(limits.expired(), None);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(limits.expired(), Some(Expired::Silent));
        limits.activity.seen();
        tokio::time::advance(Duration::from_secs(162)).await;
        assert_eq!(limits.expired(), Some(Expired::FunctionTimeout));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unbounded_function_is_only_cut_when_silent() {
        let limits = Limits::new(None);
        assert_eq!(limits.passed().await, Expired::Silent);
    }
}
