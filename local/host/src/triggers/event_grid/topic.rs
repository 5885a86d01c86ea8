//! A small Event Grid: takes events from a source and delivers each to every subscription that wants it, again and
//! again by the published schedule, until it is acknowledged, given up, or too old.
//!
//! An event leaves its source, which keeps it over a restart, only when it is settled for every subscription. Attempts are counted in memory: after a
//! restart they begin anew.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use super::{
    EventSchema, Source, Subscription,
    cloud_event::cloud_event,
    dead_letter::{DeadLetter, Reason},
    delivery_schedule::{DEAD_LETTER_DELAY, Judgement, RESPONSE_DEADLINE, judge, wait_after},
    source::{Arrived, ArrivedId},
};
use crate::{
    Lifecycle, Log,
    triggers::{
        ConnectionError, Connections, Faults,
        listener::{Listener, StepReport},
        wire::{BlobService, WireError},
    },
};

/// Deliveries under way at once.
const MAX_IN_FLIGHT: usize = 64;
/// Deliveries that wait for their next attempt; further events stay at their source.
const MAX_WAITING: usize = 10_000;
/// How soon a dead letter that could not be written is tried again.
const DEAD_LETTER_RETRY: Duration = Duration::from_secs(10);

/// One delivery: what is posted to a webhook.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The function it is for.
    pub function: String,
    /// `aeg-…` and the content type.
    pub headers: HeaderMap,
    /// The events.
    pub body: Vec<u8>,
}

/// The webhook of a subscription's app.
pub trait Endpoint: Send + Sync + 'static {
    /// Posts a delivery and returns the status of the answer.
    fn post(&self, delivery: Delivery) -> BoxFuture<'_, u16>;

    /// The blob service in which the app's dead letters are kept.
    fn dead_letters(&self) -> Option<&BlobStore>;
}

/// A blob service that dead letters are written to.
#[derive(Clone, Debug)]
pub struct BlobStore(BlobService);

impl BlobStore {
    /// The blob service of a connection.
    pub fn open(connections: &Connections, connection: &str) -> Result<Self, ConnectionError> {
        Ok(Self(connections.blobs(connection)?))
    }
}

/// A subscription and where its events are posted.
#[derive(Clone)]
pub struct Subscriber {
    /// What it wants.
    pub subscription: Subscription,
    /// Its app.
    pub endpoint: Arc<dyn Endpoint>,
}

/// Delivers a source's events to its subscribers.
pub struct EventGridTopic {
    source: Source,
    subscribers: Vec<Subscriber>,
    log: Log,
    faults: Arc<Faults>,
    state: watch::Receiver<Lifecycle>,
    arrived: Option<Arrived>,
    waiting: Vec<Pending>,
    running: JoinSet<(Pending, Outcome)>,
    ended: Vec<(Pending, Outcome)>,
    /// Subscriptions for which an event is not settled yet.
    unsettled: HashMap<ArrivedId, usize>,
}

/// An event on its way to one subscriber.
struct Pending {
    event: Arrived,
    subscriber: usize,
    attempts: u32,
    published: Timestamp,
    due: Timestamp,
    task: Task,
}

enum Task {
    Deliver,
    Bury(Box<DeadLetter>),
}

enum Outcome {
    /// An answer, or none in time.
    Answered(Option<u16>),
    Buried(Result<(), WireError>),
}

impl EventGridTopic {
    /// A topic that has delivered nothing yet.
    pub fn new(
        source: Source,
        subscribers: Vec<Subscriber>,
        log: Log,
        faults: Arc<Faults>,
        state: watch::Receiver<Lifecycle>,
    ) -> Self {
        Self {
            source,
            subscribers,
            log,
            faults,
            state,
            arrived: None,
            waiting: Vec::new(),
            running: JoinSet::new(),
            ended: Vec::new(),
            unsettled: HashMap::new(),
        }
    }

    /// Deliveries that wait for their next attempt or are under way.
    pub fn unsettled(&self) -> usize {
        self.waiting.len() + self.running.len() + self.ended.len()
    }

    fn take_step(&mut self, now: Timestamp) -> StepReport {
        if let Some(event) = self.arrived.take() {
            self.publish(event, now);
        }
        while let Some(ended) = self.running.try_join_next() {
            self.ended.extend(ended);
        }
        for (pending, outcome) in std::mem::take(&mut self.ended) {
            self.after(pending, outcome, now);
        }
        let mut report = StepReport::default();
        if *self.state.borrow() != Lifecycle::Running {
            return report;
        }
        let mut index = 0;
        while index < self.waiting.len() && self.running.len() < MAX_IN_FLIGHT {
            if self.waiting[index].due <= now {
                let pending = self.waiting.remove(index);
                self.start(pending);
                report.started += 1;
            } else {
                index += 1;
            }
        }
        if let Some(due) = self.waiting.iter().map(|pending| pending.due).min() {
            report.no_later_than(due);
        }
        report
    }

    /// Queues an event for everyone who wants it.
    fn publish(&mut self, event: Arrived, now: Timestamp) {
        let wanting: Vec<usize> = (0..self.subscribers.len())
            .filter(|index| {
                self.subscribers[*index].subscription.wants(&event.origin, &event.event)
            })
            .collect();
        if wanting.is_empty() {
            self.source.acknowledge(event.id);
            return;
        }
        self.unsettled.insert(event.id, wanting.len());
        let due = now + self.faults.message_delay();
        for subscriber in wanting {
            let event = event.clone();
            self.waiting.push(Pending {
                event,
                subscriber,
                attempts: 0,
                published: now,
                due,
                task: Task::Deliver,
            });
        }
    }

    fn start(&mut self, mut pending: Pending) {
        let subscriber = self.subscribers[pending.subscriber].clone();
        if matches!(pending.task, Task::Deliver) {
            pending.attempts += 1;
        }
        self.running.spawn(async move {
            let outcome = match &pending.task {
                Task::Deliver => Outcome::Answered(subscriber.deliver(&pending).await),
                Task::Bury(letter) => Outcome::Buried(subscriber.bury(letter).await),
            };
            (pending, outcome)
        });
    }

    fn after(&mut self, pending: Pending, outcome: Outcome, now: Timestamp) {
        match outcome {
            Outcome::Answered(status) => self.after_delivery(pending, status, now),
            Outcome::Buried(Ok(())) => self.settle_event(pending.event.id),
            Outcome::Buried(Err(error)) => {
                self.log.warn(SOURCE, format!("{error}; the dead letter is written again later"));
                self.waiting.push(Pending { due: now + DEAD_LETTER_RETRY, ..pending });
            }
        }
    }

    fn after_delivery(&mut self, pending: Pending, status: Option<u16>, now: Timestamp) {
        let reason = match judge(status) {
            Judgement::Delivered if self.faults.take_duplicate() => {
                self.waiting.push(Pending { due: now, ..pending });
                return;
            }
            Judgement::Delivered => {
                self.settle_event(pending.event.id);
                return;
            }
            Judgement::Hopeless => Reason::Undeliverable(status.unwrap_or_default()),
            Judgement::TryAgain => {
                let subscription = &self.subscribers[pending.subscriber].subscription;
                let due = now + wait_after(pending.attempts);
                let expires = pending.published
                    + Duration::from_secs(60 * u64::from(subscription.time_to_live_minutes));
                if pending.attempts >= subscription.max_delivery_attempts {
                    Reason::MaxDeliveryAttemptsExceeded
                } else if due > expires {
                    Reason::TimeToLiveExceeded
                } else {
                    self.waiting.push(Pending { due, ..pending });
                    return;
                }
            }
        };
        self.give_up(pending, reason, status, now);
    }

    /// Plans the dead letter, or drops the event where nobody asked for one.
    fn give_up(&mut self, pending: Pending, reason: Reason, status: Option<u16>, now: Timestamp) {
        let subscription = &self.subscribers[pending.subscriber].subscription;
        let id = pending.event.event["id"].as_str().unwrap_or_default();
        let (function, attempts) = (&subscription.function, pending.attempts);
        let fate = if subscription.dead_letter.is_some() {
            "goes to the dead letters"
        } else {
            "is dropped"
        };
        self.log.warn(
            SOURCE,
            format!("event {id} for {function} {fate} after {attempts} attempts: {reason:?}"),
        );
        if subscription.dead_letter.is_none() {
            self.settle_event(pending.event.id);
            return;
        }
        let letter = DeadLetter {
            topic: pending.event.origin.topic().to_owned(),
            event: pending.event.event.clone(),
            function: function.clone(),
            reason,
            attempts,
            last_status: status,
            published: pending.published,
            last_attempt: now,
        };
        self.waiting.push(Pending {
            due: now + DEAD_LETTER_DELAY,
            task: Task::Bury(Box::new(letter)),
            ..pending
        });
    }

    fn settle_event(&mut self, id: ArrivedId) {
        let Some(left) = self.unsettled.get_mut(&id) else { return };
        *left -= 1;
        if *left == 0 {
            self.unsettled.remove(&id);
            self.source.acknowledge(id);
        }
    }
}

/// The source of this module's lines in the log.
const SOURCE: &str = "event grid";

impl Subscriber {
    async fn deliver(&self, pending: &Pending) -> Option<u16> {
        let event = &pending.event.event;
        let (body, content_type) = match self.subscription.schema {
            EventSchema::EventGridSchema => (json!([event]), "application/json; charset=utf-8"),
            EventSchema::CloudEvents => {
                (cloud_event(event), "application/cloudevents+json; charset=utf-8")
            }
        };
        let mut headers = HeaderMap::new();
        let values = [
            ("aeg-event-type", "Notification".to_owned()),
            ("aeg-subscription-name", self.subscription.function.to_uppercase()),
            ("aeg-delivery-count", (pending.attempts - 1).to_string()),
            ("content-type", content_type.to_owned()),
        ];
        for (name, value) in values {
            headers.extend(value.parse().map(|value| (http::HeaderName::from_static(name), value)));
        }
        let delivery = Delivery {
            function: self.subscription.function.clone(),
            headers,
            body: body.to_string().into_bytes(),
        };
        let endpoint = Arc::clone(&self.endpoint);
        // The function goes on when nobody waits for its answer any more, as in Azure.
        let post = tokio::spawn(async move { endpoint.post(delivery).await });
        tokio::time::timeout(RESPONSE_DEADLINE, post).await.ok()?.ok()
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), WireError> {
        let (Some(place), Some(store)) =
            (&self.subscription.dead_letter, self.endpoint.dead_letters())
        else {
            return Ok(());
        };
        let content = letter.content().to_string().into();
        store.0.write(&place.container, &letter.blob_name(Uuid::new_v4()), &content).await
    }
}

impl Listener for EventGridTopic {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        Box::pin(std::future::ready(self.take_step(now)))
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let has_room = self.arrived.is_none() && self.waiting.len() < MAX_WAITING;
            tokio::select! {
                Some(ended) = self.running.join_next() => self.ended.extend(ended),
                event = self.source.next(), if has_room => self.arrived = Some(event),
                else => std::future::pending().await,
            }
        })
    }

    fn rewound(&mut self) {
        self.waiting.iter_mut().for_each(|pending| pending.due = Timestamp::MIN);
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            while let Some(ended) = self.running.join_next().await {
                self.ended.extend(ended);
            }
        })
    }
}
