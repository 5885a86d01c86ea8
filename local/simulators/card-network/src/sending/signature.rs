//! How messages to the platform are signed: `Network-Signature: t=SECONDS,v1=HEX`, the HMAC-SHA-256 of the time, a point
//! and the body.

use jiff::Timestamp;
use ring::hmac::{self, HMAC_SHA256, Key};

/// The header of a signature.
pub(super) const HEADER: &str = "network-signature";

pub(super) fn signature(key: &[u8], at: Timestamp, body: &str) -> String {
    let second = at.as_second();
    let tag = hmac::sign(&Key::new(HMAC_SHA256, key), format!("{second}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={second},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_and_the_body_are_signed() {
        let at = Timestamp::from_second(1_767_225_600).unwrap();
        let key = b"local-only-key-not-a-secret-0003";
        let one = signature(key, at, "{}");
        assert!(one.starts_with("t=1767225600,v1=") && one.len() == 16 + 64, "{one}");
        assert_ne!(one, signature(key, at, "{ }"));
    }
}
