//! What identifies a document: its container, its partition key, its id.

use std::sync::Arc;

use super::partition_key::PartitionKey;

/// Ends the partition key, which as JSON text holds no control characters.
const SEPARATOR: u8 = 0;

/// Container number (8 bytes, big-endian), partition key, a zero byte, id: the key under which a document is
/// kept, ordered so that a container's documents are together and a partition key's within them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct DocumentKey(Arc<[u8]>);

impl DocumentKey {
    /// The key of `id` in a partition of a container.
    pub(super) fn new(container: u64, partition_key: &PartitionKey, id: &str) -> Self {
        let mut bytes = Self::partition_prefix(container, partition_key);
        bytes.extend_from_slice(id.as_bytes());
        Self(bytes.into())
    }

    /// What every key of this partition key starts with.
    pub(super) fn partition_prefix(container: u64, partition_key: &PartitionKey) -> Vec<u8> {
        let mut bytes = container.to_be_bytes().to_vec();
        bytes.extend_from_slice(partition_key.as_str().as_bytes());
        bytes.push(SEPARATOR);
        bytes
    }

    /// Reads a key that was kept; `None` when the bytes are no such key.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first_chunk::<8>()?;
        let text = std::str::from_utf8(rest).ok()?;
        text.split_once(char::from(SEPARATOR))?;
        Some(Self(bytes.into()))
    }

    /// The key as it is kept.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The container's number.
    pub(super) fn container(&self) -> u64 {
        let (number, _) = self.0.split_first_chunk().expect("a key starts with eight bytes");
        u64::from_be_bytes(*number)
    }

    /// The partition key, as the header spells it.
    pub(super) fn partition_key(&self) -> &str {
        self.parts().0
    }

    /// The document's id.
    pub(super) fn id(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        std::str::from_utf8(&self.0[8..])
            .ok()
            .and_then(|text| text.split_once(char::from(SEPARATOR)))
            .expect("a key is made of texts around a separator")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_back_its_parts_whatever_the_id() {
        let partition_key = PartitionKey::from_header(r#"["a\u0000b"]"#).unwrap();
        let key = DocumentKey::new(7, &partition_key, "x\0y/ü");
        assert_eq!(
            (key.container(), key.partition_key(), key.id()),
            (7, partition_key.as_str(), "x\0y/ü")
        );
        assert_eq!(DocumentKey::from_bytes(key.as_bytes()), Some(key));
        assert_eq!(DocumentKey::from_bytes(b"short"), None);
    }
}
