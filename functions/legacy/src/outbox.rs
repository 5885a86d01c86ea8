//! Sending: the blob if there is one, then the message, then the record that it was sent. Whatever is interrupted is
//! done again from the beginning, and the mainframe takes a revision only once.

use crate::app::App;
use crate::domain::{Change, Dispatch};
use crate::store::NotStored;
use crate::views::Message;
use azure_data::{CosmosFailure, StorageFailure};
use custom_handler::{Invocation, Item, TraceContext};
use values::TraceOrigin;

/// Why something was not sent, or is not known to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    Store(#[from] NotStored),
}

impl From<CosmosFailure> for SendError {
    fn from(failure: CosmosFailure) -> Self {
        Self::Store(failure.into())
    }
}

/// How often sending has been asked for, as far as the mainframe is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// By the feed, which may repeat itself.
    Once,
    /// By somebody who wants an answer even if there was one.
    Anew,
}

/// The work at a change: in the trace of the request that made it, also if something else lets it go on.
pub(crate) fn item(change: &Change, invocation: &Invocation) -> Item {
    let origin = change.origin.as_ref();
    let tracestate = origin.and_then(|origin| origin.tracestate.as_deref());
    invocation.item(origin.map(|origin| origin.traceparent.as_str()), tracestate)
}

pub(crate) fn origin(trace: &TraceContext) -> TraceOrigin {
    TraceOrigin {
        traceparent: trace.traceparent(),
        tracestate: trace.tracestate().map(str::to_owned),
    }
}

pub(crate) async fn send(
    app: &App,
    change: &Change,
    trace: &TraceContext,
    asked: Asked,
) -> Result<(), SendError> {
    send_message(app, Message::of(change, &origin(trace)), asked).await
}

pub(crate) async fn send_message(
    app: &App,
    message: Message,
    asked: Asked,
) -> Result<(), SendError> {
    let Message { id, revision, written_at, erased_at, event, payload } = message;
    let dispatch = Dispatch {
        revision,
        written_at,
        erased_at,
        payload: payload.is_some(),
        anew: asked == Asked::Anew,
    };
    if let Some(payload) = payload {
        app.payloads.put(&payload.name, payload.content.into(), "application/json").await?;
    }
    app.outbox.send(&event).await?;
    let now = app.clock.now();
    app.syncs.change(id, |sync| (sync.after_sending(dispatch, now, &app.patience), ())).await?;
    Ok(())
}
