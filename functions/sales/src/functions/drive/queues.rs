//! Whether somebody is at the messages of a step.

use crate::app::App;
use crate::domain::Step;
use azure_data::StorageFailure;
use std::collections::BTreeMap;

/// A queue with more messages is at work: who waits in it stands still for no other reason.
const MAX_WAITING: u64 = 100;

/// The queues of the steps, each looked at once in a run.
#[derive(Debug, Default)]
pub(super) struct Queues(BTreeMap<Step, bool>);

impl Queues {
    /// Whether so much waits for a step that its orders stand still for no other reason: with who is at work now, or with
    /// another region that works off what it took. What a dead region holds does not become less, and counts for nothing.
    pub(super) async fn are_busy(&mut self, app: &App, step: Step) -> Result<bool, StorageFailure> {
        if let Some(known) = self.0.get(&step) {
            return Ok(*known);
        }
        let (primary, mut are_busy) = (app.at_work.primary().await, false);
        for region in app.at_work.regions() {
            let length = app.step_lengths.of(step, region).length().await?;
            let drains = app.tails.drains(region, step, length);
            are_busy |= length > MAX_WAITING && (*region == primary || drains);
        }
        self.0.insert(step, are_busy);
        Ok(are_busy)
    }
}
