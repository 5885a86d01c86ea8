//! The ETags and times that documents had before they were read back.
//!
//! The emulator stamps what it is given, so a document that is read back gets a new ETag and a new `_ts`. Clients
//! must not notice: this table turns the new stamps into those of the run that wrote the document, and the ETags
//! that clients send into the new ones. An entry is dead once its document is written again; nothing refers to it
//! then.

use std::{collections::HashMap, fmt};

use serde_json::Value;
use uuid::Uuid;

use super::message::Reply;

/// The stamps of the documents that were read back.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    by_current: HashMap<Etag, Stamp>,
    current: HashMap<Etag, Etag>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Stamp {
    etag: Etag,
    ts: u64,
}

/// The emulator's ETags are UUIDs in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Etag(Uuid);

impl Etag {
    fn parse(text: &str) -> Option<Self> {
        let uuid = text.strip_prefix('"')?.strip_suffix('"')?;
        Uuid::try_parse(uuid).ok().map(Self)
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl Earlier {
    /// A document with this ETag and time is known to the emulator by the ETag `current`.
    pub(super) fn insert(&mut self, etag: &str, ts: u64, current: &str) {
        let (Some(etag), Some(current)) = (Etag::parse(etag), Etag::parse(current)) else {
            return;
        };
        self.current.insert(etag, current);
        self.by_current.insert(current, Stamp { etag, ts });
    }

    /// The emulator's ETag for one that a client sent.
    pub(super) fn to_current(&self, etag: &str) -> String {
        let current = Etag::parse(etag).and_then(|etag| self.current.get(&etag));
        current.map_or_else(|| etag.to_owned(), Etag::to_string)
    }

    fn stamp(&self, current: &str) -> Option<Stamp> {
        if self.by_current.is_empty() {
            return None;
        }
        self.by_current.get(&Etag::parse(current)?).copied()
    }

    /// Gives a reply about one document its earlier stamp.
    pub(super) fn restore_one(&self, reply: &mut Reply) {
        let Some(stamp) = reply.header("etag").and_then(|etag| self.stamp(etag)) else {
            return;
        };
        if let Ok(etag) = http::HeaderValue::from_str(&stamp.etag.to_string()) {
            reply.headers.insert(http::header::ETAG, etag);
        }
        self.restore_all(reply);
    }

    /// Gives every document in a reply its earlier stamp.
    pub(super) fn restore_all(&self, reply: &mut Reply) {
        if self.by_current.is_empty() || reply.body.is_empty() {
            return;
        }
        // A reply that is no JSON holds no document.
        if let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body)
            && self.restore(&mut body)
        {
            reply.body = body.to_string().into();
        }
    }

    /// Gives every document in `value` its earlier stamp; true when there was one.
    pub(super) fn restore(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let stamp = self.stamp(text);
                if let Some(stamp) = stamp {
                    *text = stamp.etag.to_string();
                }
                stamp.is_some()
            }
            Value::Array(items) => self.restore_each(items.iter_mut()),
            Value::Object(fields) => {
                let stamp =
                    fields.get("_etag").and_then(Value::as_str).and_then(|etag| self.stamp(etag));
                if let Some((stamp, ts)) = stamp.zip(fields.get_mut("_ts")) {
                    *ts = stamp.ts.into();
                }
                self.restore_each(fields.values_mut())
            }
            _ => false,
        }
    }

    fn restore_each<'a>(&self, values: impl Iterator<Item = &'a mut Value>) -> bool {
        let mut any = false;
        for value in values {
            any |= self.restore(value);
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_wear_their_earlier_stamps_wherever_they_appear() {
        let mut earlier = Earlier::default();
        let (old, new) =
            (format!("\"{}\"", Uuid::from_u128(1)), format!("\"{}\"", Uuid::from_u128(2)));
        earlier.insert(&old, 100, &new);
        let mut body = json!({ "Documents": [
            { "id": "a", "_etag": new, "_ts": 900 },
            { "id": "b", "_etag": "\"other\"", "_ts": 901 },
            { "current": { "_etag": new, "_ts": 900 } },
            new,
        ]});
        assert!(earlier.restore(&mut body));
        assert_eq!(
            body,
            json!({ "Documents": [
                { "id": "a", "_etag": old, "_ts": 100 },
                { "id": "b", "_etag": "\"other\"", "_ts": 901 },
                { "current": { "_etag": old, "_ts": 100 } },
                old,
            ]})
        );
        assert_eq!(
            (earlier.to_current(&old), earlier.to_current("\"x\"")),
            (new, "\"x\"".to_owned())
        );
    }
}
