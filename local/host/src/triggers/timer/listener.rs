//! The listener of one timer. There is one for each function of an app, however many handler processes it has, so a
//! timer is a singleton; and it waits for a run to end before the next, so it never overlaps itself.

use std::sync::Arc;

use function_json::TimerTrigger;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::{
    Schedule, ScheduleError,
    schedule::OCCURRENCES_COUNTED,
    status::{StatusBlob, check},
};
use crate::{
    envelope::timer::{ScheduleStatus, tick},
    triggers::{
        ConnectionError, Delivered, Event, Runner, Target,
        listener::{Listener, StepReport},
    },
};

/// The connection in which the host keeps its own things.
const HOST_STORAGE: &str = "AzureWebJobsStorage";

/// Why a timer cannot run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimerError {
    /// Its `schedule`.
    #[error("schedule: {0}")]
    Schedule(#[from] ScheduleError),
    /// A monitored timer keeps its status in storage.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
}

/// Fires one function by its schedule.
pub struct TimerListener {
    runner: Runner,
    target: Arc<Target>,
    trigger: TimerTrigger,
    schedule: Schedule,
    /// Where the status is kept; `None` for timers that are not monitored.
    kept: Option<StatusBlob>,
    /// `None` until the first step has looked at the kept status.
    status: Option<ScheduleStatus>,
    /// A run that is due at once: the first step found it overdue, or `runOnStartup` wants it.
    at_once: Option<Reason>,
    /// One task at most.
    running: JoinSet<Run>,
    /// A run that ended and is looked at in the next step.
    ended: Option<Run>,
    /// How far the host had travelled at the last step.
    offset: SignedDuration,
    /// What the first occurrence comes after, when nothing is kept: the clock may be moved before the first step.
    began_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    OnTime,
    PastDue,
    Startup,
}

/// A run that ended.
struct Run {
    delivered: Delivered,
    began: Timestamp,
    reason: Reason,
}

impl TimerListener {
    /// A timer that has not started. `now` decides whether it is frequent enough to go without monitoring.
    pub fn new(
        runner: Runner,
        target: Target,
        trigger: TimerTrigger,
        now: Timestamp,
    ) -> Result<Self, TimerError> {
        let schedule = Schedule::parse(&trigger.schedule)?;
        let monitored = trigger.use_monitor && schedule.can_be_monitored(now);
        let kept = match monitored {
            true => Some(StatusBlob::new(
                runner.connections.blobs(HOST_STORAGE)?,
                &runner.app,
                &target.name,
            )),
            false => None,
        };
        Ok(Self {
            offset: runner.faults.clock().offset(),
            began_at: now,
            runner,
            target: Arc::new(target),
            trigger,
            schedule,
            kept,
            status: None,
            at_once: None,
            running: JoinSet::new(),
            ended: None,
        })
    }

    /// The next occurrence, once the timer has started.
    pub fn next(&self) -> Option<Timestamp> {
        self.status.map(|status| status.next)
    }

    async fn take_step(&mut self, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        if self.status.is_none() {
            self.start(now).await;
        }
        self.finish_run().await;
        self.notice_travel(now).await;
        let Some(status) = self.status else { return report };
        if !self.running.is_empty() {
            return report;
        }
        let reason = self.at_once.or((status.next <= now).then_some(Reason::OnTime));
        match reason.filter(|_| self.runner.takes_work()) {
            Some(reason) => {
                self.at_once = None;
                self.run(status, reason, now);
                report.started = 1;
            }
            None => report.no_later_than(status.next),
        }
        report
    }

    /// A clock that was moved forward makes a timer late: it fires once, however often it would have. One that was moved
    /// back begins anew, or it would wait for a time that is far away by now.
    async fn notice_travel(&mut self, now: Timestamp) {
        let offset = self.runner.faults.clock().offset();
        let before = std::mem::replace(&mut self.offset, offset);
        if self.status.is_some() && offset < before {
            self.begin_anew(now - offset).await;
        }
        let Some(status) = self.status.filter(|status| offset != before && status.next <= now)
        else {
            return;
        };
        self.at_once = Some(Reason::PastDue);
        let missed = self.schedule.occurrences(status.next, now);
        if missed > 0 {
            let at_least = if missed < OCCURRENCES_COUNTED { "" } else { "at least " };
            let (function, times) = (&self.target.name, missed + 1);
            let told = format!(
                "the clock was moved past {at_least}{times} times of {function}: it fires once"
            );
            self.runner.log.info(&self.runner.app, told);
        }
    }

    /// Plans from the machine's present, to which the clock went back before it went anywhere else.
    async fn begin_anew(&mut self, present: Timestamp) {
        let Some(next) = self.schedule.next_after(present) else { return };
        let status = ScheduleStatus { last: None, next, last_updated: Some(present) };
        self.status = Some(status);
        self.at_once = None;
        self.keep(status).await;
    }

    /// Looks at what is kept from an earlier run of the host.
    async fn start(&mut self, now: Timestamp) {
        let kept = match &self.kept {
            Some(blob) => blob.read().await.unwrap_or_else(|error| {
                self.runner
                    .log
                    .warn(&self.runner.app, format!("{error}; the timer goes by the present"));
                None
            }),
            None => None,
        };
        let seen_from = if kept.is_some() { now } else { self.began_at };
        let Some(checked) = check(kept, &self.schedule, seen_from) else { return };
        if checked.changed {
            self.keep(checked.status).await;
        }
        self.status = Some(checked.status);
        self.at_once = match (checked.is_past_due, self.trigger.run_on_startup) {
            (true, _) => Some(Reason::PastDue),
            (false, true) => Some(Reason::Startup),
            (false, false) => None,
        };
    }

    fn run(&mut self, status: ScheduleStatus, reason: Reason, now: Timestamp) {
        let shown = self.kept.is_some().then_some(status);
        let is_past_due = reason == Reason::PastDue;
        let envelope = tick(
            &self.target.json.trigger_name,
            self.schedule.adjusts_for_dst(),
            shown,
            is_past_due,
        );
        let about = match reason {
            Reason::OnTime => status.next.to_string(),
            Reason::PastDue => format!("{} (past due)", status.next),
            Reason::Startup => "on startup".to_owned(),
        };
        let event = Event { trigger: "timer", about, envelope };
        let (runner, target) = (self.runner.clone(), Arc::clone(&self.target));
        self.running.spawn(async move {
            let delivered = runner.deliver(&target, &event).await;
            Run { delivered, began: now, reason }
        });
    }

    /// Plans the next occurrence once a run has ended, well or not: a failed run is not repeated.
    async fn finish_run(&mut self) {
        if let Some(Ok(run)) = self.running.try_join_next() {
            self.ended = Some(run);
        }
        let Some(run) = self.ended.take() else { return };
        if run.delivered == Delivered::Stopped {
            return;
        }
        let planned = self.status.map(|status| status.next);
        // Fired a little early, it must not find the same occurrence again.
        let last = match (run.reason, planned) {
            (Reason::OnTime, Some(planned)) => planned.max(run.began),
            _ => run.began,
        };
        let Some(next) = self.schedule.next_after(last) else { return };
        let status = ScheduleStatus { last: Some(last), next, last_updated: Some(last) };
        self.status = Some(status);
        self.keep(status).await;
    }

    async fn keep(&self, status: ScheduleStatus) {
        if let Some(blob) = &self.kept
            && let Err(error) = blob.write(status).await
        {
            self.runner.log.warn(
                &self.runner.app,
                format!("{error}; after a restart the timer may run twice"),
            );
        }
    }
}

impl Listener for TimerListener {
    fn step(&mut self, now: Timestamp) -> BoxFuture<'_, StepReport> {
        Box::pin(self.take_step(now))
    }

    fn woken(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            match self.running.join_next().await {
                Some(ended) => self.ended = ended.ok(),
                None => std::future::pending().await,
            }
        })
    }

    fn settle(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(ended) = self.running.join_next().await {
                self.ended = ended.ok();
            }
            self.finish_run().await;
        })
    }
}
