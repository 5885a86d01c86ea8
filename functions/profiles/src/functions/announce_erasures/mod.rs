//! Change feed of `profiles`: tells the other apps who was erased, and finishes erasures

use crate::app::App;
use crate::events::{ERASED, Erased, SOURCE};
use crate::store::ErasedProfile;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{CloudEvent, keep_rejected};

pub(crate) const FUNCTION: Function = function!();

/// Sends a message to every app that keeps something of people, for every tombstone of the batch. A tombstone comes more than once: when it
/// is written, when its erasure is complete, and after a failure; so does its message, with the same id. What whoever
/// erased the profile did not come to, because the process died, is done here.
pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (erased, rejected) = ErasedProfile::among(feed).parse::<ErasedProfile>();
    for profile in &erased {
        let event = event(profile).in_trace(invocation.trace());
        announce(app, &event).await?;
    }
    for profile in erased.iter().filter(|profile| !profile.is_complete()) {
        app.profiles.finish_erasure(profile.id, &app.clock).await.map_err(Failure::again)?;
    }
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} erasures announced", erased.len())))
}

/// To every receiver, whatever becomes of the others; if one does not get it, all get it again.
async fn announce(app: &App, event: &CloudEvent<Erased>) -> Result<(), Failure> {
    let mut failed = Ok(());
    for receiver in &app.erasures {
        failed = receiver.send(event).await.map_err(Failure::again).and(failed);
    }
    failed
}

fn event(profile: &ErasedProfile) -> CloudEvent<Erased> {
    let ErasedProfile { id, revision, erased_at, .. } = *profile;
    let data = Erased { profile_id: id, erased_at };
    CloudEvent::new(SOURCE, ERASED, format!("{id}-{revision}"), id.to_string(), erased_at, data)
}
