//! What failed, on its way into a letter. What cannot be kept fails the invocation, so that the host brings it again.

use super::app::DeadLetterApp;
use super::content::Content;
use super::report::{GIVEN_UP, Origin, POISON, Report};
use super::store::NotKept;
use crate::putting_off::MAX_DEQUEUE_COUNT;
use custom_handler::{Done, Failure, GivenUp, Invocation, QueueMessage, TraceContext};

/// What the host puts behind the name of a queue.
const POISON_SUFFIX: &str = "-poison";

/// A message that the host moved to the poison queue `queue`. It leaves that queue when it is kept, however often that
/// takes: what fails there too often would lie there unseen.
pub(super) async fn poison<A: DeadLetterApp>(
    app: &A,
    queue: &str,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let kept = keep_poison(app, queue, &message, &invocation).await;
    let kept = kept.map(|()| Done::nothing()).map_err(Failure::again);
    app.dead_letters().put_off().unless_done_from(queue, &message, kept).await
}

async fn keep_poison<A: DeadLetterApp>(
    app: &A,
    queue: &str,
    message: &QueueMessage,
    invocation: &Invocation,
) -> Result<(), NotKept> {
    let origin = Origin {
        function: invocation.function().to_owned(),
        queue: Some(queue.strip_suffix(POISON_SUFFIX).unwrap_or(queue).to_owned()),
    };
    let detail = "a function failed on this message again and again; its log says why";
    let mut report = Report::new(POISON, origin, detail, Content::of(&message.body));
    report.name = message.id.clone().unwrap_or_else(|| invocation.id().to_owned());
    report.first_at = message.insertion_time;
    report.attempts = MAX_DEQUEUE_COUNT;
    report.trace_id = trace_of(&report);
    app.dead_letters().keep(&app.told(report)).await
}

/// Keeps what a function gave up; for apps that do more than that when a message is given up, and so name a function of
/// their own with [`Handler::on_give_up`](custom_handler::Handler::on_give_up).
///
/// # Errors
/// It is not kept: the message must not count as dealt with.
pub async fn keep_given_up<A: DeadLetterApp>(app: &A, given_up: GivenUp) -> Result<(), NotKept> {
    let origin = Origin { function: given_up.function.to_owned(), queue: given_up.queue };
    let content = Content::of(&given_up.payload);
    let mut report = Report::new(GIVEN_UP, origin, given_up.reason, content);
    // The same delivery has the same receipt; it is kept twice if the host did not hear of the first time.
    report.name = given_up.metadata.text("PopReceipt").unwrap_or(given_up.invocation_id);
    report.trace_id = Some(given_up.trace_id);
    app.dead_letters().keep(&app.told(report)).await
}

/// The trace that the message itself names.
fn trace_of(report: &Report) -> Option<String> {
    let message = report.json();
    let parent = message["traceparent"].as_str()?;
    TraceContext::parse(parent, None).map(|trace| trace.trace_id())
}
