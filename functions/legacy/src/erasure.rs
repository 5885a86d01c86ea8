//! What goes once the mainframe has a state: the blobs that carried it, and for an erased person everything that we
//! kept about them.

use crate::app::App;
use crate::domain::{Standing, Sync};
use crate::outbox::SendError;
use crate::views::payload_prefix;

/// Most blobs that one answer removes; a profile has one for each large revision that was not confirmed yet.
const MAX_PAYLOADS: usize = 1_000;

/// Removes what nobody needs any more. Done again after an interruption, as the answer comes again.
pub(crate) async fn tidy(app: &App, sync: &Sync) -> Result<(), SendError> {
    let prefix = payload_prefix(sync.id);
    let applied = sync.applied.as_ref().map_or(0, |applied| applied.revision.get());
    for name in app.payloads.list(&prefix, MAX_PAYLOADS).await? {
        let number = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".json"));
        let revision: Option<u64> = number.and_then(|number| number.parse().ok());
        if revision.is_some_and(|revision| revision <= applied) {
            app.payloads.delete(&name).await?;
        }
    }
    if sync.erased_at.is_some() {
        let id = sync.id.to_string();
        app.dead_letters.empty(&id, "erasure", "the profile was erased").await?;
    }
    app.syncs
        .change(sync.id, |now| {
            let payloads = now.payloads && now.standing != Standing::Applied;
            (Sync { payloads, ..now }, ())
        })
        .await?;
    Ok(())
}
