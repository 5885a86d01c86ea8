//! Change feed of `profiles`: one message for each changed profile.
//!
//! The checkpoint moves when this succeeds: only after every message of the batch is in the queue and recorded, or its
//! document kept as a dead letter. Otherwise the host brings the batch again, for ever, and what was sent before is
//! skipped; a registration is not looked up for that, so after a crash one may be sent twice, which does no harm.

use crate::app::App;
use crate::dead_letters::broken_document;
use crate::domain::{Change, ChangeDocument, newest};
use crate::outbox::{self, Asked, SendError};
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, TraceContext, function};
use futures::{StreamExt, stream};

pub(crate) const FUNCTION: Function = function!();

/// How many profiles are sent at the same time.
const MAX_AT_ONCE: usize = 32;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (documents, broken) = feed.parse::<ChangeDocument>();
    drop(feed);
    for rejected in &broken {
        let report = broken_document(rejected, invocation.function());
        app.dead_letters.keep(&report).await.map_err(Failure::again)?;
    }
    let changes = newest(documents.into_iter().filter_map(ChangeDocument::into_change).collect());
    let (seen, mut sent, mut failures) = (changes.len(), 0, Vec::new());
    let mut sending = stream::iter(changes)
        .map(|change| forward(app, change, invocation.trace()))
        .buffer_unordered(MAX_AT_ONCE);
    while let Some(outcome) = sending.next().await {
        match outcome {
            Ok(fresh) => sent += usize::from(fresh),
            Err(error) => failures.push(error),
        }
    }
    match failures.first() {
        None => {
            tracing::info!(profiles = seen, sent, broken = broken.len(), "forwarded");
            Ok(Done::nothing())
        }
        Some(first) => Err(Failure::again(format!(
            "{} of {seen} profiles were not sent: {first}",
            failures.len()
        ))),
    }
}

/// Sends one profile. False if this revision, or a newer one, was sent before.
async fn forward(app: &App, change: Change, trace: &TraceContext) -> Result<bool, SendError> {
    if change.state.revision().is_first() {
        app.syncs.presume_new(change.state.id());
    }
    let known = app.syncs.recent(change.state.id()).await?;
    if known.is_some_and(|sync| sync.covers(change.state.revision())) {
        return Ok(false);
    }
    outbox::send(app, &change, trace, Asked::Once).await?;
    Ok(true)
}
