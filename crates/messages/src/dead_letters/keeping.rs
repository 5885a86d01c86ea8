//! What failed, on its way into a letter. What cannot be kept fails the invocation, so that the host brings it again.

use super::app::DeadLetterApp;
use super::content::Content;
use super::report::{GIVEN_UP, Origin, POISON, Report};
use super::store::NotKept;
use crate::poison::MAX_DEQUEUE_COUNT;
use azure_data::Taken;
use custom_handler::{GivenUp, Invocation, Rejected, TraceContext};
use tracing::Instrument;

/// What the host puts behind the name of a queue.
pub(crate) const POISON_SUFFIX: &str = "-poison";

/// Keeps a message of the poison queue `queue` that nobody can work at, with the reason.
pub(crate) async fn keep_poison<A: DeadLetterApp>(
    app: &A,
    (queue, function): (&str, &str),
    message: &Taken,
    content: Content,
    detail: &str,
) -> Result<(), NotKept> {
    let origin = Origin {
        function: function.to_owned(),
        queue: Some(queue.strip_suffix(POISON_SUFFIX).unwrap_or(queue).to_owned()),
    };
    let mut report = Report::new(POISON, origin, detail, content);
    report.name.clone_from(&message.id);
    report.first_at = Some(message.since);
    report.attempts = MAX_DEQUEUE_COUNT.saturating_add(message.times.saturating_sub(1));
    report.trace_id = trace_of(&report);
    app.dead_letters().keep(app, &app.told(report)).await
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
    app.dead_letters().keep(app, &app.told(report)).await
}

/// Keeps a document of a change feed that cannot be read: it must not stop the feed, nor be lost.
///
/// # Errors
/// It is not kept: the batch must not count as dealt with.
pub async fn keep_rejected<A: DeadLetterApp>(
    app: &A,
    rejected: &Rejected,
    invocation: &Invocation,
) -> Result<(), NotKept> {
    let item = invocation.item_of(&rejected.document);
    item.failed("given-up");
    let document = Content::of_text(rejected.document.to_string());
    let origin = Origin::function(invocation.function());
    let report = Report {
        subject: rejected.id().map(str::to_owned),
        trace_id: Some(item.trace().trace_id()),
        ..Report::new(GIVEN_UP, origin, &rejected.problem, document)
    };
    app.dead_letters().keep(app, &report).instrument(item.span()).await
}

/// The trace that the message itself names.
fn trace_of(report: &Report) -> Option<String> {
    let message = report.json();
    let parent = message["traceparent"].as_str()?;
    TraceContext::parse(parent, None).map(|trace| trace.trace_id())
}
