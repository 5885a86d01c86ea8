//! Queue `legacy-inbox`: what the mainframe answered.
//!
//! An answer may come twice, late, out of order or before the record of what it answers: see `domain/sync.rs`. Every
//! step here can be done again.

use crate::app::App;
use crate::domain::{Answer, Message, Occurrence, ProfileId, Reason, Standing};
use crate::outbox;
use crate::store::Current;
use crate::{erasure, letters};
use custom_handler::{Done, Failure, Invocation, QueueMessage};

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let answer: Answer = message.json()?;
    if let Some(parent) = &answer.traceparent {
        invocation.continue_trace(parent, answer.tracestate.as_deref());
    }
    let now = app.clock.now();
    let profile = answer.data.profile_id;
    let applied = app.syncs.change(profile, |sync| sync.after_answer(&answer, now, &app.patience));
    let (sync, refused) = applied.await.map_err(Failure::again)?;
    tracing::info!(
        profile = profile.to_string(),
        revision = answer.data.revision.get(),
        outcome = ?answer.data.outcome,
        standing = ?sync.standing,
        "answered"
    );
    if refused {
        keep_refused(app, &answer, &invocation).await?;
    }
    if sync.standing == Standing::Applied && (sync.payloads || sync.erased_at.is_some()) {
        erasure::tidy(app, &sync).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}

async fn keep_refused(app: &App, answer: &Answer, invocation: &Invocation) -> Result<(), Failure> {
    let answered = &answer.data;
    let code = answered.code.clone();
    let occurrence = Occurrence {
        id: letters::refusal_id(answered.profile_id, answered.revision),
        reason: Reason::Refused,
        detail: answered
            .reason
            .clone()
            .unwrap_or_else(|| "the mainframe gave no reason".to_owned()),
        code,
        profile_id: Some(answered.profile_id),
        revision: Some(answered.revision),
        message: refused_event(app, answered.profile_id, invocation).await?,
        report: answer.id.clone(),
        by: invocation.function().to_owned(),
        first_at: None,
        attempts: 1,
    };
    app.letters.keep(&occurrence, app.clock.now()).await.map_err(Failure::again)
}

/// The event as it would be sent now, whole, to be edited and sent again. Empty if there is nothing to send any more.
async fn refused_event(
    app: &App,
    id: ProfileId,
    invocation: &Invocation,
) -> Result<String, Failure> {
    let current = app.profiles.current(&id.to_string()).await.map_err(Failure::again)?;
    Ok(match current {
        Current::Sendable(change) => Message::whole(&change, &outbox::origin(invocation.trace())),
        Current::Nothing | Current::Broken(_) => String::new(),
    })
}
