//! What Event Hubs Capture writes: object container files of `Microsoft.ServiceBus.Messaging.EventData`.
//! <https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files>

use super::{FileError, no_avro};
use apache_avro::{Reader, types::Value};

/// An event as it lay in its partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) sequence: i64,
    /// Empty if the message had none.
    pub(crate) body: Vec<u8>,
}

/// The events of a file, in the order of their sequence numbers.
pub(crate) fn records(
    file: &[u8],
) -> Result<impl Iterator<Item = Result<Captured, FileError>> + '_, FileError> {
    let reader = Reader::new(file).map_err(|error| no_avro(&error))?;
    Ok(reader.map(|record| captured(record.map_err(|error| no_avro(&error))?)))
}

fn captured(record: Value) -> Result<Captured, FileError> {
    let Value::Record(fields) = record else { return Err(FileError::Field("SequenceNumber")) };
    let (mut sequence, mut body) = (None, None);
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("SequenceNumber", Value::Long(number)) => sequence = Some(number),
            ("Body", Value::Union(_, value)) => body = bytes(*value),
            ("Body", value) => body = bytes(value),
            _ => {}
        }
    }
    Ok(Captured {
        sequence: sequence.ok_or(FileError::Field("SequenceNumber"))?,
        body: body.ok_or(FileError::Field("Body"))?,
    })
}

fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_capture_file_is_told_without_what_is_in_it() {
        let why = records(b"secret-of-somebody").err().unwrap().to_string();
        assert!(why.starts_with("it is no Avro file") && !why.contains("secret"), "{why}");
        let other = super::super::write("x", &[]).unwrap();
        assert_eq!(records(&other).unwrap().count(), 0);
        let event = super::super::LakeEvent {
            sequence: 7,
            r#type: "t".to_owned(),
            source: "/s".to_owned(),
            id: "1".to_owned(),
            subject: None,
            time_ms: 0,
            event: "{}".to_owned(),
        };
        let other = super::super::write("x", &[event]).unwrap();
        let why = records(&other).unwrap().next().unwrap().unwrap_err().to_string();
        assert_eq!(why, "it lacks the field SequenceNumber, or the field is of another type");
    }
}
