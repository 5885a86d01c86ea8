//! What the sweep does about cases: leases that ran out, and decisions that the photo has not followed.

use super::carrying_out::carry_out;
use crate::app::App;
use crate::domain::CaseState;
use azure_data::{CosmosFailure, Item, WriteError};
use jiff::SignedDuration;
use std::num::NonZeroU32;

/// Cases that are read at once, and how often in one sweep.
const BATCH: NonZeroU32 = NonZeroU32::new(200).expect("200 is not zero");
const MAX_BATCHES: usize = 50;
/// So long after a decision somebody may still be at work on it.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// Looks after cases; how many were due. One that fails keeps none of the others waiting.
pub(crate) async fn tidy(app: &App) -> Result<usize, CosmosFailure> {
    let now = app.clock.now();
    let (mut due, mut after) = (0, String::new());
    for _ in 0..MAX_BATCHES {
        let cases = app.cases.unfinished(&after, BATCH).await?;
        let Some(last) = cases.last() else { break };
        after = last.id.clone();
        for case in &cases {
            let decided = case.ruling.as_ref().is_some_and(|ruling| ruling.at + GRACE <= now);
            if case.state == CaseState::Decided && decided {
                due += 1;
                if let Err(error) = carry_out(app, &case.id).await {
                    tracing::warn!(%error, case = case.id, "a decision stays to be carried out");
                }
            } else if case.lapsed(now).is_some() {
                due += 1;
                if let Err(error) = release(app, &case.id).await {
                    tracing::warn!(%error, case = case.id, "a case stays leased");
                }
            }
        }
    }
    Ok(due)
}

/// The case is read again: it may have been taken anew.
async fn release(app: &App, id: &str) -> Result<(), CosmosFailure> {
    let Some(case) = app.cases.read(id).await? else { return Ok(()) };
    let Item { value, .. } = &case;
    let Some(lapsed) = value.lapsed(app.clock.now()) else { return Ok(()) };
    match app.cases.replace(&case, lapsed).await {
        Ok(_) | Err(WriteError::Conflict) => Ok(()),
        Err(WriteError::Failed(failure)) => Err(failure),
    }
}
