//! One poll of one range: read a page, call the function, move the checkpoint.

use std::sync::Arc;

use function_json::CosmosDbTrigger;
use tokio::sync::Mutex;

use super::{
    lease::Lease,
    lease_store::{LeaseStore, Written},
};
use crate::{
    envelope,
    triggers::{
        Delivered, Event, Runner, Target,
        wire::{ChangesFrom, Container, FeedPage, WireError},
    },
};

/// What a listener's polls share.
pub(super) struct Feed {
    pub(super) runner: Runner,
    pub(super) target: Target,
    pub(super) trigger: CosmosDbTrigger,
    pub(super) monitored: Container,
    pub(super) store: LeaseStore,
}

/// How a poll ended, and with it where the next one begins.
#[derive(Debug)]
pub(super) enum Polled {
    /// Nothing new; the next poll is after the poll delay.
    Idle(ChangesFrom),
    /// A page was dealt with; there may be more at once.
    Page(ChangesFrom),
    /// The lease is somebody else's by now.
    Lost,
    /// The range was split: its lease goes to the ranges that came of it.
    Split,
    /// The host stops; the checkpoint stays where it is.
    Stopped,
    /// The service failed; the same again after the poll delay.
    Failed(WireError),
}

impl Feed {
    /// Reads one page from `from` and delivers it. **The checkpoint moves when the function succeeded and also when it
    /// failed**: only a retry policy that is still at work, or a host that stops, holds it.
    pub(super) async fn poll(
        &self,
        lease: &Mutex<Lease>,
        range: &str,
        from: ChangesFrom,
    ) -> Polled {
        let page =
            match self.monitored.changes(range, &from, self.trigger.max_items_per_invocation).await
            {
                Ok(page) => page,
                Err(error) if error.has_status(410) => return Polled::Split,
                Err(error) => return Polled::Failed(error),
            };
        if page.documents.is_empty() {
            return Polled::Idle(ChangesFrom::Continuation(page.continuation));
        }
        let delay = self.runner.faults.message_delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        match self.deliver(range, &page).await {
            Delivered::Stopped => return Polled::Stopped,
            Delivered::Succeeded(_) if self.runner.faults.take_duplicate() => {
                return Polled::Page(from);
            }
            Delivered::Succeeded(_) => {}
            Delivered::Failed(reason) => self.tell_of_loss(range, page.documents.len(), &reason),
        }
        self.checkpoint(lease, page.continuation).await
    }

    async fn deliver(&self, range: &str, page: &FeedPage) -> Delivered {
        let event = Event {
            trigger: "cosmosDB",
            about: format!(
                "{} range {range}, {} documents",
                self.monitored.name(),
                page.documents.len()
            ),
            envelope: envelope::cosmos_db::documents(
                &self.target.json.trigger_name,
                &page.documents,
            ),
        };
        self.runner.deliver(&self.target, &event).await
    }

    /// A checkpoint that cannot be written is no reason to read the page again now; after a crash it would be.
    async fn checkpoint(&self, lease: &Mutex<Lease>, continuation: String) -> Polled {
        let mut lease = lease.lock().await;
        let read = lease.read_to(&continuation, self.runner.faults.now());
        match self.store.replace(&lease, &read).await {
            Ok(Written::Yes(written)) => *lease = written,
            Ok(Written::Lost) => return Polled::Lost,
            Err(error) => {
                self.runner.log.warn(&self.runner.app, format!("{error}; the page may come again"))
            }
        }
        Polled::Page(ChangesFrom::Continuation(continuation))
    }

    fn tell_of_loss(&self, range: &str, count: usize, reason: &str) {
        let (function, container) = (&self.target.name, self.monitored.name());
        self.runner.log.error(
            &self.runner.app,
            format!(
                "{function} failed on {count} changes of {container}, range {range} ({reason}); the checkpoint moves \
                 on, as in Azure, and they will not come again: give the function a retry policy with \
                 maxRetryCount -1, or a dead letter of its own"
            ),
        );
    }
}

/// A range in this instance's hands.
#[derive(Debug)]
pub(super) struct Owned {
    pub(super) lease: Arc<Mutex<Lease>>,
    pub(super) from: ChangesFrom,
    pub(super) poll_at: Option<jiff::Timestamp>,
    pub(super) renew_at: jiff::Timestamp,
    pub(super) busy: bool,
}
