//! The message that tells the other apps what became of a photo: queue `photo-decisions`, described in
//! events/photo-decided.schema.json. It may come twice and late; `revision` tells which one is newer.

use crate::app::App;
use crate::domain::{Photo, PhotoId, PhotoState, ProfileId, Reason, Revision};
use custom_handler::TraceContext;
use iommi_app::{CloudEvent, StorageFailure};
use jiff::Timestamp;
use serde::Serialize;

const TYPE: &str = "com.iommi.photos.decided.v1";
const SOURCE: &str = "/photos";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Decided<'a> {
    photo_id: PhotoId,
    profile_id: ProfileId,
    state: PhotoState,
    reason: Option<&'a Reason>,
    revision: Revision,
    decided_at: Timestamp,
}

pub(crate) async fn send(app: &App, photo: &Photo) -> Result<(), StorageFailure> {
    app.decisions.send(&text(photo)).await
}

fn text(photo: &Photo) -> String {
    let data = Decided {
        photo_id: photo.id,
        profile_id: photo.profile_id,
        state: photo.state,
        reason: photo.reason.as_ref(),
        revision: photo.revision,
        decided_at: photo.decided_at.unwrap_or(photo.updated_at),
    };
    let id = format!("{}-{}", photo.id, photo.revision.get());
    let subject = photo.profile_id.to_string();
    let mut event = CloudEvent::new(SOURCE, TYPE, id, subject, photo.updated_at, data);
    let trace = photo.traceparent.as_deref().and_then(|parent| TraceContext::parse(parent, None));
    event.traceparent = trace.map(|trace| trace.child().traceparent());
    serde_json::to_string(&event).expect("an event of texts and numbers is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Actor, ContentType, Ticket};
    use serde_json::{Value, json};
    use uuid::Uuid;

    #[test]
    fn every_message_keeps_its_schema() {
        let now = Timestamp::UNIX_EPOCH;
        let ticket = Ticket::new(ContentType::Png, 9, now);
        let parent = TraceContext::fresh().traceparent();
        let (id, profile) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let photo = Photo::requested(id, profile, ticket, parent.clone(), now);
        let schema = include_str!("../events/photo-decided.schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&schema).unwrap();
        for state in PhotoState::ALL.into_iter().filter(|state| state.is_announced()) {
            let photo = Photo { state, reason: Some(Reason::KNOWN_IMAGE), ..photo.clone() };
            let event: Value = serde_json::from_str(&text(&photo)).unwrap();
            let errors: Vec<_> = validator.iter_errors(&event["data"]).collect();
            assert!(errors.is_empty(), "{state}: {errors:?}");
            assert_eq!((&event["subject"], &event["type"]), (&json!(profile), &json!(TYPE)));
            let trace = event["traceparent"].as_str().unwrap();
            assert_eq!(trace[..35], parent[..35], "the trace of the ticket goes on");
        }
        let erased = photo.erased(Actor::Owner, now).unwrap();
        let event: Value = serde_json::from_str(&text(&erased)).unwrap();
        assert_eq!(event["id"], format!("{}-2", erased.id));
        assert!(validator.is_valid(&event["data"]), "{event}");
    }
}
