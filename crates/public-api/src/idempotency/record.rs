use crate::Caller;
use custom_handler::IdempotencyKey;
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// What is kept of a request: no key, no body, only their fingerprints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<R> {
    pub(super) id: String,
    pub(super) fingerprint: String,
    #[serde(flatten)]
    pub(super) content: R,
}

impl<R> Record<R> {
    pub(super) fn new(
        kind: &str,
        caller: &Caller,
        key: &IdempotencyKey,
        body: &str,
        content: R,
    ) -> Self {
        // Two callers may choose the same key: each has its own record, and learns nothing of the other's.
        let name = match caller {
            Caller::Anonymous => key.as_str().to_owned(),
            caller => format!("{caller} {key}"),
        };
        Self {
            id: format!("{kind}-{}", fingerprint(&name)),
            fingerprint: keyed_fingerprint(&name, body),
            content,
        }
    }
}

/// The HMAC-SHA-256 of a body with the client's key, which is kept nowhere: whoever reads the record cannot try out
/// whose body it was.
fn keyed_fingerprint(key: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hexadecimal(hmac::sign(&key, body.as_bytes()).as_ref())
}

/// The SHA-256 of a text, in hexadecimal digits.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    hexadecimal(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::HeaderMap;
    use serde_json::json;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Placed {
        order_id: String,
    }

    fn record(caller: &Caller, key: &str) -> Record<Placed> {
        let key = IdempotencyKey::parse(key).unwrap();
        Record::new("order", caller, &key, "body", Placed { order_id: "7".into() })
    }

    #[test]
    fn a_record_is_a_flat_document_without_key_and_body() {
        let record = record(&Caller::Anonymous, "k");
        assert_eq!(
            json!(record),
            json!({
                "id": format!("order-{}", fingerprint("k")),
                "fingerprint": keyed_fingerprint("k", "body"),
                "orderId": "7",
            })
        );
        assert_eq!(serde_json::from_value::<Record<Placed>>(json!(record)).unwrap(), record);
        assert_eq!(
            fingerprint(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn what_a_body_was_cannot_be_tried_out_without_its_key() {
        let one = record(&Caller::Anonymous, "k").fingerprint;
        assert_ne!(one, fingerprint("body"));
        assert_ne!(one, record(&Caller::Anonymous, "l").fingerprint);
    }

    #[test]
    fn the_same_key_of_two_callers_is_two_records() {
        let partner = |name: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("X-Iommi-Caller", format!("partner/{name}").parse().unwrap());
            Caller::from_headers(&headers)
        };
        let ids = [Caller::Anonymous, partner("a"), partner("b")].map(|c| record(&c, "k").id);
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    }
}
