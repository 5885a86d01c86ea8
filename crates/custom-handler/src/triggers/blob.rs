use std::collections::BTreeMap;

use bytes::Bytes;
use function_json::Trigger;
use serde_json::Value;

use super::{Message, not};
use crate::envelope::{EnvelopeError, Metadata, Payload};

/// A new or changed blob (`blobTrigger`), read whole by the host: for small blobs only.
#[derive(Debug, Clone, PartialEq)]
pub struct BlobContent {
    /// The content.
    pub content: Bytes,
    /// The blob's address.
    pub uri: Option<String>,
    /// The blob's properties as the host's storage library writes them; names vary by version.
    pub properties: Value,
    /// The blob's own metadata.
    pub metadata: BTreeMap<String, String>,
    /// What the tokens of the trigger's `path` took from the blob's name; `name` for `container/{name}`.
    pub tokens: BTreeMap<String, String>,
}

impl Message for BlobContent {
    const EXPECTED: &'static str = "a blobTrigger";

    fn is_for(trigger: &Trigger) -> bool {
        matches!(trigger, Trigger::Blob(_))
    }

    fn read(
        payload: Payload,
        metadata: &Metadata,
        trigger: &Trigger,
    ) -> Result<Self, EnvelopeError> {
        let Payload::Bytes(content) = payload else {
            return Err(not("a blob's content", &payload));
        };
        let path = if let Trigger::Blob(blob) = trigger { blob.path.as_str() } else { "" };
        let token = |name: &str| metadata.text(name).map(|value| (name.to_owned(), value));
        let own = metadata.json("Metadata").unwrap_or_default();
        let own = own.as_object().into_iter().flatten();
        Ok(Self {
            content,
            uri: metadata.text("Uri"),
            properties: metadata.json("Properties").unwrap_or_default(),
            metadata: own
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
            tokens: tokens(path).filter_map(token).collect(),
        })
    }
}

/// The names in braces.
fn tokens(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
