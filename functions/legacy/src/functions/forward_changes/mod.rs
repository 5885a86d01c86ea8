//! Change feed of `profiles`: one message for each changed profile.
//!
//! While a message of a profile is unanswered, nothing newer is sent: that it is there is recorded, and
//! `apply_acknowledgement` sends the newest state when the answer comes, or `reconcile` when none does.
//!
//! The checkpoint moves when this succeeds: only after every message of the batch is in the queue and recorded, or its
//! revision recorded as held back, or its document kept as a dead letter. Otherwise the host brings the batch again, for ever, and what was sent before is
//! skipped; a registration is not looked up for that, so after a crash one may be sent twice, which does no harm.

use crate::app::App;
use crate::behind;
use crate::dead_letters::broken_document;
use crate::domain::{Change, ChangeDocument, Forward, Sync, newest};
use crate::outbox::{self, Asked, SendError};
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, TraceContext, function};
use futures::{StreamExt, stream};
use messages::Report;
use tracing::Instrument;

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
        let item = invocation.item_of(&rejected.document);
        item.failed("given-up");
        let trace_id = Some(item.trace().trace_id());
        let report = Report { trace_id, ..broken_document(rejected, invocation.function()) };
        let keep = app.dead_letters.keep(app, &report).instrument(item.span());
        keep.await.map_err(Failure::again)?;
    }
    let changes = newest(documents.into_iter().filter_map(ChangeDocument::into_change).collect());
    let (seen, mut sent, mut held, mut failures) = (changes.len(), 0, 0, Vec::new());
    let mut sending = stream::iter(changes)
        .map(|change| forward(app, change, &invocation))
        .buffer_unordered(MAX_AT_ONCE);
    while let Some(outcome) = sending.next().await {
        match outcome {
            Ok(Forward::Send) => sent += 1,
            Ok(Forward::Held) => held += 1,
            Ok(Forward::Covered | Forward::Behind(_)) => {}
            Err(error) => failures.push(error),
        }
    }
    match failures.first() {
        None => {
            tracing::info!(profiles = seen, sent, held, broken = broken.len(), "forwarded");
            Ok(Done::nothing())
        }
        Some(first) => Err(Failure::again(format!(
            "{} of {seen} profiles were not sent: {first}",
            failures.len()
        ))),
    }
}

/// The work at one profile.
async fn forward(app: &App, change: Change, invocation: &Invocation) -> Result<Forward, SendError> {
    let item = outbox::item(&change, invocation);
    let forwarded = send(app, change, item.trace()).instrument(item.span()).await;
    if forwarded.is_err() {
        item.failed("again");
    }
    forwarded
}

/// Sends one profile, unless it was sent before or has to wait.
async fn send(app: &App, change: Change, trace: &TraceContext) -> Result<Forward, SendError> {
    let (id, version) = (change.state.id(), change.state.version());
    if version.revision.is_first() {
        app.syncs.presume_new(id);
    }
    let now = app.clock.now();
    let known = app.syncs.recent(id).await?.unwrap_or_else(|| Sync::new(id));
    let (_, mut forward) = known.after_change(&version, now, &app.patience);
    if matches!(forward, Forward::Held | Forward::Behind(_)) {
        // The answer may have come meanwhile: what is stored decides.
        let decide = |sync: Sync| sync.after_change(&version, now, &app.patience);
        (_, forward) = app.syncs.change(id, decide).await?;
    }
    match forward {
        Forward::Covered | Forward::Held => {}
        Forward::Send => outbox::send(app, &change, trace, Asked::Once).await?,
        Forward::Behind(known) => {
            if version.is_erased {
                outbox::send(app, &change, trace, Asked::Once).await?;
            }
            behind::tell(app, id, known, trace).await?;
        }
    }
    Ok(forward)
}
