//! `eventGridTrigger`. Source: `EventGridExtensionConfigProvider.cs` of the Event Grid extension.

use serde_json::Value;

use super::{BindingData, Envelope, HostValue};

/// The envelope of one event, in the schema it came in: the event is an object, not a quoted string.
pub fn event(name: &str, event: &Value) -> Envelope {
    let mut data = BindingData::default();
    data.set_some("data", event.get("data").cloned().map(HostValue::Json));
    Envelope::new(name, HostValue::Json(event.clone()), data)
}

/// The envelope of all events of one delivery (`cardinality: many`): a string that holds an array.
pub fn events(name: &str, events: &[Value]) -> Envelope {
    let of_each = events.iter().map(|event| event.get("data").cloned().unwrap_or(Value::Null));
    let mut data = BindingData::default();
    data.set("data", HostValue::Json(of_each.collect()));
    Envelope::new(name, HostValue::Json(Value::Array(events.to_vec())), data)
}
