//! A changed or erased profile, as `legacy-outbox` tells of it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{SPEC_VERSION, decode};

/// The types of events that are taken, each with the source that sends it.
const CHANGED: &str = "com.iommi.legacy.profile-changed.v1";
const ERASED: &str = "com.iommi.legacy.profile-erased.v1";
const SOURCE: &str = "/legacy";
/// What these events were called before: such messages may still lie in a queue.
const CHANGED_BEFORE: &str = "com.iommi.profiles.changed.v1";
const ERASED_BEFORE: &str = "com.iommi.profiles.erased.v1";
const SOURCE_BEFORE: &str = "/profiles";
/// Where claim checks point to: this container and no other.
const PAYLOADS: &str = "legacy-payloads/";
/// The longest profile id, in characters.
const MAX_ID_CHARS: usize = 128;

/// One message that keeps to the contract.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) profile_id: String,
    /// Grows by one with each write of the profile.
    pub(crate) revision: u64,
    /// When the profile became so, as the event says it.
    pub(crate) time: Option<String>,
    pub(crate) content: Content,
    pub(crate) traceparent: Option<String>,
    pub(crate) tracestate: Option<String>,
}

/// What an event tells of.
#[derive(Clone, Copy)]
enum Kind {
    Changed,
    Erased,
}

/// What the profile has become.
#[derive(Debug)]
pub(crate) enum Content {
    /// Its full state, a JSON text.
    State(Box<RawValue>),
    /// Its full state is a blob: container and name.
    ClaimCheck(String),
    /// It is no more.
    Erased,
}

#[derive(Deserialize)]
struct Event {
    specversion: String,
    #[serde(rename = "type")]
    kind: String,
    id: String,
    source: String,
    subject: String,
    revision: u64,
    time: Option<String>,
    traceparent: Option<String>,
    tracestate: Option<String>,
    dataref: Option<String>,
    data: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    revision: u64,
}

impl Change {
    /// Reads a message's text; an error says how it breaks the contract, without its data.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let json = decode(text)?;
        let event: Event = serde_json::from_str(&json).map_err(|error| place(&error))?;
        if event.specversion != SPEC_VERSION {
            return Err("specversion is not 1.0".to_owned());
        }
        let characters = event.subject.chars().count();
        if event.id.is_empty() || !(1..=MAX_ID_CHARS).contains(&characters) {
            return Err("id or subject is empty or too long".to_owned());
        }
        let content = match (kind(&event.kind, &event.source)?, event.data, event.dataref) {
            (Kind::Changed, Some(data), None) => {
                named(&data, &event.subject, event.revision)?;
                Content::State(data)
            }
            (Kind::Changed, None, Some(path)) if path.starts_with(PAYLOADS) => {
                Content::ClaimCheck(path)
            }
            (Kind::Changed, ..) => {
                return Err(
                    "a change has either data or a dataref below legacy-payloads/".to_owned()
                );
            }
            (Kind::Erased, Some(data), None) => {
                named(&data, &event.subject, event.revision)?;
                Content::Erased
            }
            (Kind::Erased, ..) => return Err("an erasure has data and no dataref".to_owned()),
        };
        Ok(Self {
            profile_id: event.subject,
            revision: event.revision,
            time: event.time,
            content,
            traceparent: event.traceparent,
            tracestate: event.tracestate,
        })
    }

    /// Reads the payload that a claim check points to.
    pub(crate) fn redeemed(&mut self, payload: &[u8]) -> Result<(), String> {
        let state: Box<RawValue> =
            serde_json::from_slice(payload).map_err(|error| place(&error))?;
        named(&state, &self.profile_id, self.revision)?;
        self.content = Content::State(state);
        Ok(())
    }
}

fn kind(kind: &str, source: &str) -> Result<Kind, String> {
    let (kind, expected) = match kind {
        CHANGED => (Kind::Changed, SOURCE),
        ERASED => (Kind::Erased, SOURCE),
        CHANGED_BEFORE => (Kind::Changed, SOURCE_BEFORE),
        ERASED_BEFORE => (Kind::Erased, SOURCE_BEFORE),
        _ => return Err("the type is neither a change nor an erasure".to_owned()),
    };
    if source == expected {
        Ok(kind)
    } else {
        Err(format!("the source is not {expected}, which alone sends events of this type"))
    }
}

/// Data must be about the profile and the revision that the event names.
fn named(data: &RawValue, subject: &str, revision: u64) -> Result<(), String> {
    let named: Named =
        serde_json::from_str(data.get()).map_err(|error| format!("data: {}", place(&error)))?;
    if named.id != subject {
        return Err("data.id is not the subject".to_owned());
    }
    if named.revision != revision {
        return Err("data.revision is not the event's revision".to_owned());
    }
    Ok(())
}

/// Where JSON went wrong. The parser's own message may repeat a value, which may be somebody's name.
fn place(error: &serde_json::Error) -> String {
    let what = if error.is_data() { "not the contract's shape" } else { "not JSON" };
    format!("{what}, line {} column {}", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::message::encode;

    fn event() -> Value {
        json!({
            "specversion": "1.0", "type": CHANGED, "source": SOURCE, "subject": "p1", "id": "p1-7",
            "revision": 7, "traceparent": "00-a-b-01", "data": {"id": "p1", "revision": 7, "givenName": "Aino"},
        })
    }

    fn with(edit: impl FnOnce(&mut Value)) -> String {
        let mut event = event();
        edit(&mut event);
        encode(&event.to_string())
    }

    #[test]
    fn a_change_is_read_with_its_trace() {
        let change = Change::read(&with(|_| ())).unwrap();
        assert_eq!((change.profile_id.as_str(), change.revision), ("p1", 7));
        assert_eq!(change.traceparent.as_deref(), Some("00-a-b-01"));
        assert!(matches!(change.content, Content::State(state) if state.get().contains("Aino")));
        let erased = Change::read(&with(|event| event["type"] = json!(ERASED))).unwrap();
        assert!(matches!(erased.content, Content::Erased));
        let before = Change::read(&with(|event| {
            event["type"] = json!(CHANGED_BEFORE);
            event["source"] = json!(SOURCE_BEFORE);
        }));
        assert!(matches!(before.unwrap().content, Content::State(_)));
    }

    #[test]
    fn a_claim_check_is_redeemed_by_a_payload_of_the_same_profile_and_revision() {
        let text = with(|event| {
            event["dataref"] = json!("legacy-payloads/p1/7.json");
            event["data"] = Value::Null;
        });
        let mut change = Change::read(&text).unwrap();
        assert!(change.redeemed(br#"{"id": "p1", "revision": 6}"#).is_err());
        assert!(change.redeemed(br#"{"id": "p2", "revision": 7}"#).is_err());
        change.redeemed(br#"{"id": "p1", "revision": 7}"#).unwrap();
        assert!(matches!(change.content, Content::State(_)));
    }

    #[test]
    fn what_breaks_the_contract_is_named_without_its_data() {
        type Edit = fn(&mut Value);
        let edits: [(&str, Edit); 9] = [
            ("specversion", |event| event["specversion"] = json!("0.3")),
            ("type", |event| event["type"] = json!("com.iommi.other")),
            ("the source is not /legacy", |event| event["source"] = json!("/profiles")),
            ("subject", |event| event["subject"] = json!("")),
            ("data.id", |event| event["data"]["id"] = json!("p2")),
            ("data.revision", |event| event["data"]["revision"] = json!(6)),
            ("either data or a dataref", |event| event["data"] = Value::Null),
            ("legacy-payloads/", |event| {
                event["data"] = Value::Null;
                event["dataref"] = json!("uploads/secret");
            }),
            ("not the contract's shape", |event| event["revision"] = json!("Aino")),
        ];
        for (said, edit) in edits {
            let error = Change::read(&with(edit)).unwrap_err();
            assert!(error.contains(said) && !error.contains("Aino"), "{said}: {error}");
        }
        assert!(Change::read("{}").unwrap_err().contains("not base64"));
        assert!(Change::read(&encode("Aino")).unwrap_err().contains("not JSON"));
    }
}
