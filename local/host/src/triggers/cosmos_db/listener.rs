//! The listener of one change feed.

use std::{collections::BTreeMap, sync::Arc};

use function_json::CosmosDbTrigger;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::{sync::Mutex, task::JoinSet};

use super::{
    lease::Lease,
    lease_store::{LeaseStore, Written},
    poll::{Feed, Owned, Polled},
};
use crate::triggers::{
    ConnectionError, Runner, Target,
    balancing::{Holding, to_take},
    listener::{Listener, StepReport},
    wire::{ChangesFrom, Container, CosmosDb, WireError},
};

/// Why a change feed cannot be listened to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeFeedError {
    /// A connection of the trigger.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// `startFromTime`.
    #[error("startFromTime: {0:?} is no moment; write it as 2026-01-02T03:04:05Z")]
    StartFromTime(String),
}

/// Reads the ranges of a container's change feed that fall to this instance, one batch at a time for each.
pub struct CosmosDbListener {
    setup: Setup,
    feed: Option<Arc<Feed>>,
    acquire_at: Option<Timestamp>,
    owned: BTreeMap<String, Owned>,
    polls: JoinSet<(String, Polled)>,
    /// Polls that ended and are looked at in the next step.
    ended: Vec<(String, Polled)>,
    /// Whether the last try failed, so that a failure that lasts is told once.
    failing: bool,
}

struct Setup {
    runner: Runner,
    target: Target,
    trigger: CosmosDbTrigger,
    owner: String,
    start: ChangesFrom,
    monitored: Container,
    leases: CosmosDb,
}

impl CosmosDbListener {
    /// A listener that has not looked yet. `owner` names this instance in its leases: no two that live may share it,
    /// and one that comes back under the same name goes on at once with what it held.
    pub fn new(
        runner: Runner,
        target: Target,
        trigger: CosmosDbTrigger,
        owner: String,
    ) -> Result<Self, ChangeFeedError> {
        let start = match (&trigger.start_from_time, trigger.start_from_beginning) {
            (Some(text), _) => ChangesFrom::Time(
                text.parse().map_err(|_| ChangeFeedError::StartFromTime(text.clone()))?,
            ),
            (None, true) => ChangesFrom::Beginning,
            (None, false) => ChangesFrom::Now,
        };
        let account = runner.connections.cosmos_db(&trigger.connection)?;
        let monitored = account.container(&trigger.database_name, &trigger.container_name);
        let leases = runner.connections.cosmos_db(&trigger.lease_connection)?;
        Ok(Self {
            setup: Setup { runner, target, trigger, owner, start, monitored, leases },
            feed: None,
            acquire_at: None,
            owned: BTreeMap::new(),
            polls: JoinSet::new(),
            ended: Vec::new(),
            failing: false,
        })
    }

    /// The ranges this instance reads.
    pub fn ranges(&self) -> Vec<String> {
        self.owned.keys().cloned().collect()
    }

    async fn take_step(&mut self, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        while let Some(ended) = self.polls.try_join_next() {
            self.ended.extend(ended);
        }
        for (range, polled) in std::mem::take(&mut self.ended) {
            self.after_poll(&range, polled, now).await;
        }
        if self.acquire_at.is_none_or(|acquire_at| acquire_at <= now) {
            let acquired = self.acquire(now).await;
            let again = match self.told(acquired) {
                true => self.setup.trigger.lease_acquire_interval,
                false => self.setup.trigger.feed_poll_delay,
            };
            self.acquire_at = Some(now + again);
        }
        self.renew(now).await;
        report.started = self.start_polls(now);
        self.plan(&mut report);
        report
    }

    /// Opens the lease container, makes sure that every range has a lease, and takes those that fall to this instance:
    /// the ones it held before, and its share of the others.
    async fn acquire(&mut self, now: Timestamp) -> Result<(), WireError> {
        let feed = self.opened().await?;
        let mut leases = Vec::new();
        for range in feed.monitored.ranges().await? {
            leases.push(feed.store.get_or_create(&range.id, None, now).await?);
        }
        let me = self.setup.owner.as_str();
        let expiration = self.setup.trigger.lease_expiration_interval;
        let holdings: Vec<Holding> = leases
            .iter()
            .map(|lease| Holding {
                range: lease.range().to_owned(),
                owner: lease
                    .holder(now, expiration)
                    .or(lease.owner().filter(|owner| *owner == me))
                    .map(str::to_owned),
            })
            .collect();
        let taken = to_take(&holdings, me);
        let mine =
            |lease: &Lease| lease.owner() == Some(me) && !self.owned.contains_key(lease.range());
        leases.retain(|lease| mine(lease) || taken.iter().any(|range| range == lease.range()));
        for lease in leases {
            self.take(&feed, &lease, now).await?;
        }
        Ok(())
    }

    async fn take(&mut self, feed: &Feed, lease: &Lease, now: Timestamp) -> Result<(), WireError> {
        let wanted = lease.held_by(Some(&self.setup.owner), now);
        let Written::Yes(lease) = feed.store.replace(lease, &wanted).await? else { return Ok(()) };
        let from = match lease.continuation() {
            Some(continuation) => ChangesFrom::Continuation(continuation.to_owned()),
            None => self.setup.start.clone(),
        };
        let range = lease.range().to_owned();
        let renew_at = now + self.setup.trigger.lease_renew_interval;
        let lease = Arc::new(Mutex::new(lease));
        self.owned.insert(range, Owned { lease, from, poll_at: None, renew_at, busy: false });
        Ok(())
    }

    async fn opened(&mut self) -> Result<Arc<Feed>, WireError> {
        if let Some(feed) = &self.feed {
            return Ok(Arc::clone(feed));
        }
        let feed = Arc::new(self.setup.open().await?);
        self.feed = Some(Arc::clone(&feed));
        Ok(feed)
    }

    /// Renews the leases that are due, without waiting for one that is being written by its poll.
    async fn renew(&mut self, now: Timestamp) {
        let Some(feed) = self.feed.clone() else { return };
        let mut lost = Vec::new();
        for (range, owned) in &mut self.owned {
            if owned.renew_at > now {
                continue;
            }
            let mut lease = owned.lease.lock().await;
            let renewed = lease.held_by(Some(&self.setup.owner), now);
            match feed.store.replace(&lease, &renewed).await {
                Ok(Written::Yes(written)) => *lease = written,
                Ok(Written::Lost) => lost.push(range.clone()),
                Err(error) => self.setup.runner.log.warn(&self.setup.runner.app, error),
            }
            owned.renew_at = now + self.setup.trigger.lease_renew_interval;
        }
        for range in lost {
            self.owned.remove(&range);
        }
    }

    fn start_polls(&mut self, now: Timestamp) -> usize {
        let Some(feed) = self.feed.clone().filter(|_| self.setup.runner.takes_work()) else {
            return 0;
        };
        let due = |owned: &Owned| !owned.busy && owned.poll_at.is_none_or(|poll_at| poll_at <= now);
        let mut started = 0;
        for (range, owned) in self.owned.iter_mut().filter(|(_, owned)| due(owned)) {
            owned.busy = true;
            started += 1;
            let (feed, range, lease, from) =
                (Arc::clone(&feed), range.clone(), Arc::clone(&owned.lease), owned.from.clone());
            self.polls.spawn(async move {
                let polled = feed.poll(&lease, &range, from).await;
                (range, polled)
            });
        }
        started
    }

    async fn after_poll(&mut self, range: &str, polled: Polled, now: Timestamp) {
        let later = now + self.setup.trigger.feed_poll_delay;
        let (from, poll_at) = match polled {
            Polled::Idle(from) => (Some(from), later),
            Polled::Page(from) => (Some(from), now),
            Polled::Lost => {
                self.owned.remove(range);
                return;
            }
            Polled::Stopped => (None, later),
            Polled::Split => {
                let split = self.split(range, now).await;
                self.told(split);
                (None, later)
            }
            Polled::Failed(error) => {
                self.told(Err(error));
                (None, later)
            }
        };
        if let Some(owned) = self.owned.get_mut(range) {
            owned.busy = false;
            owned.poll_at = Some(poll_at);
            owned.from = from.unwrap_or_else(|| owned.from.clone());
        }
    }

    /// Hands the place of a range that was split on to the ranges that came of it, and drops its lease.
    async fn split(&mut self, range: &str, now: Timestamp) -> Result<(), WireError> {
        let feed = self.opened().await?;
        let Some(owned) = self.owned.get(range) else { return Ok(()) };
        let lease = owned.lease.lock().await.clone();
        let ranges = feed.monitored.ranges().await?;
        for child in
            ranges.iter().filter(|child| child.parents.iter().any(|parent| parent == range))
        {
            feed.store.get_or_create(&child.id, lease.continuation(), now).await?;
        }
        feed.store.delete(&lease).await?;
        self.owned.remove(range);
        self.acquire_at = None;
        Ok(())
    }

    fn plan(&self, report: &mut StepReport) {
        if let Some(acquire_at) = self.acquire_at {
            report.no_later_than(acquire_at);
        }
        for owned in self.owned.values() {
            report.no_later_than(owned.renew_at);
            if let Some(poll_at) =
                owned.poll_at.filter(|_| !owned.busy && self.setup.runner.takes_work())
            {
                report.no_later_than(poll_at);
            }
        }
    }

    /// Logs the first of a row of failures. True when there was none.
    fn told(&mut self, done: Result<(), WireError>) -> bool {
        let Err(error) = done else {
            self.failing = false;
            return true;
        };
        if !self.failing && !self.setup.runner.is_stopping() {
            let (app, function) = (&self.setup.runner.app, &self.setup.target.name);
            self.setup
                .runner
                .log
                .warn(app, format!("the change feed of {function} waits: {error}; trying again"));
        }
        self.failing = true;
        false
    }
}

impl Setup {
    /// Looks at the lease container, and creates it when it is missing and the trigger says so.
    async fn open(&self) -> Result<Feed, WireError> {
        let (database, container) =
            (&self.trigger.lease_database_name, &self.trigger.lease_container_name);
        let leases = self.leases.container(database, container);
        let partition_key = match leases.partition_key_path().await {
            Err(error)
                if error.has_status(404) && self.trigger.create_lease_container_if_not_exists =>
            {
                self.leases.create_container(database, container, "/id").await?;
                leases.partition_key_path().await?
            }
            Err(error) if error.has_status(404) => {
                let remedy = format!(
                    "lease container {database}/{container} does not exist; create it with partition key /id, or set \
                     createLeaseContainerIfNotExists"
                );
                return Err(WireError::unreadable("opening the leases", remedy));
            }
            found => found?,
        };
        // Two functions with the same prefix on one lease container share the feed instead of seeing all of it.
        let prefix = format!(
            "{}{}..",
            self.trigger.lease_container_prefix,
            self.monitored.name().replace('/', "_")
        );
        Ok(Feed {
            runner: self.runner.clone(),
            target: self.target.clone(),
            trigger: self.trigger.clone(),
            monitored: self.monitored.clone(),
            store: LeaseStore::new(leases, partition_key, prefix),
        })
    }
}

impl Listener for CosmosDbListener {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        Box::pin(self.take_step(now))
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            match self.polls.join_next().await {
                Some(ended) => self.ended.extend(ended),
                None => std::future::pending().await,
            }
        })
    }

    fn rewound(&mut self) {
        self.acquire_at = None;
        for owned in self.owned.values_mut() {
            owned.poll_at = None;
            owned.renew_at = Timestamp::MIN;
        }
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            while let Some(ended) = self.polls.join_next().await {
                self.ended.extend(ended);
            }
        })
    }

    fn release(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let Some(feed) = self.feed.clone() else { return };
            for owned in std::mem::take(&mut self.owned).into_values() {
                let lease = owned.lease.lock().await;
                let free = lease.held_by(None, self.setup.runner.faults.now());
                // Without the service the lease expires by itself.
                let _ = feed.store.replace(&lease, &free).await;
            }
        })
    }
}
