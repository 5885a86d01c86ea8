//! The message that tells the other apps what became of a photo: queue `photo-decisions`, described in
//! messages/photo-decided.schema.json. It may come twice and late; `revision` tells which one is newer.

use crate::domain::{Photo, PhotoId, PhotoState, ProfileId, Reason};
use azure_data::{Storage, StorageFailure};
use custom_handler::{Settings, TraceContext};
use jiff::Timestamp;
use messages::{CloudEvent, EventSender, EventType};
use serde::Serialize;
use values::Revision;

const DECIDED: EventType = EventType::new("com.iommi.photos.decided.v1");
const SOURCE: &str = "/photos";

#[derive(Debug)]
pub(crate) struct Announcements(EventSender);

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

impl Announcements {
    pub(crate) fn new(settings: &Settings, storage: &Storage) -> Self {
        Self(EventSender::new(settings, storage.queue_sender("photo-decisions"), &[DECIDED]))
    }

    pub(crate) async fn send(&self, photo: &Photo) -> Result<(), StorageFailure> {
        self.0.send(&event(photo)).await
    }
}

fn event(photo: &Photo) -> CloudEvent<Decided<'_>> {
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
    let event = CloudEvent::new(SOURCE, DECIDED, id, subject, photo.updated_at, data);
    let trace = photo.traceparent.as_deref().and_then(|parent| TraceContext::parse(parent, None));
    match trace {
        Some(trace) => event.in_trace(&trace),
        None => event,
    }
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
        let schema = include_str!("../../messages/photo-decided.schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&schema).unwrap();
        for state in PhotoState::ALL.into_iter().filter(|state| state.is_announced()) {
            let photo = Photo { state, reason: Some(Reason::KNOWN_IMAGE), ..photo.clone() };
            let sent: Value = serde_json::to_value(event(&photo)).unwrap();
            let errors: Vec<_> = validator.iter_errors(&sent["data"]).collect();
            assert!(errors.is_empty(), "{state}: {errors:?}");
            assert_eq!(
                (&sent["subject"], &sent["type"]),
                (&json!(profile), &json!(DECIDED.name()))
            );
            let trace = sent["traceparent"].as_str().unwrap();
            assert_eq!(trace[..35], parent[..35], "the trace of the ticket goes on");
        }
        let erased = photo.erased(Actor::Owner, now).unwrap();
        let sent: Value = serde_json::to_value(event(&erased)).unwrap();
        assert_eq!(sent["id"], format!("{}-2", erased.id));
        assert!(validator.is_valid(&sent["data"]), "{sent}");
    }
}
