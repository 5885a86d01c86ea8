//! The lake's files: the attributes by which people look for events as columns, and the event itself as it was sent.

use super::{FileError, no_avro};
use apache_avro::{Codec, DeflateSettings, Reader, Schema, Writer, types::Value};
use ring::digest::{SHA256, digest};
use std::sync::LazyLock;

/// Bytes of Avro's marker between blocks.
const MARKER_BYTES: usize = 16;
const SCHEMA_TEXT: &str = include_str!("lake.avsc");

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::parse_str(SCHEMA_TEXT).expect("the schema in this folder is one"));

/// An event in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LakeEvent {
    /// Its number in its partition.
    pub(crate) sequence: i64,
    pub(crate) r#type: String,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) subject: Option<String>,
    /// When it happened, in milliseconds since 1970.
    pub(crate) time_ms: i64,
    /// The whole CloudEvent, as it was sent.
    pub(crate) event: String,
}

/// A file with these events. The same events make the same bytes, whoever writes them again: the marker comes from the file's name.
pub(crate) fn write(name: &str, events: &[LakeEvent]) -> Result<Vec<u8>, FileError> {
    let hash = digest(&SHA256, name.as_bytes());
    let mut marker = [0; MARKER_BYTES];
    marker.copy_from_slice(&hash.as_ref()[..MARKER_BYTES]);
    let writer = Writer::builder()
        .schema(&SCHEMA)
        .writer(header(marker))
        .codec(Codec::Deflate(DeflateSettings::default()))
        .marker(marker)
        .has_header(true)
        .build();
    let mut writer = writer.map_err(|error| no_avro(&error))?;
    for event in events {
        writer.append_value(record(event)).map_err(|error| no_avro(&error))?;
    }
    writer.into_inner().map_err(|error| no_avro(&error))
}

/// What a file begins with (Avro 1.12, "Object Container Files"). Written here, as the crate writes its entries in another order each
/// time.
fn header(marker: [u8; MARKER_BYTES]) -> Vec<u8> {
    let mut header = b"Obj\x01".to_vec();
    let entries = [("avro.codec", "deflate"), ("avro.schema", SCHEMA_TEXT)];
    put_long(&mut header, entries.len());
    for text in entries.into_iter().flat_map(|(name, value)| [name, value]) {
        put_long(&mut header, text.len());
        header.extend_from_slice(text.as_bytes());
    }
    // No more entries.
    put_long(&mut header, 0);
    header.extend_from_slice(&marker);
    header
}

/// A count as Avro's `long`: zigzag, seven bits at a time, the lowest first.
fn put_long(bytes: &mut Vec<u8>, count: usize) {
    let mut rest = count << 1;
    while rest > 0x7f {
        bytes.extend((rest & 0x7f | 0x80).to_le_bytes().first());
        rest >>= 7;
    }
    bytes.extend(rest.to_le_bytes().first());
}

fn record(event: &LakeEvent) -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let subject = match &event.subject {
        None => Value::Union(0, Box::new(Value::Null)),
        Some(subject) => Value::Union(1, Box::new(text(subject))),
    };
    let fields = [
        ("sequence", Value::Long(event.sequence)),
        ("type", text(&event.r#type)),
        ("source", text(&event.source)),
        ("id", text(&event.id)),
        ("subject", subject),
        ("time", Value::TimestampMillis(event.time_ms)),
        ("event", text(&event.event)),
    ];
    Value::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The events of a file, in the order of their partition.
pub(crate) fn read(file: &[u8]) -> Result<Vec<LakeEvent>, FileError> {
    let reader = Reader::builder(file).reader_schema(&SCHEMA).build();
    let reader = reader.map_err(|error| no_avro(&error))?;
    reader.map(|record| lake_event(record.map_err(|error| no_avro(&error))?)).collect()
}

fn lake_event(record: Value) -> Result<LakeEvent, FileError> {
    let Value::Record(fields) = record else { return Err(FileError::Field("event")) };
    let mut fields: std::collections::HashMap<String, Value> = fields.into_iter().collect();
    let mut text = |name: &'static str| match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(FileError::Field(name)),
    };
    let (r#type, source, id, event) = (text("type")?, text("source")?, text("id")?, text("event")?);
    let subject = match fields.remove("subject") {
        Some(Value::Union(_, value)) => match *value {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => return Err(FileError::Field("subject")),
    };
    let Some(Value::Long(sequence)) = fields.remove("sequence") else {
        return Err(FileError::Field("sequence"));
    };
    let Some(Value::TimestampMillis(time_ms)) = fields.remove("time") else {
        return Err(FileError::Field("time"));
    };
    Ok(LakeEvent { sequence, r#type, source, id, subject, time_ms, event })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn events() -> Vec<LakeEvent> {
        let event = |sequence: i64, subject: Option<&str>| LakeEvent {
            sequence,
            r#type: "com.iommi.bakery.baked.v1".to_owned(),
            source: "/bakery".to_owned(),
            id: sequence.to_string(),
            subject: subject.map(str::to_owned),
            time_ms: 1_796_000_000_000 + sequence,
            event: format!(r#"{{"id":"{sequence}"}}"#),
        };
        vec![event(3, Some("cake")), event(4, None), event(9, Some("bread"))]
    }

    #[test]
    fn what_is_written_is_read_and_written_again_it_is_the_same_bytes() {
        let file = write("a", &events()).unwrap();
        assert_eq!(read(&file).unwrap(), events());
        assert_eq!(write("a", &events()).unwrap(), file);
        assert!(write("b", &events()).unwrap() != file);
    }

    #[test]
    fn what_is_cut_off_is_no_file() {
        let file = write("a", &events()).unwrap();
        assert!(read(&file[..file.len() - 20]).is_err());
        assert!(read(b"").is_err());
    }
}
