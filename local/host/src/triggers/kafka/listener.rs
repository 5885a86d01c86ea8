//! The listener of one topic.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use function_json::KafkaTrigger;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::delivery::Feed;
use crate::{
    Lifecycle,
    envelope::kafka::Record,
    triggers::{
        Runner, Target,
        listener::{Listener, StepReport},
        wire::{Cluster, KafkaError},
    },
};

/// The wait after a broker has failed.
const FAILURE_DELAY: Duration = Duration::from_secs(1);
/// How long a broker waits for a first record: `subscriberIntervalInSeconds` of the extension.
const READ_WAIT: Duration = Duration::from_secs(1);
/// After how long partitions are looked for again: `metadataMaxAgeMs` of the extension.
const MAX_AGE: Duration = Duration::from_secs(180);

/// Reads all partitions of a topic, one batch at a time, and commits for the group what was delivered.
pub struct KafkaListener {
    feed: Arc<Feed>,
    /// What was opened last, between two rounds.
    cluster: Option<Opened>,
    round: JoinSet<Round>,
    ended: Option<Round>,
    /// After a failure: not before this.
    again_at: Option<Timestamp>,
    /// Whether the last round failed, so that a failure that lasts is told once.
    failing: bool,
}

struct Opened {
    cluster: Cluster,
    at: Instant,
}

/// How a round of reading, delivering and committing ended.
enum Round {
    Went(Opened),
    /// The host drains or stops; what was not committed comes again.
    Left,
    Failed(KafkaError),
}

impl KafkaListener {
    /// A listener that has not looked yet.
    pub fn new(runner: Runner, target: Target, trigger: KafkaTrigger) -> Self {
        let feed = Arc::new(Feed { runner, target, trigger });
        Self {
            feed,
            cluster: None,
            round: JoinSet::new(),
            ended: None,
            again_at: None,
            failing: false,
        }
    }

    fn take_step(&mut self, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        if let Some(Ok(round)) = self.round.try_join_next() {
            self.ended = Some(round);
        }
        match self.ended.take() {
            Some(Round::Went(opened)) => {
                self.failing = false;
                self.cluster = Some(opened).filter(|opened| opened.at.elapsed() < MAX_AGE);
            }
            Some(Round::Failed(error)) => {
                self.again_at = Some(now + FAILURE_DELAY);
                self.tell(&error);
            }
            Some(Round::Left) | None => {}
        }
        if let Some(again_at) = self.again_at.filter(|again_at| *again_at > now) {
            report.no_later_than(again_at);
        } else if self.round.is_empty() && self.feed.runner.takes_work() {
            self.again_at = None;
            let (feed, opened) = (Arc::clone(&self.feed), self.cluster.take());
            self.round.spawn(async move { round(&feed, opened).await });
        }
        report
    }

    fn tell(&mut self, error: &KafkaError) {
        let runner = &self.feed.runner;
        if !self.failing && !runner.is_stopping() {
            let function = &self.feed.target.name;
            runner
                .log
                .warn(&runner.app, format!("the topic of {function} waits: {error}; trying again"));
        }
        self.failing = true;
    }
}

async fn round(feed: &Feed, opened: Option<Opened>) -> Round {
    let mut state = feed.runner.state.clone();
    let read = tokio::select! {
        // An error means that the host is gone.
        _ = state.wait_for(|state| *state != Lifecycle::Running) => return Round::Left,
        read = read(feed, opened) => read,
    };
    match read {
        Ok((opened, records)) => {
            let delivered = deliver(feed, opened, &records).await;
            delivered.unwrap_or_else(Round::Failed)
        }
        Err(error) => Round::Failed(error),
    }
}

async fn read(feed: &Feed, opened: Option<Opened>) -> Result<(Opened, Vec<Record>), KafkaError> {
    let KafkaTrigger { broker_list, topic, consumer_group, .. } = &feed.trigger;
    let options = &feed.runner.kafka;
    let mut opened = match opened {
        Some(opened) => opened,
        None => {
            let cluster =
                Cluster::open(broker_list, topic, consumer_group, options.initial).await?;
            Opened { cluster, at: Instant::now() }
        }
    };
    let records = opened.cluster.read(options.max_batch_size, READ_WAIT).await?;
    Ok((opened, records))
}

/// What cannot be committed comes again: the next round begins where the group is.
async fn deliver(feed: &Feed, mut opened: Opened, records: &[Record]) -> Result<Round, KafkaError> {
    for portion in feed.portions(records) {
        if !feed.deliver(portion).await {
            return Ok(Round::Left);
        }
        opened.cluster.commit(portion).await?;
    }
    Ok(Round::Went(opened))
}

impl Listener for KafkaListener {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        let report = self.take_step(now);
        Box::pin(async move { report })
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            match self.round.join_next().await {
                Some(round) => self.ended = round.ok(),
                None => std::future::pending().await,
            }
        })
    }

    fn rewound(&mut self) {
        self.again_at = None;
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            while let Some(round) = self.round.join_next().await {
                self.ended = round.ok();
            }
        })
    }
}
