//! Messages that failed again and again, or make no sense: kept where people find them.

use crate::app::App;
use crate::domain::{Occurrence, ProfileId, Reason, Revision};
use crate::letters;
use crate::store::StoreError;
use custom_handler::{Done, Failure, GivenUp, Invocation, QueueMessage};
use serde_json::Value;

/// How often a message was handed out before it came here (`maxDequeueCount` in host.json).
const TRIES: u32 = 5;

/// A message of a poison queue. It leaves the queue when it is kept.
pub(crate) async fn keep(
    app: &App,
    reason: Reason,
    message: &QueueMessage,
    invocation: &Invocation,
) -> Result<Done, Failure> {
    let text = message.body.to_string();
    let (profile_id, revision) = about(&text);
    let occurrence = Occurrence {
        id: letters::id(reason, &text),
        reason,
        code: None,
        detail: match reason {
            Reason::OutboxPoison => "the mainframe failed on this message again and again",
            _ => "this message failed again and again; the log of apply_acknowledgement says why",
        }
        .to_owned(),
        profile_id,
        revision,
        report: message.id.clone().unwrap_or_default(),
        message: text,
        by: invocation.function().to_owned(),
        first_at: message.insertion_time,
        attempts: TRIES,
    };
    tracing::warn!(
        dead_letter = occurrence.id,
        reason = reason.name(),
        "a poisonous message is kept"
    );
    app.letters.keep(&occurrence, app.clock.now()).await.map_err(Failure::again)?;
    Ok(Done::nothing())
}

/// A message that a function gave up: answers that cannot be read. No other function gives up.
pub(crate) async fn keep_given_up(app: &App, given_up: GivenUp) -> Result<(), StoreError> {
    let text = given_up.payload.to_string();
    let (profile_id, revision) = about(&text);
    let reason = Reason::UnreadableAnswer;
    let occurrence = Occurrence {
        id: letters::id(reason, &text),
        reason,
        code: None,
        detail: given_up.reason,
        profile_id,
        revision,
        report: given_up.metadata.text("PopReceipt").unwrap_or(given_up.invocation_id),
        message: text,
        by: given_up.function.to_owned(),
        first_at: None,
        attempts: 1,
    };
    app.letters.keep(&occurrence, app.clock.now()).await
}

/// Whose message it is, if it says so where events and answers do.
fn about(text: &str) -> (Option<ProfileId>, Option<Revision>) {
    let Ok(event) = serde_json::from_str::<Value>(text) else { return (None, None) };
    let profile = ["/subject", "/data/profileId"]
        .iter()
        .find_map(|place| event.pointer(place)?.as_str()?.parse().ok());
    let revision = ["/revision", "/data/revision"]
        .iter()
        .find_map(|place| event.pointer(place)?.as_u64()?.try_into().ok());
    (profile, revision)
}
