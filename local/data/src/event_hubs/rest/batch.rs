//! A batch: `[{"Body": "text", "UserProperties": {…}, "BrokerProperties": {"PartitionKey": "…"}}, …]`.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::event_hubs::{
    event::{NewEvent, Properties},
    property::Property,
    refusal::Refusal,
};

/// The events of a batch, in their order; at least one.
pub(super) fn read(body: &Bytes) -> Result<Vec<NewEvent>, Refusal> {
    let items: Vec<Map<String, Value>> = serde_json::from_slice(body).map_err(|error| {
        malformed(format!("the body is no JSON array of objects with Body, as a batch is: {error}"))
    })?;
    if items.is_empty() {
        return Err(malformed("the batch is empty; send at least one event".to_owned()));
    }
    items.into_iter().enumerate().map(|(index, item)| event(index, item)).collect()
}

fn event(index: usize, item: Map<String, Value>) -> Result<NewEvent, Refusal> {
    let mut event = NewEvent::default();
    let mut has_body = false;
    for (name, value) in item {
        let place = format!("[{index}].{name}");
        match (name.as_str(), value) {
            ("Body", Value::String(text)) => {
                event.body = text.into();
                has_body = true;
            }
            ("Body", _) => {
                return Err(malformed(format!(
                    "{place}: is not text; write JSON as text, and bytes in base64"
                )));
            }
            ("UserProperties", Value::Object(members)) => {
                event.properties = properties(&place, members)?;
            }
            ("BrokerProperties", value) => event.partition_key = partition_key(&place, value)?,
            _ => {
                return Err(malformed(format!(
                    "{place}: is none of Body (text), UserProperties and BrokerProperties (objects)"
                )));
            }
        }
    }
    if has_body { Ok(event) } else { Err(malformed(format!("[{index}].Body: is missing"))) }
}

fn properties(place: &str, members: Map<String, Value>) -> Result<Properties, Refusal> {
    let property = |(name, value): (String, Value)| match Property::of_json(value) {
        Some(property) => Ok((name, property)),
        None => Err(malformed(format!(
            "{place}.{name}: is an array or an object; a property is text, a number, true or false"
        ))),
    };
    members.into_iter().map(property).collect()
}

/// The key in `BrokerProperties`, which hold nothing else for an event hub.
pub(super) fn partition_key(place: &str, value: Value) -> Result<Option<String>, Refusal> {
    let Value::Object(members) = value else {
        return Err(malformed(format!("{place}: is no JSON object")));
    };
    let mut key = None;
    for (name, value) in members {
        match (name.as_str(), value) {
            ("PartitionKey", Value::String(text)) => key = Some(text),
            ("PartitionKey", _) => {
                return Err(malformed(format!("{place}.PartitionKey: is not text")));
            }
            _ => {
                return Err(malformed(format!(
                    "{place}.{name}: means nothing to an event hub; only PartitionKey does"
                )));
            }
        }
    }
    Ok(key)
}

fn malformed(why: String) -> Refusal {
    Refusal::Malformed(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &'static str) -> String {
        read(&Bytes::from_static(body.as_bytes())).unwrap_err().to_string()
    }

    #[test]
    fn events_have_their_own_properties_and_key() {
        let body = br#"[{"Body": "{\"n\":1}", "UserProperties": {"n": 1, "d": 0.5, "t": "x", "b": true, "z": null}},
                        {"Body": "", "BrokerProperties": {"PartitionKey": "k"}}]"#;
        let events = read(&Bytes::from_static(body)).unwrap();
        assert_eq!(&events[0].body[..], b"{\"n\":1}");
        let properties: Vec<_> = events[0].properties.values().cloned().collect();
        assert_eq!(
            properties,
            [
                Property::Boolean(true),
                Property::Double(0.5),
                Property::Integer(1),
                Property::Text("x".into()),
                Property::Null
            ]
        );
        assert_eq!(events[1].partition_key.as_deref(), Some("k"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (body, part) in [
            ("{}", "array"),
            ("[]", "empty"),
            ("[{}]", "[0].Body"),
            (r#"[{"Body": "x"}, {"Body": {"n": 1}}]"#, "[1].Body"),
            (r#"[{"Body": "x", "body": "x"}]"#, "[0].body"),
            (r#"[{"Body": "x", "UserProperties": {"tags": []}}]"#, "[0].UserProperties.tags"),
            (r#"[{"Body": "x", "UserProperties": "n"}]"#, "[0].UserProperties"),
            (
                r#"[{"Body": "x", "BrokerProperties": {"partitionKey": "k"}}]"#,
                "[0].BrokerProperties.partitionKey",
            ),
            (
                r#"[{"Body": "x", "BrokerProperties": {"PartitionKey": 7}}]"#,
                "[0].BrokerProperties.PartitionKey",
            ),
        ] {
            assert!(refusal(body).contains(part), "{body}: {}", refusal(body));
        }
    }
}
