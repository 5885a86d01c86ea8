//! Queue `photo-decisions`: the photos app says what became of a photo

mod message;

use crate::app::App;
use crate::domain::{Decision, ProfileId};
use crate::store::ChangeError;
use custom_handler::{Done, Failure, Invocation, QueueMessage};
use iommi_app::{StorageFailure, pause};
use message::Decided;
use std::time::Duration;

/// How often a change is tried again because others change the profile meanwhile.
const MAX_TRIES: u32 = 12;
/// How often the queue hands a message out before it is poison: `maxDequeueCount` of host.json.
const MAX_DEQUEUES: i64 = 5;
/// How long a message waits that could not be dealt with in so many tries.
const PUT_OFF: Duration = Duration::from_secs(60);

/// Keeps the profile's `photos` current. A decision that is older than what is known, or about a profile that
/// is not there (any more), changes nothing.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let Decided { profile_id, decision, traceparent, tracestate } = Decided::read(&message)?;
    if let Some(parent) = &traceparent {
        invocation.continue_trace(parent, tracestate.as_deref());
    }
    match apply(app, profile_id, &decision).await {
        Err(Failure::Again(reason)) if is_last_try(&message) => {
            put_off(app, &message).await.map_err(Failure::again)?;
            Ok(Done::nothing().log(format!("put off: {reason}")))
        }
        applied => applied,
    }
}

async fn apply(app: &App, id: ProfileId, decision: &Decision) -> Result<Done, Failure> {
    for tries in 0..MAX_TRIES {
        let current = app.profiles.read(id).await.map_err(Failure::again)?;
        let Some(current) = current else {
            return Ok(Done::nothing().log(format!("there is no profile {id}")));
        };
        let now = app.clock.now();
        let edited = current.value.with_photo_decided(decision, now);
        match app.profiles.replace(&current, edited, now).await {
            Ok(_) => return Ok(Done::nothing()),
            Err(ChangeError::Changed) => pause(tries).await,
            Err(other) => return Err(Failure::again(other)),
        }
    }
    Err(Failure::again("others kept changing the profile"))
}

/// The next failure would make it poison, which nobody takes up by itself.
fn is_last_try(message: &QueueMessage) -> bool {
    message.dequeue_count.is_some_and(|count| count >= MAX_DEQUEUES)
}

/// Sends the message to its own queue again, for later. If this process dies now it is there twice, which is
/// harmless.
async fn put_off(app: &App, message: &QueueMessage) -> Result<(), StorageFailure> {
    app.photo_decisions.send_later(&message.body.to_string(), PUT_OFF).await
}
