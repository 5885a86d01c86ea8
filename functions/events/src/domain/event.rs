//! An event as the lake needs it: enough of a CloudEvent to know what it is, when it happened and whom it is about.

use super::{Hour, Shelf, Source};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// Members of `data` that are the id of a person. What is erased by one of them is erased with the person, whatever the
/// event itself is about.
const PEOPLE: [&str; 2] = ["profileId", "contactId"];

/// A CloudEvent in structured JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) r#type: String,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) subject: Option<String>,
    pub(crate) time: Timestamp,
    /// The ids that name a person, or may: its subject and what its data says.
    pub(crate) people: Vec<String>,
    /// As it was sent.
    pub(crate) text: String,
}

/// Why a body is no event that the lake takes; without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoEvent {
    #[error("it is no CloudEvent in structured JSON")]
    NoCloudEvent,
    #[error("its type is no name that can be a folder")]
    TypeUnusable,
    #[error("its time lies before 1970")]
    TimeUnusable,
}

#[derive(Deserialize)]
struct Envelope {
    specversion: String,
    id: String,
    source: String,
    r#type: String,
    subject: Option<String>,
    time: Timestamp,
    #[serde(default)]
    data: Value,
}

impl Event {
    /// Reads the body of a message.
    pub(crate) fn read(body: &[u8]) -> Result<Self, NoEvent> {
        let text = std::str::from_utf8(body).map_err(|_| NoEvent::NoCloudEvent)?;
        let envelope: Envelope = serde_json::from_str(text).map_err(|_| NoEvent::NoCloudEvent)?;
        let Envelope { specversion, id, source, r#type, subject, time, data } = envelope;
        if specversion != "1.0" || id.is_empty() || source.is_empty() {
            return Err(NoEvent::NoCloudEvent);
        }
        if !Shelf::can_hold(&r#type) {
            return Err(NoEvent::TypeUnusable);
        }
        if Hour::of(time).is_none() {
            return Err(NoEvent::TimeUnusable);
        }
        let named = PEOPLE.iter().filter_map(|name| data[name].as_str().map(str::to_owned));
        let mut people: Vec<String> = subject.iter().cloned().chain(named).collect();
        people.sort_unstable();
        people.dedup();
        Ok(Self { r#type, source, id, subject, time, people, text: text.to_owned() })
    }

    /// Where it lies, if it came through this partition.
    pub(crate) fn shelf(&self, source: &Source) -> Result<Shelf, NoEvent> {
        let hour = Hour::of(self.time).ok_or(NoEvent::TimeUnusable)?;
        Ok(Shelf { hour, source: source.clone(), r#type: self.r#type.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(changes: &Value) -> Vec<u8> {
        let mut event = json!({ "specversion": "1.0", "id": "1", "source": "/conversions", "type": "com.iommi.conversions.lead-generated.v1",
            "subject": "lead", "time": "2026-11-30T08:15:00Z", "data": { "leadId": "lead", "contactId": "person" } });
        for (name, value) in changes.as_object().unwrap() {
            event[name] = value.clone();
        }
        event.to_string().into_bytes()
    }

    #[test]
    fn an_event_lies_in_the_hour_in_which_it_happened_and_names_its_people() {
        let read = Event::read(&event(&json!({}))).unwrap();
        let shelf = read.shelf(&Source { hub: "lead".to_owned(), partition: 1 }).unwrap();
        assert_eq!(
            shelf.to_string(),
            "com.iommi.conversions.lead-generated.v1|2026-11-30T08|lead-1"
        );
        assert_eq!(read.people, ["lead", "person"]);
    }

    #[test]
    fn what_is_no_event_is_told_without_what_it_says() {
        for (changes, why) in [
            (json!({ "specversion": "0.3" }), NoEvent::NoCloudEvent),
            (json!({ "id": "" }), NoEvent::NoCloudEvent),
            (json!({ "time": "yesterday" }), NoEvent::NoCloudEvent),
            (json!({ "type": "../up" }), NoEvent::TypeUnusable),
            (json!({ "time": "1969-01-01T00:00:00Z" }), NoEvent::TimeUnusable),
        ] {
            assert_eq!(Event::read(&event(&changes)).unwrap_err(), why, "{changes}");
        }
        assert_eq!(Event::read(b"\xff").unwrap_err(), NoEvent::NoCloudEvent);
    }
}
