//! One batch: taken, read, recorded, answered, deleted, in this order. Killed at any instant, the messages that were
//! not deleted come again, and meet records that know them already.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use local_wire::{ReceivedMessage, WireError};
use simulator_shell::telemetry;
use tracing::{Span, field::Empty};

use super::machine::{Machine, OUTBOX};
use crate::{
    faults::Fate,
    ledger::{Ledger, NotStored, Record},
    message::{Answer, Change, Content, Outcome},
    rules::{self, Rule},
};

/// How often a message that cannot be read is taken before it goes to the poison queue, as the Functions host does it.
const MAX_DEQUEUES: u32 = 5;
/// Requests at a time for one batch.
const MAX_PARALLEL: usize = 16;

/// Why a batch was not finished. Its messages come again.
#[derive(Debug, thiserror::Error)]
pub(super) enum StepError {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error(transparent)]
    NotStored(#[from] NotStored),
}

/// A message that keeps to the contract.
struct Job {
    /// From its taking to its answer, in the trace of who sent it.
    span: Span,
    message: ReceivedMessage,
    change: Change,
    fate: Fate,
}

/// A message that was decided about; what was applied is recorded.
struct Done {
    job: Job,
    outcome: Outcome,
    /// What it has of the profile now.
    record: Option<Arc<Record>>,
}

/// Takes up to `most` messages and finishes them. Says how many there were.
pub(super) async fn step(machine: &Machine, most: u8) -> Result<u8, StepError> {
    let pace = machine.controls.pace();
    let messages = machine.take(most, pace.visibility()).await?;
    let taken = u8::try_from(messages.len()).unwrap_or(most).min(most);
    if taken == 0 {
        return Ok(0);
    }
    machine.counts.took(messages.len());
    let jobs = jobs(machine, messages).await?;
    if !pace.work().is_zero() {
        tokio::time::sleep(pace.work()).await;
    }
    let rules = machine.controls.faults().refuse;
    let done = record(&mut machine.ledger(), &rules, jobs, machine.clock.now())?;
    let finished: Vec<Result<(), WireError>> = stream::iter(done)
        .map(|done| async move { finish(machine, &done).await })
        .buffer_unordered(MAX_PARALLEL)
        .collect()
        .await;
    finished.into_iter().collect::<Result<(), _>>()?;
    Ok(taken)
}

/// Reads the messages, and puts those that cannot be read where they belong.
async fn jobs(machine: &Machine, messages: Vec<ReceivedMessage>) -> Result<Vec<Job>, WireError> {
    let fates = machine.controls.draw(messages.len());
    let read: Vec<Result<Option<Job>, WireError>> = stream::iter(messages.into_iter().zip(fates))
        .map(|(message, fate)| async move {
            match read(machine, &message.text).await? {
                Ok(change) => Ok(Some(Job { span: span(&change), message, change, fate })),
                Err(why) => set_aside(machine, message, &why).await.map(|()| None),
            }
        })
        .buffered(MAX_PARALLEL)
        .collect()
        .await;
    // One payload that cannot be had now does not hold up the others: it comes again.
    let mut jobs: Vec<Option<Job>> = Vec::new();
    for read in read {
        match read {
            Ok(job) => jobs.extend(job.map(Some)),
            Err(error) => tracing::warn!(%error, "a message waits in the queue"),
        }
    }
    let order = machine.controls.order(jobs.len());
    Ok(order.into_iter().filter_map(|at| jobs[at].take()).collect())
}

/// The work on a change, if it belongs to a trace.
fn span(change: &Change) -> Span {
    let Some(parent) = &change.traceparent else { return Span::none() };
    let span = tracing::info_span!(
        target: telemetry::TARGET,
        "process",
        otel.name = format!("process {OUTBOX}"),
        otel.kind = "consumer",
        messaging.system = "azure_queue_storage",
        messaging.destination.name = OUTBOX,
        messaging.operation.type = "process",
        outcome = Empty,
    );
    telemetry::continued(span, parent)
}

/// Reads a message and the payload that it points to; the inner error is a breach of the contract.
async fn read(machine: &Machine, text: &str) -> Result<Result<Change, String>, WireError> {
    let mut change = match Change::read(text) {
        Ok(change) => change,
        Err(why) => return Ok(Err(why)),
    };
    let Content::ClaimCheck(path) = &change.content else { return Ok(Ok(change)) };
    // The payload of an old revision may be gone, and is not needed.
    if machine.ledger().revision(&change.profile_id).is_some_and(|known| known >= change.revision) {
        return Ok(Ok(change));
    }
    let Some(payload) = machine.payload(path).await? else {
        return Ok(Err("there is no payload where the claim check points to".to_owned()));
    };
    Ok(change.redeemed(&payload).map(|()| change))
}

/// A message that cannot be read is left to come again, or is moved to the poison queue as it is.
async fn set_aside(
    machine: &Machine,
    message: ReceivedMessage,
    why: &str,
) -> Result<(), WireError> {
    machine.counts.could_not_read();
    if message.dequeue_count < MAX_DEQUEUES {
        tracing::warn!(why, dequeue_count = message.dequeue_count, "a message cannot be read");
        return Ok(());
    }
    machine.poison(&message.text).await?;
    machine.delete(&message).await?;
    machine.counts.poisoned();
    tracing::error!(why, "a message went to the poison queue");
    Ok(())
}

/// Decides about every job and records what is to be applied, all at once.
fn record(
    ledger: &mut Ledger,
    rules: &[Rule],
    jobs: Vec<Job>,
    now: Timestamp,
) -> Result<Vec<Done>, NotStored> {
    let verdicts: Vec<Verdict> = jobs.iter().map(|job| verdict(ledger, rules, job)).collect();
    let accepted = jobs.iter().zip(&verdicts).filter(|(_, verdict)| **verdict == Verdict::Accept);
    let mut applied = ledger.apply(accepted.map(|(job, _)| &job.change), now)?.into_iter();
    let done = jobs.into_iter().zip(verdicts).filter_map(|(job, verdict)| {
        let outcome = match verdict {
            Verdict::Accept if applied.next() == Some(true) => Outcome::Applied,
            Verdict::Accept => Outcome::Superseded,
            Verdict::Say(outcome) => outcome,
            Verdict::Leave => return None,
        };
        let record = ledger.get(&job.change.profile_id);
        Some(Done { job, outcome, record })
    });
    Ok(done.collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// To be applied if it is newer.
    Accept,
    /// Answered without being applied.
    Say(Outcome),
    /// To come again.
    Leave,
}

fn verdict(ledger: &Ledger, rules: &[Rule], job: &Job) -> Verdict {
    let Change { profile_id, revision, content, .. } = &job.change;
    if job.fate.is_busy {
        return Verdict::Say(Outcome::Busy);
    }
    if ledger.revision(profile_id).is_some_and(|known| known >= *revision) {
        return Verdict::Say(Outcome::Superseded);
    }
    match content {
        Content::State(state) => rules::broken(rules, state.get())
            .map_or(Verdict::Accept, |rule| Verdict::Say(Outcome::Refused(rule))),
        Content::Erased => Verdict::Accept,
        // It was old when it was read: the records went back since.
        Content::ClaimCheck(_) => Verdict::Leave,
    }
}

/// Answers, then deletes.
async fn finish(machine: &Machine, done: &Done) -> Result<(), WireError> {
    let Done { job: Job { span, message, change, fate }, outcome, record } = done;
    span.record("outcome", outcome.name());
    machine.counts.came_to(*outcome);
    let answer = Answer {
        change,
        outcome: *outcome,
        applied_revision: record.as_ref().map(|record| record.revision),
        applied_time: record.as_ref().and_then(|record| record.time.as_deref()),
        at: machine.clock.now(),
        traceparent: telemetry::traceparent(span).or_else(|| change.traceparent.clone()),
    };
    let text = answer.message();
    for _ in 0..fate.answers {
        machine.answer(&text, fate.late).await?;
        machine.counts.answered();
    }
    if !fate.stays_in_queue {
        machine.delete(message).await?;
    }
    Ok(())
}
