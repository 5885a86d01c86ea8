//! Licence keys: random to look at, and made of the order's id, so that they are the same each time.

use ring::hmac::{self, HMAC_SHA256, Key};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const GROUPS: usize = 5;
const GROUP: usize = 5;

/// The key of an order: five groups of five, such as `7KQ2M-9TRWC-4HXBN-2VSJD-8PGFA`.
pub(crate) fn licence_key(order_id: &str, seed: u64) -> String {
    let tag = hmac::sign(&Key::new(HMAC_SHA256, &seed.to_be_bytes()), order_id.as_bytes());
    let letters = tag.as_ref().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let mut key = String::with_capacity(GROUPS * (GROUP + 1));
    for (place, letter) in letters.take(GROUPS * GROUP).enumerate() {
        if place > 0 && place % GROUP == 0 {
            key.push('-');
        }
        key.push(letter);
    }
    key
}

/// Its id, which is no secret.
pub(crate) fn key_id(order_id: &str) -> String {
    format!("key-{order_id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::{assert_eq, assert_ne};

    #[test]
    fn a_key_is_the_same_each_time_and_anothers_is_another() {
        let key = licence_key("one", 7);
        assert_eq!(key, licence_key("one", 7));
        assert_ne!(key, licence_key("two", 7));
        assert_ne!(key, licence_key("one", 8));
        let groups: Vec<_> = key.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5; 5]);
        assert!(key.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{key}");
    }
}
