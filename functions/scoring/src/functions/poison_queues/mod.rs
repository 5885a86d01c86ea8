//! Timer: what the host put aside because it failed five times is answered, so that nobody waits for it.

use crate::answers::{Answer, GaveUp};
use crate::app::App;
use crate::job::Job;
use crate::unreadable;
use azure_data::Taken;
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{
    Bytes, Done, Failure, Function, Invocation, Payload, QueueMessage, TimerTick, function,
};
use std::time::Duration;
use tokio::time::Instant;

pub(crate) const FUNCTION: Function = function!();

/// How long a run goes on taking messages; it ends well before the host ends it.
const MAX_RUN: Duration = Duration::from_secs(45);
/// How long a message is hidden that is answered: longer than an answer may take.
const HIDDEN_FOR: Duration = Duration::from_secs(60);

/// A job that failed so often is not tried again: `credit` may send a new one, while somebody waits.
pub(crate) async fn handle(
    app: &'static App,
    _: TimerTick,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let until = Instant::now() + MAX_RUN;
    let mut answered = 0_u32;
    while Instant::now() < until {
        let taken = app.poison.take(HIDDEN_FOR).await.map_err(Failure::again)?;
        let Some(taken) = taken else { break };
        answer(app, &taken, invocation.on_behalf_of(FUNCTION.name())).await?;
        app.poison.delete(&taken).await.map_err(Failure::again)?;
        answered += 1;
    }
    Ok(Done::nothing().log(format!("{answered} jobs answered")))
}

async fn answer(app: &App, taken: &Taken, mut invocation: Invocation) -> Result<(), Failure> {
    let job = match Job::read(app.jobs, &message(taken), &mut invocation) {
        Ok(job) => job,
        Err(failure) => {
            unreadable::alarm(failure.reason());
            return Ok(());
        }
    };
    let assessment = &*job.assessment;
    tracing::error!(
        alarm = "job-failed",
        assessment,
        "a job failed again and again, and was given up"
    );
    let failed = Answer::GaveUp(GaveUp::Failed);
    let sent = app.answers.send(&job, &failed, app.clock.now(), invocation.trace()).await;
    sent.map_err(Failure::again)
}

/// As the host would hand it out; what is not in base64 stays as it is, and is no job.
fn message(taken: &Taken) -> QueueMessage {
    let bytes = STANDARD.decode(taken.text.trim()).unwrap_or_default();
    QueueMessage {
        body: Payload::Bytes(Bytes::from(bytes)),
        id: Some(taken.id.clone()),
        dequeue_count: Some(taken.times.into()),
        pop_receipt: None,
        insertion_time: Some(taken.since),
        expiration_time: None,
        next_visible_time: None,
    }
}
