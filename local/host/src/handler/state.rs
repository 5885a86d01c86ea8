//! What state a handler instance is in, and the lease by which a request holds it awake.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use super::client::HandlerClient;

/// A process that answers.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) pid: u32,
    pub(crate) client: HandlerClient,
}

/// The state of one instance.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// No process; the next request starts one.
    Asleep,
    /// A process is being started, or started again.
    Starting { pid: Option<u32> },
    /// A process answers.
    Ready(Arc<Live>),
    /// The process left with code 0: as in Azure it is not replaced, and every call fails.
    Gone,
    /// The host of this instance has stopped; why and what can be done.
    Stopped { why: Arc<str> },
}

impl Condition {
    /// The process, where there is one.
    pub(crate) fn pid(&self) -> Option<u32> {
        match self {
            Self::Ready(live) => Some(live.pid),
            Self::Starting { pid } => *pid,
            Self::Asleep | Self::Gone | Self::Stopped { .. } => None,
        }
    }
}

/// What the supervisor and the requests share.
#[derive(Debug)]
pub(super) struct Shared {
    condition: watch::Sender<Condition>,
    in_flight: AtomicUsize,
    /// Milliseconds from `born` to the end of the latest request.
    last_used_ms: AtomicU64,
    born: Instant,
    /// Told by requests that found no process. A permit may be left over from one that has gone: see `is_wanted`.
    pub(super) wake: Notify,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            condition: watch::Sender::new(Condition::Asleep),
            in_flight: AtomicUsize::new(0),
            last_used_ms: AtomicU64::new(0),
            born: Instant::now(),
            wake: Notify::new(),
        }
    }

    pub(super) fn condition(&self) -> Condition {
        self.condition.borrow().clone()
    }

    pub(super) fn watch(&self) -> watch::Receiver<Condition> {
        self.condition.subscribe()
    }

    pub(super) fn set(&self, condition: Condition) {
        self.condition.send_replace(condition);
    }

    /// Falls asleep unless a request holds the instance. A request counts itself first and reads the state second;
    /// this writes the state first and reads the count second: one of the two always sees the other.
    pub(super) fn fall_asleep(&self, live: &Arc<Live>) -> bool {
        self.set(Condition::Asleep);
        if !self.is_wanted() {
            return true;
        }
        self.set(Condition::Ready(Arc::clone(live)));
        false
    }

    /// How long no request has been there; nothing while one is.
    pub(super) fn idle_for(&self) -> Option<Duration> {
        let now_ms = self.now_ms();
        let last_ms = self.last_used_ms.load(Ordering::SeqCst);
        (!self.is_wanted()).then(|| Duration::from_millis(now_ms.saturating_sub(last_ms)))
    }

    /// Whether a request holds the instance.
    pub(super) fn is_wanted(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) > 0
    }

    /// Counts as used now, as a process that has just become ready does.
    pub(super) fn touch(&self) {
        self.last_used_ms.store(self.now_ms(), Ordering::SeqCst);
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Holds an instance awake for the time of one request.
#[derive(Debug)]
pub(super) struct Hold(Arc<Shared>);

impl Hold {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        shared.in_flight.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(shared))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.touch();
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Arc<Live> {
        Arc::new(Live { pid: 1, client: HandlerClient::new(1) })
    }

    #[tokio::test(start_paused = true)]
    async fn an_instance_that_a_request_holds_does_not_fall_asleep() {
        let shared = Arc::new(Shared::new());
        let live = live();
        shared.set(Condition::Ready(Arc::clone(&live)));
        let hold = Hold::new(&shared);
        assert!(!shared.fall_asleep(&live));
        assert!(matches!(shared.condition(), Condition::Ready(_)));
        drop(hold);
        assert!(shared.fall_asleep(&live));
        assert!(matches!(shared.condition(), Condition::Asleep));
    }

    #[tokio::test(start_paused = true)]
    async fn idle_time_counts_from_the_end_of_the_last_request() {
        let shared = Arc::new(Shared::new());
        let hold = Hold::new(&shared);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(shared.idle_for(), None);
        drop(hold);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(shared.idle_for(), Some(Duration::from_secs(2)));
    }
}
