//! What dead letters are called: by their content, so that the same failure reported twice is one letter.

use crate::domain::{ProfileId, Reason, Revision};
use ring::digest::{SHA256, digest};
use serde_json::Value;

/// Bytes of the hash that an id shows.
const ID_BYTES: usize = 16;

/// The id of a letter with this message.
pub(crate) fn id(reason: Reason, message: &str) -> String {
    let hash = digest(&SHA256, format!("{}\n{message}", reason.name()).as_bytes());
    hash.as_ref()[..ID_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a letter could have this id.
pub(crate) fn is_id(text: &str) -> bool {
    let is_small_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 2 * ID_BYTES && text.bytes().all(is_small_hex)
}

/// The id of the letter for a refusal: one for each revision, however often it is refused.
pub(crate) fn refusal_id(profile: ProfileId, revision: Revision) -> String {
    id(Reason::Refused, &format!("{profile} {revision}"))
}

/// A document without what Cosmos DB adds to it.
pub(crate) fn document_text(document: &Value) -> String {
    let Some(fields) = document.as_object() else { return document.to_string() };
    let own: serde_json::Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| !name.starts_with('_'))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(own).to_string()
}

/// The version of a document: the feed may bring it twice.
pub(crate) fn report_of_document(document: &Value) -> String {
    document["_etag"].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_content_has_the_same_id_and_the_reason_counts() {
        assert_eq!(id(Reason::InboxPoison, "{}"), id(Reason::InboxPoison, "{}"));
        assert_ne!(id(Reason::InboxPoison, "{}"), id(Reason::OutboxPoison, "{}"));
        assert_eq!(id(Reason::InboxPoison, "{}").len(), 32);
    }

    #[test]
    fn what_cosmos_db_adds_to_a_document_makes_no_difference() {
        let one = document_text(&json!({"id": "a", "_etag": "1", "_ts": 1}));
        assert_eq!(one, document_text(&json!({"id": "a", "_etag": "2", "_ts": 2})));
    }
}
