//! The cores of this machine: what computes takes one, and waits for it.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{JoinError, spawn_blocking};

/// As many jobs as cores are worked at, and as many pieces of them run. The host is told to send no more
/// (`batchSize` in app.json); if it does, the rest waits in the order in which it came, and the jobs before it are as fast
/// as ever.
pub(crate) struct Cores {
    count: usize,
    jobs: Semaphore,
    pieces: Arc<Semaphore>,
}

impl Cores {
    pub(crate) fn of_this_machine() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from))
    }

    fn new(count: usize) -> Self {
        Self { count, jobs: Semaphore::new(count), pieces: Arc::new(Semaphore::new(count)) }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Waits until there is room for another job. It has its place until this is dropped.
    pub(crate) async fn job(&self) -> SemaphorePermit<'_> {
        self.jobs.acquire().await.expect("nobody closes it")
    }

    /// Runs a short piece of work on a core, apart from the threads that answer. Two jobs on two cores take turns; one
    /// alone has both, so that no core is idle while the last job of a batch comes to its end.
    ///
    /// The core is taken until the piece ends, even if nobody waits for it any more.
    ///
    /// # Errors
    /// It panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        piece: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let permit = Arc::clone(&self.pieces).acquire_owned().await.expect("nobody closes it");
        let on_a_core = move || {
            let result = piece();
            drop(permit);
            result
        };
        spawn_blocking(on_a_core).await
    }
}

/// What this thread has computed since it began.
pub(crate) fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[tokio::test(flavor = "multi_thread")]
    async fn never_more_pieces_run_than_there_are_cores() {
        let cores = Cores::new(3);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let pieces = (0..200).map(|_| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            cores.run(move || {
                most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
                std::thread::yield_now();
                running.fetch_sub(1, SeqCst);
            })
        });
        assert!(join_all(pieces).await.iter().all(Result::is_ok));
        assert!((1..=3).contains(&most.load(SeqCst)));
    }

    #[tokio::test]
    async fn a_job_more_than_cores_waits() {
        let cores = Cores::new(2);
        let (first, _second) = (cores.job().await, cores.job().await);
        let mut third = Box::pin(cores.job());
        assert!(futures::poll!(&mut third).is_pending());
        drop(first);
        assert!(futures::poll!(&mut third).is_ready());
    }

    #[tokio::test]
    async fn a_core_whose_piece_panicked_is_free_again() {
        let cores = Cores::new(1);
        assert!(cores.run(|| panic!("on purpose")).await.is_err());
        assert_eq!(cores.run(|| 7).await.unwrap(), 7);
    }

    #[test]
    fn computing_takes_time() {
        let before = cpu_time();
        while cpu_time() == before {
            std::hint::black_box(before);
        }
        assert!(cpu_time() > before);
    }
}
