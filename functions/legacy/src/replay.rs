//! The current state of a profile, read and sent: what was held back, what was not answered, what people ask for.

use crate::app::App;
use crate::behind;
use crate::domain::{Change, Erased, Judgement, ProfileId, State, Sync};
use crate::outbox::{self, Asked, SendError};
use crate::store::Current;
use azure_data::CosmosFailure;
use custom_handler::{Invocation, TraceContext};
use futures::{StreamExt, stream};
use tracing::Instrument;

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

/// Sends the newest state of a profile, which the caller has claimed. False if there is none, or if what can be read is
/// older than what the mainframe is to get.
pub(crate) async fn send_newest(
    app: &App,
    sync: &Sync,
    invocation: &Invocation,
) -> Result<bool, SendError> {
    if let Some(change) = current(app, sync.id).await? {
        return deliver(app, sync, &change, invocation, Asked::Once).await;
    }
    let now = app.clock.now();
    if sync.is_missed(now, &app.patience) {
        behind::tell_missing(sync.id);
    }
    // Else it would be due for ever, and stand before those that can be sent.
    app.syncs.change(sync.id, |sync| (sync.postponed(now, &app.patience), ())).await?;
    Ok(false)
}

/// Sends what was read, if it is as new as all that is known. True if it is.
async fn deliver(
    app: &App,
    sync: &Sync,
    change: &Change,
    invocation: &Invocation,
    asked: Asked,
) -> Result<bool, SendError> {
    let item = outbox::item(change, invocation);
    let delivered = send(app, sync, change, item.trace(), asked).instrument(item.span()).await;
    if delivered.is_err() {
        item.failed("again");
    }
    delivered
}

async fn send(
    app: &App,
    sync: &Sync,
    change: &Change,
    trace: &TraceContext,
    asked: Asked,
) -> Result<bool, SendError> {
    let now = app.clock.now();
    match sync.judge(&change.state.version(), now, &app.patience) {
        Judgement::Sound => {
            outbox::send(app, change, trace, asked).await?;
            return Ok(true);
        }
        Judgement::Old if asked == Asked::Once => {
            app.syncs.change(sync.id, |sync| (sync.put_off(now), ())).await?;
        }
        Judgement::Old => {
            app.syncs.change(sync.id, |sync| (sync.doubted(now), ())).await?;
        }
        Judgement::Behind(known) => behind::tell(app, sync.id, known, trace).await?,
        Judgement::Undone => behind::tell_undone(app, sync.id).await?,
    }
    Ok(false)
}

/// Sends the newest state of each that is due and that nobody else sends, and says how many there were.
///
/// # Errors
/// The first failure; the others were tried all the same.
pub(crate) async fn send_due(
    app: &App,
    profiles: Vec<ProfileId>,
    invocation: &Invocation,
) -> Result<u64, SendError> {
    all(profiles.into_iter().map(|id| send_if_due(app, id, invocation))).await
}

/// Sends the current state of each, though it may have been answered, and says how many had one.
///
/// # Errors
/// The first failure; the others were tried all the same.
pub(crate) async fn send_again(
    app: &App,
    profiles: Vec<ProfileId>,
    invocation: &Invocation,
) -> Result<u64, SendError> {
    all(profiles.into_iter().map(|id| send_anew(app, id, invocation))).await
}

async fn send_if_due(app: &App, id: ProfileId, invocation: &Invocation) -> Result<bool, SendError> {
    let now = app.clock.now();
    let (sync, is_ours) = app.syncs.change(id, |sync| sync.claimed(now)).await?;
    if is_ours { send_newest(app, &sync, invocation).await } else { Ok(false) }
}

async fn send_anew(app: &App, id: ProfileId, invocation: &Invocation) -> Result<bool, SendError> {
    // What is known before the document is read cannot be newer than that by right.
    let sync = app.syncs.read(id).await?.unwrap_or_else(|| Sync::new(id));
    let Some(change) = current(app, id).await? else {
        if sync.is_missed(app.clock.now(), &app.patience) {
            behind::tell_missing(id);
        }
        return Ok(false);
    };
    deliver(app, &sync, &change, invocation, Asked::Anew).await
}

async fn all<F>(sending: impl Iterator<Item = F>) -> Result<u64, SendError>
where
    F: Future<Output = Result<bool, SendError>>,
{
    let mut sending = stream::iter(sending).buffer_unordered(MAX_AT_ONCE);
    let (mut sent, mut failure) = (0, None);
    while let Some(outcome) = sending.next().await {
        match outcome {
            Ok(was_sent) => sent += u64::from(was_sent),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(sent), Err)
}
