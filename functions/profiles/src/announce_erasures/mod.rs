//! Change feed of `profiles`: tells the photos app who was erased

use crate::app::App;
use crate::domain::{ProfileId, Revision};
use crate::store::GivenUpMessage;
use custom_handler::{ChangeFeed, Done, Failure, Invocation, Rejected};
use iommi_app::CloudEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const SOURCE: &str = "/profiles";
const TYPE: &str = "com.iommi.profiles.erased.v1";
/// The `state` of a tombstone.
const ERASED: &str = "erased";

/// What is needed of a tombstone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tombstone {
    id: ProfileId,
    revision: Revision,
    erased_at: Timestamp,
}

/// The event's data: events/erased.schema.json.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Erased {
    profile_id: ProfileId,
    erased_at: Timestamp,
}

/// Sends a message to `photo-erasures` for every tombstone of the batch. A tombstone comes more than once: when it
/// is written, when its erasure is complete, and after a failure; so does its message, with the same id.
pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let is_erased = |document: &serde_json::Value| document["state"] == ERASED;
    let documents = feed.documents.into_iter().filter(is_erased).collect();
    let (tombstones, rejected) = ChangeFeed { documents }.parse::<Tombstone>();
    for tombstone in &tombstones {
        let text = text(tombstone, &invocation);
        app.photo_erasures.send(&text).await.map_err(Failure::again)?;
    }
    for rejected in &rejected {
        keep(app, rejected, &invocation).await?;
    }
    Ok(Done::nothing().log(format!("{} erasures announced", tombstones.len())))
}

fn text(tombstone: &Tombstone, invocation: &Invocation) -> String {
    let Tombstone { id, revision, erased_at } = *tombstone;
    let data = Erased { profile_id: id, erased_at };
    let event_id = format!("{id}-{}", revision.get());
    let mut event = CloudEvent::new(SOURCE, TYPE, event_id, id.to_string(), erased_at, data);
    event.traceparent = Some(invocation.trace().child().traceparent());
    serde_json::to_string(&event).expect("an event of ids and times is JSON")
}

/// One tombstone that cannot be read must not stop the feed, nor be lost.
async fn keep(app: &App, rejected: &Rejected, invocation: &Invocation) -> Result<(), Failure> {
    tracing::error!(
        profile = rejected.id(),
        problem = rejected.problem,
        "a tombstone cannot be read; it is kept in given-up"
    );
    let document = rejected.document.to_string();
    let kept = GivenUpMessage {
        function: invocation.function(),
        reason: &rejected.problem,
        message: &document,
        trace_id: &invocation.trace().trace_id(),
        given_up_at: app.clock.now(),
    };
    app.given_up.keep(kept).await.map_err(Failure::again)
}
