//! Change feed of `accounts`: the general ledger, and the events that tell others.
//!
//! The checkpoint moves when this succeeds: once every entry of the batch is in the ledger and every event in its queue, or
//! the document kept as a dead letter. Otherwise the host brings the batch again, for ever; what was added before is not
//! added again, and an event that was sent before has the same id.

use crate::app::App;
use crate::domain::Entry;
use crate::events;
use crate::store::Changed;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, Item, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;
use tracing::Instrument;

pub(crate) const FUNCTION: Function = function!();

/// How many changes are told of at the same time.
const MAX_AT_ONCE: usize = 16;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    if feed.documents.iter().any(Changed::is_for_a_newer_release) {
        return Err(Failure::again("a newer release wrote a document: its instances go on"));
    }
    let (mut changes, rejected) = feed.parse_beside::<Changed>();
    changes.retain(|(change, _)| !matches!(change, Changed::Other));
    let entries = entries(changes.iter().map(|(change, _)| change));
    let parts = app.balances.apply(&entries).await.map_err(Failure::again)?;
    let with_item = |(change, document): (Changed, &Value)| (change, invocation.item_of(document));
    let changes: Vec<(Changed, Item)> = changes.into_iter().map(with_item).collect();
    let sent: Vec<usize> = stream::iter(changes)
        .map(|(change, item)| tell(app, change, item))
        .buffer_unordered(MAX_AT_ONCE)
        .try_collect()
        .await?;
    let sent: usize = sent.iter().sum();
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    let entries = entries.len();
    Ok(Done::nothing()
        .log(format!("{entries} entries, {parts} parts new to the ledger, {sent} events")))
}

fn entries<'a>(changes: impl Iterator<Item = &'a Changed>) -> Vec<Entry> {
    let entry = |change: &Changed| match change {
        Changed::Entry(entry) => Some(Entry::clone(entry)),
        _ => None,
    };
    let entries: Vec<Entry> = changes.filter_map(entry).collect();
    for entry in entries.iter().filter(|entry| !entry.balances()) {
        tracing::error!(
            alarm = "entry-unbalanced", account = %entry.account_id, entry = %entry.id,
            "the postings of an entry do not add up to nothing"
        );
    }
    entries
}

/// Tells others of a change, in the trace in which it was written; how many events that are.
async fn tell(app: &App, change: Changed, item: Item) -> Result<usize, Failure> {
    let told = send(app, &change).instrument(item.span()).await;
    if told.is_err() {
        item.failed("again");
    }
    told
}

async fn send(app: &App, change: &Changed) -> Result<usize, Failure> {
    let events = events_of(app, change).await?;
    for event in &events {
        app.events.send(event).await.map_err(Failure::again)?;
    }
    Ok(events.len())
}

async fn events_of(app: &App, change: &Changed) -> Result<Vec<CloudEvent<Value>>, Failure> {
    Ok(match change {
        Changed::Entry(entry) => vec![events::of_entry(entry)],
        Changed::Hold(account, hold) => {
            match app.accounts.currency(*account).await.map_err(Failure::again)? {
                Some(currency) => events::of_hold(*account, hold, currency),
                None => Vec::new(),
            }
        }
        Changed::Limit(limit) => {
            let currency = app.accounts.currency(limit.account_id).await.map_err(Failure::again)?;
            currency.map(|currency| events::of_limit(limit, currency)).into_iter().collect()
        }
        Changed::Card(card, written) => events::of_card(card, *written).into_iter().collect(),
        Changed::Statement(statement) => vec![events::of_statement(statement)],
        Changed::Other => Vec::new(),
    })
}
