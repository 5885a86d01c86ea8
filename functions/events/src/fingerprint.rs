//! Hashes that stand for events and people where the names themselves must not lie.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

/// Bytes of the hash that are kept: among a million million events two of them are the same by chance once in 10^15 times.
const BYTES: usize = 16;

/// Which event it is, whoever sends it again: `source` and `id` (CloudEvents 1.0, section 3.1).
pub(crate) fn of_event(source: &str, id: &str) -> String {
    of(&[source, id])
}

/// Whom something is about.
pub(crate) fn of_person(id: &str) -> String {
    of(&[id])
}

fn of(parts: &[&str]) -> String {
    let hash = digest(&SHA256, parts.join("\n").as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_event_has_the_same_hash_and_the_source_counts() {
        assert_eq!(of_event("/profiles", "1"), of_event("/profiles", "1"));
        assert_ne!(of_event("/profiles", "1"), of_event("/contacts", "1"));
        assert_eq!(of_person("p").len(), 22);
    }
}
