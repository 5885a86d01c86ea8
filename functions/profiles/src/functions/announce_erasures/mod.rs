//! Change feed of `profiles`: tells the other apps who was erased, and finishes erasures

use crate::app::App;
use crate::events::{ERASED, Erased, SOURCE};
use crate::store::ErasedProfile;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, Item, function};
use messages::{CloudEvent, keep_rejected};
use tracing::Instrument;

pub(crate) const FUNCTION: Function = function!();

/// Sends a message to every app that keeps something of people, for every tombstone of the batch. A tombstone comes more than once: when it
/// is written, when its erasure is complete, and after a failure; so does its message, with the same id. What whoever
/// erased the profile did not come to, because the process died, is done here.
pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let feed = ErasedProfile::among(feed);
    let (erased, rejected) = feed.parse::<ErasedProfile>();
    let writers = feed.writers();
    let with_item = |profile: ErasedProfile| {
        let item = writers.item(&invocation, &profile.id.to_string());
        (profile, item)
    };
    let erased: Vec<(ErasedProfile, Item)> = erased.into_iter().map(with_item).collect();
    for (profile, item) in &erased {
        announce(app, &event(profile)).instrument(item.span()).await?;
    }
    for (profile, item) in erased.iter().filter(|(profile, _)| !profile.is_complete()) {
        let finish = app.profiles.finish_erasure(profile.id, &app.clock);
        finish.instrument(item.span()).await.map_err(Failure::again)?;
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
