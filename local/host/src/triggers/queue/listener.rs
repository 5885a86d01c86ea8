//! The listener of one queue.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::{sync::Notify, task::JoinSet};

use super::{
    QueueOptions,
    lease::{LEASE, Lease},
};
use crate::{
    envelope::queue::Message,
    triggers::{
        Delivered, Runner,
        backoff::Backoff,
        listener::{Listener, StepReport},
        wire::{QueueService, ReceivedMessage, WireError},
    },
};

/// What becomes of a message: the function of a queue trigger, or the blob that an internal message points to.
pub trait Processor: Send + Sync + 'static {
    /// Processes one decoded message to its end.
    fn process(&self, message: Message) -> BoxFuture<'_, Delivered>;
}

/// A queue, and where its messages go when nobody can process them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The binding's connection.
    pub connection: String,
    /// The queue.
    pub queue: String,
    /// The poison queue. `None` = a failed message stays hidden until its lease ends.
    pub poison: Option<String>,
}

impl Source {
    /// The source of a queue trigger. A queue that is itself a poison queue has none of its own.
    pub fn of_trigger(connection: &str, queue: &str) -> Self {
        const SUFFIX: &str = "-poison";
        let poison = (!queue.ends_with(SUFFIX)).then(|| format!("{queue}{SUFFIX}"));
        Self { connection: connection.to_owned(), queue: queue.to_owned(), poison }
    }
}

/// Polls a queue and processes its messages in parallel.
pub struct QueueListener {
    task: Arc<Task>,
    service: QueueService,
    backoff: Backoff,
    poll_at: Option<Timestamp>,
    /// Messages that the delay fault holds back.
    held: VecDeque<(Timestamp, Arc<Lease>)>,
    leases: Vec<Arc<Lease>>,
    running: JoinSet<()>,
    written: Arc<Notify>,
    /// The last failure, so that one that lasts is told once.
    failing: bool,
}

/// What the processing of a message needs.
struct Task {
    runner: Runner,
    source: Source,
    options: QueueOptions,
    processor: Box<dyn Processor>,
}

impl QueueListener {
    /// A listener that has not polled yet. `options` are those of `host.json`, or of the blob trigger's own queue.
    pub fn new(
        runner: Runner,
        source: Source,
        options: QueueOptions,
        processor: Box<dyn Processor>,
    ) -> Result<Self, crate::triggers::ConnectionError> {
        let service = runner.connections.queues(&source.connection)?;
        let written = runner.watch.listen(&source.queue);
        let backoff =
            Backoff::new(QueueOptions::MIN_POLLING_INTERVAL, options.max_polling_interval);
        Ok(Self {
            task: Arc::new(Task { runner, source, options, processor }),
            service,
            backoff,
            poll_at: None,
            held: VecDeque::new(),
            leases: Vec::new(),
            running: JoinSet::new(),
            written,
            failing: false,
        })
    }

    /// Messages that are held or being processed.
    pub fn in_flight(&self) -> usize {
        self.leases.iter().filter(|lease| !lease.is_finished()).count()
    }

    async fn take_step(&mut self, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        while self.running.try_join_next().is_some() {}
        self.leases.retain(|lease| !lease.is_finished());
        while self.held.front().is_some_and(|(due, _)| *due <= now) {
            if let Some((_, lease)) = self.held.pop_front() {
                self.start(lease);
                report.started += 1;
            }
        }
        self.poll_when_due(now, &mut report).await;
        self.renew(now, &mut report).await;
        if let Some((due, _)) = self.held.front() {
            report.no_later_than(*due);
        }
        report
    }

    async fn poll_when_due(&mut self, now: Timestamp, report: &mut StepReport) {
        let busy = self.in_flight()
            > usize::try_from(self.task.options.new_batch_threshold).unwrap_or(usize::MAX);
        let runner = &self.task.runner;
        if !runner.takes_work() || busy {
            return;
        }
        // A host that has stopped takes nothing; the same loop finds it when it is started again.
        if runner.invoke.is_stopped(&runner.app) {
            report.no_later_than(now + self.task.options.max_polling_interval);
            return;
        }
        if self.poll_at.is_none_or(|poll_at| poll_at <= now) {
            let found = self.poll(now, report).await;
            let wait = if found { Duration::ZERO } else { self.backoff.next(rand::random()) };
            self.poll_at = Some(now + wait);
        }
        if let Some(poll_at) = self.poll_at {
            report.no_later_than(poll_at);
        }
    }

    /// Takes a batch; true when there was one.
    async fn poll(&mut self, now: Timestamp, report: &mut StepReport) -> bool {
        let queue = &self.task.source.queue;
        let received = match self.service.receive(queue, self.task.options.batch_size, LEASE).await
        {
            Ok(received) => received,
            Err(error) => {
                self.task.stop_if_fatal(&error);
                self.tell(&error);
                return false;
            }
        };
        self.failing = false;
        if received.is_empty() {
            return false;
        }
        self.backoff.reset();
        let delay = self.task.runner.faults.message_delay();
        for message in received {
            let lease = Lease::new(self.service.clone(), queue, message, now);
            self.leases.push(Arc::clone(&lease));
            if delay.is_zero() {
                Self::start_in(&mut self.running, &self.task, lease);
                report.started += 1;
            } else {
                self.held.push_back((now + delay, lease));
            }
        }
        true
    }

    fn start(&mut self, lease: Arc<Lease>) {
        Self::start_in(&mut self.running, &self.task, lease);
    }

    fn start_in(running: &mut JoinSet<()>, task: &Arc<Task>, lease: Arc<Lease>) {
        let task = Arc::clone(task);
        running.spawn(async move { task.process(&lease).await });
    }

    async fn renew(&mut self, now: Timestamp, report: &mut StepReport) {
        for lease in &self.leases {
            match lease.renew(now).await {
                Ok(next) => report.no_later_than(next),
                Err(error) => {
                    self.task.stop_if_fatal(&error);
                    self.task.runner.log.warn(&self.task.runner.app, error);
                }
            }
        }
    }

    /// A queue that is not there yet is no news; anything else is told once.
    fn tell(&mut self, error: &WireError) {
        if !error.has_code("QueueNotFound") && !self.failing && !self.task.runner.is_stopping() {
            self.failing = true;
            self.task.runner.log.warn(&self.task.runner.app, format!("{error}; trying again"));
        }
    }
}

impl Task {
    async fn process(&self, lease: &Lease) {
        if let Err(error) = self.finish(lease).await
            && !self.runner.is_stopping()
        {
            self.stop_if_fatal(&error);
            self.runner.log.warn(&self.runner.app, error);
        }
        // Whatever happened, nobody renews it any more.
        lease.abandon().await;
    }

    /// What the service refuses for good, such as an update without the permission to update, ends the real host: nothing
    /// catches it (WebJobs SDK `QueueListener.cs`, host `WebScriptHostExceptionHandler.cs`).
    fn stop_if_fatal(&self, error: &WireError) {
        if error.has_status(403) {
            let Self { runner, source, .. } = self;
            let why = format!(
                "queue {}: {error}: an unhandled exception has occurred, and the host is shutting down; the identity \
                 needs Storage Queue Data Contributor on the queue, since a failed message is updated",
                source.queue
            );
            runner.invoke.stop_host(&runner.app, &why);
        }
    }

    async fn finish(&self, lease: &Lease) -> Result<(), WireError> {
        let count = lease.message.dequeue_count;
        let decoded = self.runner.queues.message_encoding.decode(&lease.message.text);
        let Some(body) = decoded.filter(|_| count <= self.options.max_dequeue_count) else {
            return self.give_up(lease).await;
        };
        match self.processor.process(message(&lease.message, body)).await {
            Delivered::Succeeded(_) if self.runner.faults.take_duplicate() => {
                lease.give_back(Duration::ZERO).await
            }
            Delivered::Succeeded(_) => lease.delete().await,
            Delivered::Stopped => lease.give_back(Duration::ZERO).await,
            Delivered::Failed(_) if count >= self.options.max_dequeue_count => {
                self.give_up(lease).await
            }
            Delivered::Failed(_) if self.source.poison.is_none() => {
                lease.abandon().await;
                Ok(())
            }
            Delivered::Failed(_) => lease.give_back(self.options.visibility_timeout).await,
        }
    }

    /// Moves a message to the poison queue. Without one it stays hidden until its lease ends, so that it does not
    /// come back at once and for ever.
    async fn give_up(&self, lease: &Lease) -> Result<(), WireError> {
        let Some(poison) = &self.source.poison else {
            lease.abandon().await;
            return Ok(());
        };
        let (queue, id, most) =
            (&self.source.queue, &lease.message.id, self.options.max_dequeue_count);
        lease.poison(poison).await?;
        self.runner.log.warn(
            &self.runner.app,
            format!("message {id} of queue {queue} cannot be processed (limit: {most} deliveries); moved to {poison}"),
        );
        self.runner.watch.notify(poison);
        Ok(())
    }
}

fn message(received: &ReceivedMessage, body: Vec<u8>) -> Message {
    Message {
        body,
        id: Some(received.id.clone()),
        dequeue_count: received.dequeue_count,
        inserted: received.inserted,
        expires: received.expires,
        next_visible: received.next_visible,
        pop_receipt: Some(received.pop_receipt.clone()),
    }
}

impl Listener for QueueListener {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        Box::pin(self.take_step(now))
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            tokio::select! {
                Some(_) = self.running.join_next() => {}
                () = self.written.notified() => self.poll_at = None,
            }
        })
    }

    fn rewound(&mut self) {
        self.poll_at = None;
        self.held.iter_mut().for_each(|(due, _)| *due = Timestamp::MIN);
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async { while self.running.join_next().await.is_some() {} })
    }

    fn release(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            for (_, lease) in self.held.drain(..) {
                // The lease ends by itself when the service is gone already.
                let _ = lease.give_back(Duration::ZERO).await;
            }
        })
    }
}
