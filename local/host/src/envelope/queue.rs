//! `queueTrigger`. Source: `QueueTriggerBinding.cs` of the storage queues extension.

use function_json::DataType;
use jiff::Timestamp;

use super::{BindingData, Envelope, HostValue};

/// A message as the trigger received it, already decoded from its wire encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The content.
    pub body: Vec<u8>,
    /// Message id; `None` when invoked by hand.
    pub id: Option<String>,
    /// Deliveries so far, this one included.
    pub dequeue_count: u32,
    /// When it was sent.
    pub inserted: Timestamp,
    /// When the queue drops it; `None` = never.
    pub expires: Option<Timestamp>,
    /// When others see it again.
    pub next_visible: Option<Timestamp>,
    /// The receipt that deletes or updates it.
    pub pop_receipt: Option<String>,
}

/// The envelope of one message: text quoted, or bare base64 with `dataType: binary`.
pub fn message(name: &str, data_type: Option<DataType>, message: &Message) -> Envelope {
    let text = String::from_utf8_lossy(&message.body);
    let forever = HostValue::DateTimeOffset(Timestamp::MAX);
    let moment =
        |moment: Option<Timestamp>| moment.map_or(forever.clone(), HostValue::DateTimeOffset);
    let mut data = BindingData::default();
    data.set("QueueTrigger", HostValue::Text(text.to_string()));
    data.set("DequeueCount", HostValue::Json(message.dequeue_count.into()));
    data.set("ExpirationTime", moment(message.expires));
    data.set_some("Id", message.id.clone().map(HostValue::Text));
    data.set("InsertionTime", HostValue::DateTimeOffset(message.inserted));
    data.set("NextVisibleTime", moment(message.next_visible));
    data.set_some("PopReceipt", message.pop_receipt.clone().map(HostValue::Text));
    data.mark_system();
    let value = match data_type {
        Some(DataType::Binary) => HostValue::Bytes(message.body.clone()),
        _ => {
            data.merge_payload(&text);
            HostValue::Text(text.into_owned())
        }
    };
    Envelope::new(name, value, data)
}
