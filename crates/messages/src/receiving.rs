//! An event as a function reads it: what is wrong with it is a reason to give it up, never to drop it.

use crate::cloud_event::CloudEvent;
use crate::event_type::EventType;
use custom_handler::{Failure, Invocation, Payload, QueueMessage, Settings};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use values::Revision;

/// Reads events of some types.
#[derive(Debug, Clone, Copy)]
pub struct EventReader {
    types: &'static [EventType],
}

/// An event whose type and data are what the function reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Received<T> {
    /// What happened.
    pub r#type: EventType,
    /// The event's own content.
    pub data: T,
    /// The event's attributes; its data is above.
    pub event: CloudEvent<Value>,
}

impl EventReader {
    /// An app that describes itself says that it receives these types.
    #[must_use]
    pub fn new(settings: &Settings, types: &'static [EventType]) -> Self {
        for one in types {
            let entry = json!({"type": one.name(), "uses": ["receive"]});
            settings.description().note("eventTypes", &entry);
        }
        Self { types }
    }

    /// Reads an event from a queue, and continues its trace.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] with the reason if it is no event, of another type, or has no data that fits; the reason names
    /// the place and never the value there.
    pub fn read<T: DeserializeOwned>(
        &self,
        message: &QueueMessage,
        invocation: &mut Invocation,
    ) -> Result<Received<T>, Failure> {
        self.checked(event(&message.body, invocation)?)
    }

    /// Reads an event of a hub, in which events of other types may lie as well, and continues its trace. `None`: it is of
    /// another type, and somebody else reads it.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] if it is no event.
    pub fn read_known(
        &self,
        body: &Payload,
        invocation: &mut Invocation,
    ) -> Result<Option<Received<Value>>, Failure> {
        let mut event = event(body, invocation)?;
        let data = event.data.take().unwrap_or_default();
        let known = self.types.iter().find(|known| known.name() == event.r#type);
        Ok(known.map(|known| Received { r#type: *known, data, event }))
    }

    /// As [`EventReader::read`], of an event that has no data: its `dataref` says where that lies, or its subject all.
    ///
    /// # Errors
    /// As [`EventReader::read`].
    pub fn read_reference(
        &self,
        message: &QueueMessage,
        invocation: &mut Invocation,
    ) -> Result<Received<()>, Failure> {
        let event = event(&message.body, invocation)?;
        let r#type = self.known(&event)?;
        Ok(Received { r#type, data: (), event })
    }

    /// The event's type, if it is one that is read here.
    fn known(&self, event: &CloudEvent<Value>) -> Result<EventType, Failure> {
        let found = self.types.iter().find(|known| known.name() == event.r#type);
        found.copied().ok_or_else(|| {
            let known: Vec<&str> = self.types.iter().map(|known| known.name()).collect();
            let known = known.join(", ");
            Failure::give_up(format!("the event's type is not one of {known}"))
        })
    }

    fn checked<T: DeserializeOwned>(
        &self,
        mut event: CloudEvent<Value>,
    ) -> Result<Received<T>, Failure> {
        let r#type = self.known(&event)?;
        let data = event.data.take().ok_or_else(|| Failure::give_up("the event has no data"))?;
        Ok(Received { r#type, data: read_data(data)?, event })
    }
}

fn read_data<T: DeserializeOwned>(data: Value) -> Result<T, Failure> {
    let read = Payload::Json(data).json();
    read.map_err(|failure| Failure::give_up(format!("`data`: {}", failure.reason())))
}

/// The event in a message; its trace goes on.
fn event(body: &Payload, invocation: &mut Invocation) -> Result<CloudEvent<Value>, Failure> {
    let event: CloudEvent<Value> = body.json()?;
    if let Some(parent) = &event.traceparent {
        invocation.continue_trace(parent, event.tracestate.as_deref());
    }
    Ok(event)
}

impl<T> Received<T> {
    /// What it happened to.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] if the event does not say.
    pub fn subject(&self) -> Result<&str, Failure> {
        let subject = self.event.subject.as_deref().filter(|subject| !subject.is_empty());
        subject.ok_or_else(|| Failure::give_up("the event has no subject"))
    }

    /// The revision of the subject that it tells of.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] if the event does not say, or says what is none.
    pub fn revision(&self) -> Result<Revision, Failure> {
        let said = self.event.revision.and_then(|number| u64::try_from(number).ok());
        let revision = said.and_then(|number| Revision::try_from(number).ok());
        revision.ok_or_else(|| Failure::give_up("the event has no revision"))
    }
}

impl Received<Value> {
    /// Its content as what events of its type hold.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] with the place that does not fit, and never the value there.
    pub fn content<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        read_data(self.data.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    const BAKED: EventType = EventType::new("com.iommi.bakery.baked.v1");

    #[derive(Debug, PartialEq, Deserialize)]
    struct Cake {
        name: String,
    }

    fn event() -> Value {
        json!({"specversion": "1.0", "id": "1", "source": "/bakery", "type": BAKED.name(), "subject": "7",
            "time": "2026-11-21T08:00:00Z", "data": {"name": "apple"}})
    }

    fn read(event: Value) -> Result<Received<Cake>, Failure> {
        let reader = EventReader { types: &[BAKED] };
        reader.checked(serde_json::from_value(event).unwrap())
    }

    #[test]
    fn what_fits_is_read() {
        let received = read(event()).unwrap();
        assert_eq!((received.subject(), received.data.name.as_str()), (Ok("7"), "apple"));
        assert_eq!(received.r#type, BAKED);
    }

    #[test]
    fn what_does_not_fit_is_given_up_with_the_place_and_without_the_value() {
        for (pointer, value, reason) in [
            ("/type", json!("com.iommi.bakery.burnt.v1"), "type is not one of"),
            ("/subject", json!(""), "no subject"),
            ("/subject", Value::Null, "no subject"),
            ("/data", Value::Null, "no data"),
            ("/data/name", json!(4711), "name"),
        ] {
            let mut event = event();
            *event.pointer_mut(pointer).unwrap() = value;
            let read = read(event).and_then(|received| received.subject().map(drop));
            let Err(Failure::GiveUp(said)) = read else { panic!("{pointer}") };
            assert!(said.contains(reason) && !said.contains("4711"), "{pointer}: {said}");
        }
    }
}
