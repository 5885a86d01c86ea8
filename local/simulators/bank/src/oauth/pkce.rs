//! Proof Key for Code Exchange, by SHA-256 only (RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Verifier and challenge have so many characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// Whether a text may be a verifier or a challenge at all.
pub(crate) fn is_wellformed(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    LENGTHS.contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether the challenge was made of this verifier.
pub(crate) fn matches(verifier: &str, challenge: &str) -> bool {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfcs_example_matches_and_nothing_else() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(matches("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge));
        assert!(!matches(challenge, challenge));
    }

    #[test]
    fn verifiers_have_43_to_128_unreserved_characters() {
        assert!(is_wellformed(&"a".repeat(43)) && is_wellformed(&"~".repeat(128)));
        for wrong in ["a".repeat(42), "a".repeat(129), "ä".repeat(43), "a+".repeat(30)] {
            assert!(!is_wellformed(&wrong), "{wrong}");
        }
    }
}
