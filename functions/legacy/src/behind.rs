//! Telling that a profile is behind what the mainframe has: people by the log, `profiles` by a message, so that it gives
//! the profile a revision above the one that was lost, and the change feed brings it again.

use crate::app::App;
use crate::domain::{ProfileId, Revision};
use crate::outbox::{SendError, origin};
use crate::views::revision_behind;
use custom_handler::TraceContext;

pub(crate) async fn tell(
    app: &App,
    id: ProfileId,
    revision: Revision,
    trace: &TraceContext,
) -> Result<(), SendError> {
    tracing::error!(
        alarm = "revision-behind",
        profile = id.to_string(),
        revision = revision.get(),
        "the document has lost this revision, which the mainframe has or may have: profiles is asked for a higher one"
    );
    let event = revision_behind(id, revision, app.clock.now(), &origin(trace));
    app.revisions.send(&event).await?;
    note(app, id).await
}

/// The profile lives though its erasure was sent: nothing of it is sent, and only people can say what is right.
pub(crate) async fn tell_undone(app: &App, id: ProfileId) -> Result<(), SendError> {
    tracing::error!(
        alarm = "erasure-undone",
        profile = id.to_string(),
        "an erased profile is there again: nothing of it is sent until it is erased once more"
    );
    note(app, id).await
}

/// There is no document of a profile that the mainframe has or may have.
pub(crate) fn tell_missing(id: ProfileId) {
    tracing::error!(
        alarm = "profile-missing",
        profile = id.to_string(),
        "there is no document of a profile that was sent: the mainframe has what nobody can change or erase"
    );
}

async fn note(app: &App, id: ProfileId) -> Result<(), SendError> {
    let now = app.clock.now();
    app.syncs.change(id, |sync| (sync.told(now, &app.patience), ())).await?;
    Ok(())
}
