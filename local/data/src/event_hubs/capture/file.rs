//! A capture file: an object container file of Avro, as Event Hubs Capture writes it with deflate.
//! <https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files>

use std::{collections::HashMap, sync::LazyLock};

use apache_avro::{Codec, DeflateSettings, Schema, Writer, types::Value};
use jiff::Timestamp;

use crate::event_hubs::{
    event::{HubEvent, Properties},
    property::Property,
};

/// The content type of such files.
pub(super) const AVRO: &str = "application/octet-stream";

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let values = r#"{"type":"map","values":["long","double","string","bytes"]}"#;
    let schema = format!(
        r#"{{"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
            {{"name":"SequenceNumber","type":"long"}},
            {{"name":"Offset","type":"string"}},
            {{"name":"EnqueuedTimeUtc","type":"string"}},
            {{"name":"SystemProperties","type":{values}}},
            {{"name":"Properties","type":{values}}},
            {{"name":"Body","type":["null","bytes"]}}]}}"#
    );
    Schema::parse_str(&schema).expect("the schema of capture files is one")
});

/// Branches of the union that properties have.
const LONG: u32 = 0;
const DOUBLE: u32 = 1;
const STRING: u32 = 2;
const BYTES: u32 = 3;
/// The branch of a body that is there.
const BODY: u32 = 1;

/// The file of these events.
pub(super) fn write<'a>(
    events: impl IntoIterator<Item = &'a HubEvent>,
) -> Result<Vec<u8>, apache_avro::Error> {
    let codec = Codec::Deflate(DeflateSettings::default());
    let mut writer = Writer::with_codec(&SCHEMA, Vec::new(), codec)?;
    for event in events {
        writer.append_value(record(event))?;
    }
    writer.into_inner()
}

fn record(event: &HubEvent) -> Value {
    let mut system = map(&event.system_properties);
    let taken = Value::Long(event.enqueued.as_millisecond());
    system.insert("x-opt-enqueued-time".to_owned(), branch(LONG, taken));
    if let Some(key) = &event.partition_key {
        let key = branch(STRING, Value::String(key.clone()));
        system.insert("x-opt-partition-key".to_owned(), key);
    }
    let field = |name: &str, value: Value| (name.to_owned(), value);
    Value::Record(vec![
        field("SequenceNumber", Value::Long(event.sequence_number)),
        field("Offset", Value::String(event.offset.to_string())),
        field("EnqueuedTimeUtc", Value::String(american(event.enqueued))),
        field("SystemProperties", Value::Map(system)),
        field("Properties", Value::Map(map(&event.properties))),
        field("Body", branch(BODY, Value::Bytes(event.body.to_vec()))),
    ])
}

/// Properties without a value are left out: the union has none for them.
fn map(properties: &Properties) -> HashMap<String, Value> {
    let value = |property: &Property| {
        Some(match property {
            Property::Null => return None,
            Property::Text(text) => branch(STRING, Value::String(text.clone())),
            Property::Integer(number) => branch(LONG, Value::Long(*number)),
            Property::Double(number) => branch(DOUBLE, Value::Double(*number)),
            Property::Boolean(truth) => branch(STRING, Value::String(truth.to_string())),
            Property::Moment(moment) => branch(LONG, Value::Long(moment.as_millisecond())),
            Property::Id(id) => branch(STRING, Value::String(id.to_string())),
            Property::Bytes(bytes) => branch(BYTES, Value::Bytes(bytes.clone())),
        })
    };
    let named = properties.iter().map(|(name, property)| Some((name.clone(), value(property)?)));
    named.flatten().collect()
}

fn branch(index: u32, value: Value) -> Value {
    Value::Union(index, Box::new(value))
}

/// A moment as the service's files have it: `11/29/2026 1:38:59 AM`.
fn american(moment: Timestamp) -> String {
    moment.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_hubs::event::NewEvent;
    use apache_avro::Reader;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_file_holds_what_was_said_of_an_event() {
        let properties = [
            ("none", Property::Null),
            ("truth", Property::Boolean(true)),
            ("number", Property::Integer(-7)),
            ("share", Property::Double(0.5)),
            ("raw", Property::Bytes(vec![0, 255])),
        ];
        let new = NewEvent {
            body: vec![0, 255, b'{'].into(),
            partition_key: Some("k".into()),
            properties: properties.map(|(name, value)| (name.to_owned(), value)).into(),
            system_properties: [("content-type".to_owned(), Property::Text("a/b".into()))].into(),
        };
        let event = new.placed(7, 1_024, moment("2026-11-29T13:08:09.250Z"));
        let bytes = write([&event]).unwrap();
        let read: Vec<Value> = Reader::new(&bytes[..]).unwrap().map(Result::unwrap).collect();
        let [Value::Record(fields)] = &read[..] else { panic!("{read:?}") };
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "SequenceNumber",
                "Offset",
                "EnqueuedTimeUtc",
                "SystemProperties",
                "Properties",
                "Body"
            ]
        );
        assert_eq!(fields[0].1, Value::Long(7));
        assert_eq!(fields[1].1, Value::String("1024".into()));
        assert_eq!(fields[2].1, Value::String("11/29/2026 1:08:09 PM".into()));
        let Value::Map(system) = &fields[3].1 else { panic!("{fields:?}") };
        assert_eq!(system["content-type"], branch(STRING, Value::String("a/b".into())));
        assert_eq!(system["x-opt-partition-key"], branch(STRING, Value::String("k".into())));
        assert_eq!(
            system["x-opt-enqueued-time"],
            branch(LONG, Value::Long(event.enqueued.as_millisecond()))
        );
        let Value::Map(own) = &fields[4].1 else { panic!("{fields:?}") };
        assert_eq!(own.len(), 4, "one has no value");
        assert_eq!(own["truth"], branch(STRING, Value::String("true".into())));
        assert_eq!(own["number"], branch(LONG, Value::Long(-7)));
        assert_eq!(own["share"], branch(DOUBLE, Value::Double(0.5)));
        assert_eq!(own["raw"], branch(BYTES, Value::Bytes(vec![0, 255])));
        assert_eq!(fields[5].1, branch(BODY, Value::Bytes(vec![0, 255, b'{'])));
    }

    #[test]
    fn moments_have_no_zeros_in_front_and_noon_is_twelve() {
        for (moment, text) in [
            ("2026-01-02T00:04:05Z", "1/2/2026 12:04:05 AM"),
            ("2026-11-29T12:00:00Z", "11/29/2026 12:00:00 PM"),
        ] {
            assert_eq!(american(moment.parse().unwrap()), text);
        }
    }
}
