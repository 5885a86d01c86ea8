//! Queue `legacy-inbox`: what the mainframe answered.
//!
//! An answer may come twice, late, out of order or before the record of what it answers: see `domain/answering.rs`. If
//! something newer was held back for it, that goes now. Every step here can be done again.

use crate::app::App;
use crate::domain::{Answer, Next, ProfileId, Standing};
use crate::store::Current;
use crate::views::Message;
use crate::{behind, dead_letters, erasure, outbox, replay};
use custom_handler::{Done, Failure, Function, Invocation, Metric, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

const LAG: Metric = Metric::histogram(
    "iommi.legacy.sync.lag",
    "s",
    "from a change of a profile to the mainframe's answer that it has it",
);

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let received = app.answers.read(&message, &mut invocation)?;
    let answer = Answer { id: received.event.id, data: received.data };
    let now = app.clock.now();
    let profile = answer.data.profile_id;
    let applied = app.syncs.change(profile, |sync| {
        let before = sync.applied.as_ref().map(|applied| applied.revision);
        let (sync, next) = sync.after_answer(&answer, now, &app.patience);
        let took = sync.took(before);
        (sync, (next, took))
    });
    let (sync, (next, took)) = applied.await.map_err(Failure::again)?;
    if let Some(took) = took {
        LAG.record(took.as_secs_f64(), &[]);
    }
    tracing::info!(
        profile = profile.to_string(),
        revision = answer.data.revision.get(),
        outcome = ?answer.data.outcome,
        standing = ?sync.standing,
        "answered"
    );
    match next {
        Next::Nothing => {}
        Next::Refused => keep_refused(app, &answer, &invocation).await?,
        Next::Behind(revision) => {
            let told = behind::tell(app, profile, revision, invocation.trace()).await;
            told.map_err(Failure::again)?;
        }
        Next::SendNewest => {
            let sent = replay::send_newest(app, &sync, &invocation).await;
            sent.map_err(Failure::again)?;
        }
    }
    if sync.standing == Standing::Applied && (sync.payloads || sync.erased_at.is_some()) {
        erasure::tidy(app, &sync).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}

async fn keep_refused(app: &App, answer: &Answer, invocation: &Invocation) -> Result<(), Failure> {
    let event = refused_event(app, answer.data.profile_id, invocation).await?;
    let report = dead_letters::refused(&answer.id, &answer.data, event, invocation.function());
    app.dead_letters.keep(app, &report).await.map_err(Failure::again)
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
