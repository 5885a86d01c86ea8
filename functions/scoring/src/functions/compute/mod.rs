//! Queue `scoring-jobs`: one job, worked at on one core.

use crate::app::App;
use crate::job::Job;
use crate::scoring;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// May be called more than once with the same message, also after it was killed: the result is the same to the byte.
pub(crate) async fn handle(
    app: &'static App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let job = Job::read(app.jobs, &message, &mut invocation)?;
    let answer = scoring::work(app, &job).await?;
    let sent = app.answers.send(&job, &answer, app.clock.now(), invocation.trace()).await;
    sent.map_err(Failure::again)?;
    tracing::info!(
        assessment = job.assessment,
        attempt = job.order.attempt,
        outcome = answer.what(),
        "job done"
    );
    Ok(Done::nothing())
}
