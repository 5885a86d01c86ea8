//! Queue `legacy-resend`: one step of sending current state again.
//!
//! A step sends one page of profiles, notes how far it came, and asks for the next. A message for a step that was done
//! is an old one; a step whose successor was never asked for is found by `reconcile`.

use crate::app::App;
use crate::domain::{Phase, ProfileId, Resend, ResendState, Scope};
use crate::replay;
use crate::resending::{Step, ask};
use azure_data::CosmosFailure;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use std::num::NonZeroU32;

/// Profiles in one step.
const PAGE: NonZeroU32 = NonZeroU32::new(200).expect("not zero");

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let Step { resend: id, step } = message.json()?;
    let is_ours = |resend: &Resend| resend.step == step && resend.state == ResendState::Running;
    let kept = app.resends.read(&id).await.map_err(Failure::again)?;
    let Some(resend) = kept.filter(is_ours) else { return Ok(Done::nothing()) };
    let profiles = page(app, &resend).await.map_err(Failure::again)?;
    let last = profiles.last().copied();
    let sent = replay::send_again(app, profiles, &invocation).await.map_err(Failure::again)?;
    let now = app.clock.now();
    let done = |resend: &Resend| is_ours(resend).then(|| resend.after_step(last, sent, now));
    // None: another message for the same step was quicker.
    let Some(next) = app.resends.change(&id, done).await.map_err(Failure::again)? else {
        return Ok(Done::nothing());
    };
    if next.state == ResendState::Running {
        ask(app, &next).await.map_err(Failure::again)?;
    }
    tracing::info!(resend = id, step, sent = next.sent, state = ?next.state, "a step of sending again");
    Ok(Done::nothing())
}

async fn page(app: &App, resend: &Resend) -> Result<Vec<ProfileId>, CosmosFailure> {
    match (&resend.scope, resend.phase) {
        (Scope::Profile { profile_id }, _) => Ok(vec![*profile_id]),
        (Scope::Time { from, to }, _) => {
            app.syncs.active_between((*from, *to), resend.after, PAGE).await
        }
        (Scope::Everything { .. }, Phase::Erased) => app.syncs.erased(resend.after, PAGE).await,
        (Scope::Everything { .. }, _) => app.profiles.ids(resend.after, PAGE).await,
    }
}
