//! Time to live: what is over goes, in the background and before anyone sees it.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::watch;

use super::{Cosmos, document_key::DocumentKey};
use crate::listen::stopped;

/// How long an item that is over may stay in storage unseen.
const EVERY: Duration = Duration::from_millis(500);
/// Items that one step removes at most before it looks at the clock again.
const AT_ONCE: usize = 1000;

impl Cosmos {
    /// Removes what is over at `now`, and returns how many items that were.
    pub(crate) async fn step(&self, now: Timestamp) -> usize {
        let mut removed = 0;
        loop {
            let due = self.deadlines.due(now.as_second(), AT_ONCE);
            if due.is_empty() {
                return removed;
            }
            let before = removed;
            for key in due {
                removed += usize::from(self.expire(&key, now.as_second()).await);
            }
            // What could not be removed now is tried again next time.
            if removed == before {
                return removed;
            }
        }
    }

    /// Removes a document if it is still over when its turn comes.
    pub(super) async fn expire(&self, key: &DocumentKey, now: i64) -> bool {
        let _unchanged = self.catalogue_turn.read().await;
        let _turn = self.turns.take(key.container(), key.partition_key()).await;
        if !self.deadlines.is_due(key, now) {
            return false;
        }
        let Some(container) = self.containers.numbered(key.container()) else {
            self.deadlines.set(key, None);
            return false;
        };
        self.remove_expired(&container, key).await;
        !self.deadlines.is_due(key, now)
    }
}

/// Steps until `stopping` turns true.
pub(crate) async fn run(cosmos: Arc<Cosmos>, mut stopping: watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            _ = tick.tick() => {}
        }
        cosmos.step(cosmos.clock.now()).await;
    }
}
