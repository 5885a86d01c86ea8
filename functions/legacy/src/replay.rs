//! The current state of a profile, sent again.

use crate::app::App;
use crate::domain::{Change, Erased, ProfileId, State};
use crate::outbox::{self, Asked, SendError};
use crate::store::Current;
use azure_data::CosmosFailure;
use custom_handler::TraceContext;
use futures::{StreamExt, stream};

/// How many profiles are sent at the same time.
const MAX_AT_ONCE: usize = 16;

/// What there is to send of a profile: its document, or, when its tombstone has expired, what we know of its erasure.
pub(crate) async fn current(app: &App, id: ProfileId) -> Result<Option<Change>, CosmosFailure> {
    match app.profiles.current(&id.to_string()).await? {
        Current::Sendable(change) => return Ok(Some(*change)),
        // It is a dead letter, and its last sound state is on its way or there.
        Current::Broken(_) => return Ok(None),
        Current::Nothing => {}
    }
    let Some(sync) = app.syncs.read(id).await? else { return Ok(None) };
    let erased = sync.erased_at.zip(sync.sent);
    Ok(erased.map(|(erased_at, sent)| {
        State::Erased(Erased { id, revision: sent.revision, erased_at }).into()
    }))
}

/// Sends the current state of each, and says how many had one.
///
/// # Errors
/// The first failure; the others were tried all the same.
pub(crate) async fn send_again(
    app: &App,
    profiles: Vec<ProfileId>,
    trace: &TraceContext,
    asked: Asked,
) -> Result<u64, SendError> {
    let mut sending =
        stream::iter(profiles).map(|id| one(app, id, trace, asked)).buffer_unordered(MAX_AT_ONCE);
    let (mut sent, mut failure) = (0, None);
    while let Some(outcome) = sending.next().await {
        match outcome {
            Ok(had_state) => sent += u64::from(had_state),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(sent), Err)
}

async fn one(
    app: &App,
    id: ProfileId,
    trace: &TraceContext,
    asked: Asked,
) -> Result<bool, SendError> {
    if let Some(change) = current(app, id).await? {
        outbox::send(app, &change, trace, asked).await?;
        return Ok(true);
    }
    if asked == Asked::Once {
        // Else it would be due for ever, and stand before those that can be sent.
        let now = app.clock.now();
        app.syncs.change(id, |sync| (sync.postponed(now, &app.patience), ())).await?;
    }
    Ok(false)
}
