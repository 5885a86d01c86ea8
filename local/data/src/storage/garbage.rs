//! Clearing away what a deleted or cleared thing left in the data directory, some at a time and behind everybody's
//! back: its records lie under a number that nothing has any more.

use std::sync::{Mutex, MutexGuard};

use tokio::sync::{Notify, watch};

use super::persistence::Persistence;
use crate::listen;

/// Records removed in one step: a few milliseconds.
const REMOVED_AT_ONCE: usize = 1_000;

/// Numbers whose records are garbage.
#[derive(Debug)]
pub(super) struct GarbageCollector {
    persistence: Persistence,
    /// What records begin with, before the number.
    kinds: &'static [&'static [u8]],
    numbers: Mutex<Vec<u64>>,
    arrived: Notify,
}

impl GarbageCollector {
    /// The garbage that was found at the start.
    pub(super) fn new(
        persistence: Persistence,
        kinds: &'static [&'static [u8]],
        numbers: Vec<u64>,
    ) -> Self {
        Self { persistence, kinds, numbers: Mutex::new(numbers), arrived: Notify::new() }
    }

    /// What lies under this number is garbage from now on.
    pub(super) fn add(&self, number: u64) {
        if self.persistence.is_durable() {
            self.lock().push(number);
            self.arrived.notify_one();
        }
    }

    /// Removes some of it; whether there is more.
    pub(super) fn step(&self) -> bool {
        let Some(number) = self.lock().last().copied() else { return false };
        for kind in self.kinds {
            match self
                .persistence
                .remove_some(&[*kind, &number.to_be_bytes()[..]].concat(), REMOVED_AT_ONCE)
            {
                Ok(0) => {}
                Ok(_) => return true,
                Err(error) => {
                    // It is found again at the next start.
                    tracing::warn!(%error, "clearing away what was deleted");
                    break;
                }
            }
        }
        let mut numbers = self.lock();
        numbers.retain(|other| *other != number);
        !numbers.is_empty()
    }

    /// Removes what arrives, until `stopping` turns true.
    pub(super) async fn run(&self, mut stopping: watch::Receiver<bool>) {
        loop {
            while !*stopping.borrow() && self.step() {
                // Requests come first.
                tokio::task::yield_now().await;
            }
            tokio::select! {
                () = self.arrived.notified() => {}
                () = listen::stopped(&mut stopping) => return,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u64>> {
        self.numbers.lock().expect("no code panics while it holds the garbage")
    }
}
