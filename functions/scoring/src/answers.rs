//! What this app says: messages of the queue `scoring-results`, whose schemas lie in `messages/`.

use crate::domain::{Scored, Unscoreable};
use crate::job::Job;
use azure_data::{Storage, StorageFailure};
use custom_handler::{Settings, TraceContext};
use jiff::Timestamp;
use messages::{CloudEvent, EventSender, EventType};
use serde::Serialize;
use std::time::Duration;

const RESULTS: &str = "scoring-results";
const SOURCE: &str = "/scoring";
const SCORED: EventType = EventType::new("com.iommi.scoring.scored.v1");
const UNSCOREABLE: EventType = EventType::new("com.iommi.scoring.unscoreable.v1");
const GAVE_UP: EventType = EventType::new("com.iommi.scoring.gave-up.v1");
const TYPES: &[EventType] = &[SCORED, UNSCOREABLE, GAVE_UP];

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Scored { result: Box<Scored>, cpu: Duration },
    Unscoreable { reason: Unscoreable, months_seen: u32 },
    GaveUp(GaveUp),
}

/// Why there is no score, though there might have been one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum GaveUp {
    /// Nobody waits any longer.
    DeadlinePassed,
    /// The activity is not there any more.
    ActivityGone,
    /// The key that opens it is not there any more.
    KeyGone,
    /// It cannot be done, or not by five tries.
    Failed,
}

/// Sends answers.
pub(crate) struct Answers(EventSender);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScoredData<'a> {
    attempt: u32,
    result: &'a Scored,
    cpu_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnscoreableData<'a> {
    attempt: u32,
    scorecard: &'a str,
    reason: Unscoreable,
    months_seen: u32,
}

#[derive(Serialize)]
struct GaveUpData {
    attempt: u32,
    reason: GaveUp,
}

impl Answers {
    pub(crate) fn new(settings: &Settings, storage: &Storage) -> Self {
        Self(EventSender::new(settings, storage.queue_sender(RESULTS), TYPES))
    }

    /// The same job sent again has the same answer with the same id.
    ///
    /// # Errors
    /// Storage did not do it.
    pub(crate) async fn send(
        &self,
        job: &Job,
        answer: &Answer,
        now: Timestamp,
        trace: &TraceContext,
    ) -> Result<(), StorageFailure> {
        let attempt = job.order.attempt;
        match answer {
            Answer::Scored { result, cpu } => {
                let cpu_ms = u64::try_from(cpu.as_millis()).unwrap_or(u64::MAX);
                let data = ScoredData { attempt, result, cpu_ms };
                self.0.send(&event(job, SCORED, "scored", now, trace, data)).await
            }
            Answer::Unscoreable { reason, months_seen } => {
                let (scorecard, reason, months_seen) =
                    (&*job.order.scorecard, *reason, *months_seen);
                let data = UnscoreableData { attempt, scorecard, reason, months_seen };
                self.0.send(&event(job, UNSCOREABLE, "unscoreable", now, trace, data)).await
            }
            Answer::GaveUp(reason) => {
                let data = GaveUpData { attempt, reason: *reason };
                self.0.send(&event(job, GAVE_UP, "gave-up", now, trace, data)).await
            }
        }
    }
}

fn event<T>(
    job: &Job,
    r#type: EventType,
    what: &str,
    now: Timestamp,
    trace: &TraceContext,
    data: T,
) -> CloudEvent<T> {
    let id = format!("{}-{}-{what}", job.assessment, job.order.attempt);
    CloudEvent::new(SOURCE, r#type, id, &job.assessment, now, data).in_trace(trace)
}

impl Answer {
    /// For the log.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Scored { .. } => "scored",
            Self::Unscoreable { .. } => "unscoreable",
            Self::GaveUp(GaveUp::DeadlinePassed) => "deadline-passed",
            Self::GaveUp(GaveUp::ActivityGone) => "activity-gone",
            Self::GaveUp(GaveUp::KeyGone) => "key-gone",
            Self::GaveUp(GaveUp::Failed) => "failed",
        }
    }
}
