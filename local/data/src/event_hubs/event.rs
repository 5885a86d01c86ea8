//! An event, before and after it has its place in a partition.

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::property::Property;
use crate::persistence::{from_json, json};

/// Properties by name.
pub(crate) type Properties = BTreeMap<String, Property>;

/// Bytes of an event besides what it says: its annotations and the frames around it.
const OVERHEAD_BYTES: usize = 64;
/// Bytes in front of a frame: two lengths.
const LENGTHS_BYTES: usize = 8;

/// An event as its sender gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NewEvent {
    pub(crate) body: Bytes,
    pub(crate) partition_key: Option<String>,
    /// The sender's own.
    pub(crate) properties: Properties,
    /// The properties section of AMQP: `content-type`, `message-id`, `correlation-id` and so on.
    pub(crate) system_properties: Properties,
}

/// An event of a partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HubEvent {
    /// Its number in the partition: 0, 1, 2 …
    pub sequence_number: i64,
    /// Where it begins in the partition, in bytes.
    pub offset: i64,
    /// When the hub took it, in milliseconds.
    pub enqueued: Timestamp,
    /// The key that chose the partition.
    pub partition_key: Option<String>,
    /// The sender's own properties.
    pub properties: BTreeMap<String, Property>,
    /// The properties section of AMQP: `content-type`, `message-id`, `correlation-id` and so on.
    pub system_properties: BTreeMap<String, Property>,
    /// The content.
    #[serde(skip)]
    pub body: Bytes,
}

impl NewEvent {
    /// Bytes that count against the limit of a message.
    pub(super) fn size(&self) -> usize {
        let properties = self.properties.iter().chain(&self.system_properties);
        let named: usize = properties.map(|(name, value)| name.len() + value.size()).sum();
        let key = self.partition_key.as_ref().map_or(0, String::len);
        OVERHEAD_BYTES + self.body.len() + key + named
    }

    pub(super) fn placed(self, sequence_number: i64, offset: i64, enqueued: Timestamp) -> HubEvent {
        let Self { body, partition_key, properties, system_properties } = self;
        HubEvent {
            sequence_number,
            offset,
            enqueued,
            partition_key,
            properties,
            system_properties,
            body,
        }
    }
}

impl HubEvent {
    /// As it is kept and handed on: the lengths of the two parts, all but the body as JSON, the body.
    pub(super) fn to_frame(&self) -> Vec<u8> {
        let head = json(self);
        let mut frame = Vec::with_capacity(LENGTHS_BYTES + head.len() + self.body.len());
        for part in [&head[..], &self.body[..]] {
            frame.put_u32(u32::try_from(part.len()).expect("an event is at most a megabyte"));
        }
        frame.put_slice(&head);
        frame.put_slice(&self.body);
        frame
    }

    /// Reads one frame off the front of `bytes`.
    pub(super) fn of_frame(bytes: &mut Bytes) -> Result<Self, String> {
        let cut_off = || "an event is cut off".to_owned();
        if bytes.len() < LENGTHS_BYTES {
            return Err(cut_off());
        }
        let [head, body] = [bytes.get_u32(), bytes.get_u32()]
            .map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if head.checked_add(body).is_none_or(|length| bytes.len() < length) {
            return Err(cut_off());
        }
        let head: Self = from_json(&bytes.split_to(head))?;
        Ok(Self { body: bytes.split_to(body), ..head })
    }

    /// The events of an answer to whoever follows a partition on this machine.
    pub fn read_all(mut bytes: Bytes) -> Result<Vec<Self>, String> {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            events.push(Self::of_frame(&mut bytes)?);
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(sequence_number: i64, body: &'static [u8]) -> HubEvent {
        let properties = [
            ("none", Property::Null),
            ("text", Property::Text("é".into())),
            ("number", Property::Double(0.1)),
            ("moment", Property::Moment("2026-01-02T03:04:05.678Z".parse().unwrap())),
            ("id", Property::Id("24ad4c06-24ad-4e5b-8294-3da9714877e9".parse().unwrap())),
            ("bytes", Property::Bytes(vec![0, 255])),
        ];
        NewEvent {
            body: Bytes::from_static(body),
            partition_key: Some("k".into()),
            properties: properties.map(|(name, value)| (name.to_owned(), value)).into(),
            system_properties: [("content-type".to_owned(), Property::Text("a/b".into()))].into(),
        }
        .placed(sequence_number, 1 << 40, "2026-01-02T03:04:05.678Z".parse().unwrap())
    }

    #[test]
    fn what_is_written_is_read_again_one_after_the_other() {
        let events = [event(0, b"\0\xff{"), event(1, b"")];
        let bytes = events.iter().flat_map(HubEvent::to_frame).collect::<Vec<_>>();
        assert_eq!(HubEvent::read_all(bytes.into()).unwrap(), events);
    }

    #[test]
    fn an_event_that_is_cut_off_is_told_and_not_read() {
        let frame = event(0, b"body").to_frame();
        for length in 1..frame.len() {
            let cut = Bytes::copy_from_slice(&frame[..length]);
            assert!(HubEvent::read_all(cut).is_err(), "{length}");
        }
    }
}
