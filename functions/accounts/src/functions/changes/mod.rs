//! Change feed of `accounts`: the general ledger.
//!
//! The checkpoint moves when this succeeds: once every entry of the batch is in the ledger, or kept as a dead letter.
//! Otherwise the host brings the batch again, for ever; what was added before is not added again.

use crate::app::App;
use crate::domain::Entry;
use crate::store::StoredEntry;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, Rejected, function};
use messages::{Content, GIVEN_UP, Origin, Report};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    mut feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    feed.documents.retain(StoredEntry::is);
    let (entries, rejected) = feed.parse::<StoredEntry>();
    let entries: Vec<Entry> = entries.into_iter().map(Entry::from).collect();
    for entry in entries.iter().filter(|entry| !entry.balances()) {
        tracing::error!(
            alarm = "entry-unbalanced", account = %entry.account_id, entry = %entry.id,
            "the postings of an entry do not add up to nothing"
        );
    }
    let parts = app.balances.apply(&entries).await.map_err(Failure::again)?;
    for rejected in &rejected {
        keep(app, rejected, &invocation).await?;
    }
    Ok(Done::nothing().log(format!("{} entries, {parts} parts new to the ledger", entries.len())))
}

/// One entry that cannot be read must not stop the feed, nor be lost.
async fn keep(app: &App, rejected: &Rejected, invocation: &Invocation) -> Result<(), Failure> {
    let document = Content::of_text(rejected.document.to_string());
    let origin = Origin::function(invocation.function());
    let report = Report {
        subject: rejected.id().map(str::to_owned),
        trace_id: Some(invocation.trace().trace_id()),
        ..Report::new(GIVEN_UP, origin, &rejected.problem, document)
    };
    app.dead_letters.keep(app, &report).await.map_err(Failure::again)
}
