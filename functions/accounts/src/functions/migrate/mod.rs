//! Queue `accounts-migrate`: one step of bringing documents into the form of today.
//!
//! A step writes some documents, notes how far it came, and asks for the next after a second, so that customers do not
//! notice. What was written is not found again: a step may end anywhere and be done twice. A message for a step that was
//! done is an old one; a step whose successor was never asked for is found by `sweep`.

use crate::app::App;
use crate::domain::{Migration, Stepped};
use crate::store::{MigrationStep, Rewritten, named};
use azure_data::CosmosFailure;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use futures::{StreamExt, stream};
use serde_json::Value;
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Documents in one step.
const PAGE: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
/// How many are written at the same time.
const MAX_AT_ONCE: usize = 8;

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    _: Invocation,
) -> Result<Done, Failure> {
    let MigrationStep { migration: id, step } = message.json()?;
    let is_ours = |migration: &Migration| migration.step == step && migration.runs();
    let kept = app.migrations.read(&id).await.map_err(Failure::again)?;
    let Some(migration) = kept.filter(is_ours) else { return Ok(Done::nothing()) };
    let stepped = one_step(app, &migration.unreadable).await.map_err(Failure::again)?;
    let now = app.clock.now();
    let done = |kept: &Migration| is_ours(kept).then(|| kept.after_step(&stepped, now));
    // None: another message for the same step was quicker.
    let Some(next) = app.migrations.change(&id, done).await.map_err(Failure::again)? else {
        return Ok(Done::nothing());
    };
    if next.runs() {
        app.migrations.ask(&next).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} documents written", next.written)))
}

async fn one_step(app: &App, unreadable: &[String]) -> Result<Stepped, CosmosFailure> {
    // Those that cannot be read are found again, and must not stand in the way of others.
    let most = PAGE.saturating_add(u32::try_from(unreadable.len()).unwrap_or(u32::MAX));
    let mut documents = app.accounts.outdated(most).await?;
    documents.retain(|document| !unreadable.contains(&named(document)));
    let mut stepped = Stepped { is_last: documents.is_empty(), ..Stepped::default() };
    let mut writing = stream::iter(documents)
        .map(|document| rewrite(app, document))
        .buffer_unordered(MAX_AT_ONCE);
    while let Some(outcome) = writing.next().await {
        match outcome? {
            (_, Rewritten::Now) => stepped.written += 1,
            (_, Rewritten::ByOthers) => {}
            (name, Rewritten::Unreadable) => {
                tracing::error!(
                    alarm = "account-unreadable",
                    document = name,
                    "a document keeps its old form"
                );
                stepped.unreadable.push(name);
            }
        }
    }
    Ok(stepped)
}

async fn rewrite(app: &App, document: Value) -> Result<(String, Rewritten), CosmosFailure> {
    let outcome = app.accounts.rewrite(&document).await?;
    Ok((named(&document), outcome))
}
