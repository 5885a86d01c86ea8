//! The listener of one event hub.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use function_json::EventHubTrigger;
use futures::future::BoxFuture;
use jiff::Timestamp;
use local_data::Position;
use tokio::task::JoinSet;

use super::{
    delivery::{Batch, Ended, Feed},
    ownership::{Ownership, OwnershipStore},
    reading::{self, Read},
};
use crate::triggers::{
    ConnectionError, Runner, Target,
    balancing::{Holding, to_take},
    listener::{Listener, StepReport},
    wire::WireError,
};

/// The connection in which it is kept who reads what.
const HOST_STORAGE: &str = "AzureWebJobsStorage";
/// The wait after a service has failed.
const FAILURE_DELAY: Duration = Duration::from_secs(1);

/// Reads the partitions of a hub that fall to this instance, each in its order and one batch at a time.
pub struct EventHubListener {
    feed: Arc<Feed>,
    /// When partitions are shared out next; `None` = at once.
    balance_at: Option<Timestamp>,
    owned: BTreeMap<String, Owned>,
    reads: JoinSet<(String, Term, Read)>,
    deliveries: JoinSet<(String, Term, Ended)>,
    /// What ended and is looked at in the next step.
    ended: Vec<Outcome>,
    /// Whether the last try failed, so that a failure that lasts is told once.
    failing: bool,
}

/// From taking a partition to losing it; false once it is lost. What was begun in an earlier term no longer counts.
type Term = Arc<AtomicBool>;

/// A partition in this instance's hands.
struct Owned {
    ownership: Ownership,
    from: Position,
    invocations: u32,
    term: Term,
    is_busy: bool,
    /// After a failure: not before this.
    read_at: Option<Timestamp>,
}

enum Outcome {
    Read(String, Term, Read),
    Delivered(String, Term, Ended),
}

impl Outcome {
    fn of_read((partition, term, read): (String, Term, Read)) -> Self {
        Self::Read(partition, term, read)
    }

    fn of_delivery((partition, term, ended): (String, Term, Ended)) -> Self {
        Self::Delivered(partition, term, ended)
    }
}

impl EventHubListener {
    /// A listener that has not looked yet. `owner` names this instance: no two that live may share it, and one that comes
    /// back under the same name goes on at once with what it held.
    pub fn new(
        runner: Runner,
        target: Target,
        trigger: EventHubTrigger,
        owner: &str,
    ) -> Result<Self, ConnectionError> {
        let hub = runner.connections.event_hub(&trigger.connection, &trigger.event_hub_name)?;
        let blobs = runner.connections.blobs(HOST_STORAGE)?;
        let store = OwnershipStore::new(blobs, &hub, &trigger.consumer_group, owner);
        Ok(Self {
            feed: Arc::new(Feed { runner, target, trigger, hub, store }),
            balance_at: None,
            owned: BTreeMap::new(),
            reads: JoinSet::new(),
            deliveries: JoinSet::new(),
            ended: Vec::new(),
            failing: false,
        })
    }

    /// The partitions this instance reads.
    pub fn partitions(&self) -> Vec<String> {
        self.owned.keys().cloned().collect()
    }

    async fn take_step(&mut self, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        self.collect();
        for outcome in std::mem::take(&mut self.ended) {
            match outcome {
                Outcome::Read(partition, term, read) => {
                    report.started += self.after_read(partition, &term, read, now);
                }
                Outcome::Delivered(partition, term, ended) => {
                    self.after_delivery(&partition, &term, ended);
                }
            }
        }
        if self.balance_at.is_none_or(|balance_at| balance_at <= now) {
            let balanced = self.balance(now).await;
            let again = match self.told(balanced) {
                true => self.feed.runner.event_hubs.load_balancing_interval,
                false => FAILURE_DELAY,
            };
            self.balance_at = Some(now + again);
        }
        self.start_reads(now);
        self.plan(&mut report);
        report
    }

    fn collect(&mut self) {
        while let Some(read) = self.reads.try_join_next() {
            self.ended.extend(read.map(Outcome::of_read));
        }
        while let Some(ended) = self.deliveries.try_join_next() {
            self.ended.extend(ended.map(Outcome::of_delivery));
        }
    }

    /// Says of what it holds that it is still there, and takes its share of the rest.
    async fn balance(&mut self, now: Timestamp) -> Result<(), WireError> {
        let feed = Arc::clone(&self.feed);
        let expiration = feed.runner.event_hubs.ownership_expiration;
        let me = feed.store.owner();
        let mut seen = BTreeMap::new();
        let mut holdings = Vec::new();
        let mut wanted = Vec::new();
        for partition in feed.hub.partitions().await? {
            self.keep(&partition).await?;
            let ownership = feed.store.look(&partition).await?;
            let is_held = self.owned.contains_key(&partition);
            let is_mine = ownership.owner == me;
            if is_mine && !is_held {
                wanted.push(partition.clone());
            }
            let holder = if is_mine { Some(me) } else { ownership.holder(now, expiration) };
            holdings.push(Holding { range: partition.clone(), owner: holder.map(str::to_owned) });
            seen.insert(partition, ownership);
        }
        wanted.extend(to_take(&holdings, me));
        for partition in wanted {
            let ownership = seen.remove(&partition).unwrap_or_default();
            self.take(partition, &ownership).await?;
        }
        Ok(())
    }

    /// A partition that somebody else has taken is let go at once.
    async fn keep(&mut self, partition: &str) -> Result<(), WireError> {
        let Some(owned) = self.owned.get_mut(partition) else { return Ok(()) };
        match self.feed.store.claim(partition, &owned.ownership).await? {
            Some(ownership) => owned.ownership = ownership,
            None => {
                owned.term.store(false, Ordering::Relaxed);
                self.owned.remove(partition);
            }
        }
        Ok(())
    }

    async fn take(&mut self, partition: String, seen: &Ownership) -> Result<(), WireError> {
        let Some(ownership) = self.feed.store.claim(&partition, seen).await? else { return Ok(()) };
        let checkpoint = self.feed.store.checkpoint(&partition).await?;
        let owned = Owned {
            ownership,
            from: checkpoint.unwrap_or(self.feed.runner.event_hubs.initial),
            invocations: 0,
            term: Arc::new(AtomicBool::new(true)),
            is_busy: false,
            read_at: None,
        };
        self.owned.insert(partition, owned);
        Ok(())
    }

    fn start_reads(&mut self, now: Timestamp) {
        if !self.feed.runner.takes_work() {
            return;
        }
        let is_due =
            |owned: &Owned| !owned.is_busy && owned.read_at.is_none_or(|read_at| read_at <= now);
        for (partition, owned) in self.owned.iter_mut().filter(|(_, owned)| is_due(owned)) {
            owned.is_busy = true;
            let (feed, partition, from) = (Arc::clone(&self.feed), partition.clone(), owned.from);
            let term = Arc::clone(&owned.term);
            self.reads.spawn(async move {
                let read = reading::read(&feed, &partition, from).await;
                (partition, term, read)
            });
        }
    }

    /// Starts the delivery of what was read; returns how many.
    fn after_read(&mut self, partition: String, term: &Term, read: Read, now: Timestamp) -> usize {
        let Some(owned) = owned_in(&mut self.owned, &partition, term) else { return 0 };
        owned.is_busy = false;
        owned.read_at = None;
        match read {
            Read::Events(events) => {
                let next = events.last().map(|event| Position::Sequence(event.sequence_number + 1));
                owned.from = next.unwrap_or(owned.from);
                owned.is_busy = true;
                let batch = Batch {
                    partition: partition.clone(),
                    events,
                    invocations: owned.invocations,
                    is_ours: Arc::clone(term),
                };
                let (feed, term) = (Arc::clone(&self.feed), Arc::clone(term));
                self.deliveries.spawn(async move { (partition, term, feed.deliver(batch).await) });
                return 1;
            }
            Read::Nothing(next) => owned.from = Position::Sequence(next),
            Read::Interrupted => {}
            Read::Failed(error) => {
                owned.read_at = Some(now + FAILURE_DELAY);
                self.told(Err(error));
            }
        }
        0
    }

    fn after_delivery(&mut self, partition: &str, term: &Term, ended: Ended) {
        let owned = owned_in(&mut self.owned, partition, term);
        // Whoever takes a partition that was left begins at the checkpoint.
        if let (Some(owned), Ended::Done(invocations)) = (owned, ended) {
            owned.invocations = invocations;
            owned.is_busy = false;
        }
    }

    fn plan(&self, report: &mut StepReport) {
        if let Some(balance_at) = self.balance_at {
            report.no_later_than(balance_at);
        }
        self.owned
            .values()
            .filter_map(|owned| owned.read_at)
            .for_each(|at| report.no_later_than(at));
    }

    /// Logs the first of a row of failures. True when there was none.
    fn told(&mut self, done: Result<(), WireError>) -> bool {
        let Err(error) = done else {
            self.failing = false;
            return true;
        };
        let runner = &self.feed.runner;
        if !self.failing && !runner.is_stopping() {
            let function = &self.feed.target.name;
            runner.log.warn(
                &runner.app,
                format!("the event hub of {function} waits: {error}; trying again"),
            );
        }
        self.failing = true;
        false
    }
}

fn owned_in<'a>(
    owned: &'a mut BTreeMap<String, Owned>,
    partition: &str,
    term: &Term,
) -> Option<&'a mut Owned> {
    owned.get_mut(partition).filter(|owned| Arc::ptr_eq(&owned.term, term))
}

impl Listener for EventHubListener {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        Box::pin(self.take_step(now))
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            tokio::select! {
                Some(read) = self.reads.join_next() => {
                    self.ended.extend(read.map(Outcome::of_read));
                }
                Some(ended) = self.deliveries.join_next() => {
                    self.ended.extend(ended.map(Outcome::of_delivery));
                }
                else => std::future::pending().await,
            }
        })
    }

    fn rewound(&mut self) {
        self.balance_at = None;
        for owned in self.owned.values_mut() {
            owned.read_at = None;
        }
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            while let Some(ended) = self.deliveries.join_next().await {
                self.ended.extend(ended.map(Outcome::of_delivery));
            }
        })
    }

    fn release(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.reads.abort_all();
            for (partition, owned) in std::mem::take(&mut self.owned) {
                owned.term.store(false, Ordering::Relaxed);
                // Without the service the partition becomes free by itself.
                let _ = self.feed.store.give_back(&partition, &owned.ownership).await;
            }
        })
    }
}
