//! What goes into the queue: a CloudEvents 1.0 event with the full state of a profile, or with the path of a blob that
//! has it (claim check).

use crate::domain::{Change, ProfileId, Revision, State};
use jiff::Timestamp;
use messages::{CloudEvent, EventType};
use serde::Serialize;
use serde_json::{Value, json};
use values::TraceOrigin;

/// The largest event that goes into the queue as it is, in bytes of JSON. A queue takes 64 KiB, and base64 makes four
/// bytes of three.
const MAX_INLINE_BYTES: usize = 48 * 1024;
/// Where the state lies that is too large for the queue.
const PAYLOADS: &str = "legacy-payloads";

/// Who says it.
const SOURCE: &str = "/legacy";
/// A profile is new or has changed.
const CHANGED: EventType = EventType::new("com.iommi.legacy.profile-changed.v1");
/// A profile was erased.
const ERASED: EventType = EventType::new("com.iommi.legacy.profile-erased.v1");
/// The types of all events that are sent.
pub(crate) const SENT: &[EventType] = &[CHANGED, ERASED];
/// What they were called before. An event that was kept under such a name is sent under today's.
const FORMERLY: [(&str, EventType); 2] =
    [("com.iommi.profiles.changed.v1", CHANGED), ("com.iommi.profiles.erased.v1", ERASED)];

/// Ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: ProfileId,
    pub(crate) revision: Revision,
    /// When the profile became so; none of an event that people may have edited.
    pub(crate) written_at: Option<Timestamp>,
    /// When the profile was erased, if this says so.
    pub(crate) erased_at: Option<Timestamp>,
    /// Whoever sends it says from where in its trace.
    pub(crate) event: CloudEvent<Value>,
    /// The blob that must be there before the event is.
    pub(crate) payload: Option<Payload>,
}

/// A blob of the container `legacy-payloads`: the event's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) name: String,
    pub(crate) content: String,
}

/// Why a text cannot be sent as an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unsendable(pub(crate) String);

/// What the names of all blobs of a profile begin with.
pub(crate) fn payload_prefix(id: ProfileId) -> String {
    format!("{id}/")
}

impl Message {
    /// The message for a change. `origin` is who to name if the change does not.
    pub(crate) fn of(change: &Change, origin: &TraceOrigin) -> Self {
        let (id, revision) = (change.state.id(), change.state.revision());
        let erased_at = match &change.state {
            State::Living(_) => None,
            State::Erased(erased) => Some(erased.erased_at),
        };
        let message = into_message(event(change, origin), (id, revision), erased_at);
        Self { written_at: Some(change.state.since()), ..message }
    }

    /// The event with all its data, however large: to be kept and looked at.
    pub(crate) fn whole(change: &Change, origin: &TraceOrigin) -> String {
        text(&event(change, origin))
    }

    /// An event that was kept, and perhaps edited, as it would be sent today.
    ///
    /// # Errors
    /// What keeps it from being one, without its values.
    pub(crate) fn again(text: &str) -> Result<Self, Unsendable> {
        let mut json = serde_json::Deserializer::from_str(text);
        let mut event: CloudEvent<Value> =
            serde_path_to_error::deserialize(&mut json).map_err(|error| {
                Unsendable(format!("{} is not as an event has it", place(error.path())))
            })?;
        let wrong = |what: &str| Err(Unsendable(what.to_owned()));
        let Some(r#type) = type_named(&event.r#type) else {
            return wrong("type is not one of ours");
        };
        let id: Option<ProfileId> = event.subject.as_deref().and_then(|text| text.parse().ok());
        let Some(id) = id else { return wrong("subject is not the id of a profile") };
        let revision = event.revision.and_then(|number| u64::try_from(number).ok());
        let Some(revision) = revision.and_then(|number| Revision::try_from(number).ok()) else {
            return wrong("revision is not one that a profile can have");
        };
        if event.id != format!("{id}-{revision}") {
            return wrong("id must be the subject, a hyphen and the revision");
        }
        let erased_at = match &event.data {
            None if event.dataref.is_none() => return wrong("data is missing"),
            None => None,
            Some(data) if data["id"] != json!(id) => return wrong("data/id is not the subject"),
            Some(data) if data["revision"] != revision.get() => {
                return wrong("data/revision is not the revision");
            }
            Some(_) => (r#type == ERASED).then_some(event.time),
        };
        event.r#type = r#type.name().to_owned();
        event.source = SOURCE.to_owned();
        Ok(into_message(event, (id, revision), erased_at))
    }
}

fn type_of(state: &State) -> EventType {
    match state {
        State::Living(_) => CHANGED,
        State::Erased(_) => ERASED,
    }
}

/// Whether this is an event that says that a person was erased: all that it has about that person is the id.
pub(crate) fn is_erasure(event: &Value) -> bool {
    event["type"].as_str().and_then(type_named).is_some_and(|r#type| r#type == ERASED)
}

fn type_named(name: &str) -> Option<EventType> {
    let today = SENT.iter().map(|known| (known.name(), *known));
    today.chain(FORMERLY).find(|(known, _)| *known == name).map(|(_, known)| known)
}

fn event(change: &Change, origin: &TraceOrigin) -> CloudEvent<Value> {
    let data = match &change.state {
        State::Living(profile) => json!(profile),
        State::Erased(erased) => json!(erased),
    };
    let (state, origin) = (&change.state, change.origin.as_ref().unwrap_or(origin));
    let (id, revision) = (state.id(), state.revision());
    let name = format!("{id}-{revision}");
    let event = CloudEvent::new(SOURCE, type_of(state), name, id.to_string(), state.since(), data);
    CloudEvent {
        traceparent: Some(origin.traceparent.clone()),
        tracestate: origin.tracestate.clone(),
        ..event.of_revision(revision)
    }
}

fn into_message(
    mut event: CloudEvent<Value>,
    (id, revision): (ProfileId, Revision),
    erased_at: Option<Timestamp>,
) -> Message {
    let mut payload = None;
    if text(&event).len() > MAX_INLINE_BYTES {
        let name = format!("{}{revision}.json", payload_prefix(id));
        event.dataref = Some(format!("{PAYLOADS}/{name}"));
        payload = event.data.take().map(|data| Payload { name, content: text(&data) });
    }
    Message { id, revision, written_at: None, erased_at, event, payload }
}

fn place(path: &serde_path_to_error::Path) -> String {
    let path = path.to_string();
    if path == "." { "the text".to_owned() } else { path.replace('.', "/") }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChangeDocument;
    use proptest::prelude::*;

    fn origin() -> TraceOrigin {
        TraceOrigin {
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
            tracestate: None,
        }
    }

    fn change(name: &str, subscriptions: usize) -> Change {
        let subscriptions: Vec<Value> = (0..subscriptions)
            .map(|n| json!({"serviceId": format!("{n:064}"), "since": "2026-03-01T08:00:00Z"}))
            .collect();
        let document = json!({
            "state": "active", "id": "01980c6e-1111-7000-8000-000000000001",
            "account": {"id": "01980c6e-1111-7000-8000-000000000002", "emailAddress": "k@example.com", "userName": "kim"},
            "givenName": name, "familyName": "Larsen", "age": null, "address": null, "picture": null, "photos": [],
            "subscriptions": subscriptions, "revision": 3, "createdAt": "2026-03-01T08:00:00Z",
            "updatedAt": "2026-03-02T08:00:00Z", "schemaVersion": 1,
        });
        serde_json::from_value::<ChangeDocument>(document).unwrap().into_change().unwrap()
    }

    #[test]
    fn a_large_profile_leaves_its_data_at_the_cloakroom() {
        let message = Message::of(&change("Kim", 1000), &origin());
        let (event, payload) = (json!(message.event), message.payload.unwrap());
        assert!(payload.content.len() > 90 * 1024 && event.to_string().len() < 1024);
        assert_eq!(event["dataref"], format!("legacy-payloads/{}", payload.name));
        assert_eq!(
            (payload.name.as_str(), event.get("data")),
            ("01980c6e-1111-7000-8000-000000000001/3.json", None)
        );
        assert_eq!(
            serde_json::from_str::<Value>(&payload.content).unwrap()["subscriptions"]
                .as_array()
                .unwrap()
                .len(),
            1000
        );
    }

    #[test]
    fn an_edited_event_must_still_be_one() {
        let sent = Message::of(&change("Kim", 0), &origin());
        let again = Message { written_at: None, ..sent.clone() };
        assert_eq!(Message::again(&text(&sent.event)), Ok(again));
        for (pointer, value) in [
            ("/subject", json!("kim")),
            ("/revision", json!(4)),
            ("/type", json!("x")),
            ("/data/id", json!("x")),
            ("/data/revision", json!(9)),
            ("/data", Value::Null),
            ("/time", json!("now")),
        ] {
            let mut edited = json!(sent.event);
            *edited.pointer_mut(pointer).unwrap() = value;
            assert!(Message::again(&edited.to_string()).is_err(), "{pointer}");
        }
        assert!(Message::again("not JSON").is_err());
    }

    #[test]
    fn an_event_that_was_kept_under_its_former_name_is_sent_under_todays() {
        let sent = Message::of(&change("Kim", 0), &origin());
        let mut former = json!(sent.event);
        former["type"] = json!("com.iommi.profiles.changed.v1");
        former["source"] = json!("/profiles");
        let again = Message { written_at: None, ..sent };
        assert_eq!(Message::again(&former.to_string()), Ok(again));
    }

    proptest! {
        #[test]
        fn no_event_is_too_large_for_the_queue_and_no_name_is_changed(name in "\\PC{0,400}", subscriptions in 0_usize..900) {
            let message = Message::of(&change(&name, subscriptions), &origin());
            prop_assert!(text(&message.event).len() <= MAX_INLINE_BYTES);
            let event = json!(message.event);
            let data = match &message.payload {
                Some(payload) => serde_json::from_str(&payload.content).unwrap(),
                None => event["data"].clone(),
            };
            prop_assert_eq!(data["givenName"].as_str(), Some(name.as_str()));
            prop_assert_eq!(&event["revision"], &data["revision"]);
        }
    }
}
