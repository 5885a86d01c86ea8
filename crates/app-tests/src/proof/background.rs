//! What goes on while processes die: clients that write, watchers that look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Work that goes on until it has all been done, or it is told to stop.
#[derive(Debug)]
pub struct Background<T> {
    stop: watch::Sender<bool>,
    is_done: Arc<AtomicBool>,
    task: JoinHandle<T>,
}

/// Whether work is to stop.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Whether it is to come to an end.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

impl<T: Send + 'static> Background<T> {
    /// Begins.
    #[must_use]
    pub fn start<Work>(work: impl FnOnce(Stopping) -> Work) -> Self
    where
        Work: Future<Output = T> + Send + 'static,
    {
        let (stop, stopping) = watch::channel(false);
        let (is_done, work) = (Arc::new(AtomicBool::new(false)), work(Stopping(stopping)));
        let done = Arc::clone(&is_done);
        let task = tokio::spawn(async move {
            let result = work.await;
            done.store(true, Ordering::Release);
            result
        });
        Self { stop, is_done, task }
    }

    /// False once it has panicked.
    #[must_use]
    pub fn is_well(&self) -> bool {
        !self.task.is_finished() || self.is_done()
    }

    /// Whether all has been done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }

    /// Lets it finish what it is at.
    pub async fn finish(self) -> T {
        // Nobody hears it who has panicked, which the next line tells.
        let _ = self.stop.send(true);
        self.task.await.unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eventually;

    #[tokio::test]
    async fn work_goes_on_until_it_is_told_to_stop_and_a_panic_is_seen() {
        let looks = Background::start(async |stopping: Stopping| {
            let mut looks = 0;
            while !stopping.is_asked() {
                looks += 1;
                tokio::task::yield_now().await;
            }
            looks
        });
        let panics = Background::start(async |_| assert_eq!(1, 2, "on purpose"));
        eventually("the panic", async || (!panics.is_well()).then_some(())).await;
        let ends = Background::start(async |_| 7);
        eventually("the end", async || ends.is_done().then_some(())).await;
        assert!(looks.is_well() && ends.is_well() && !panics.is_done());
        assert!(looks.finish().await > 0);
        assert_eq!(ends.finish().await, 7);
    }
}
