//! Digests of contents, as they are written.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// SHA-256 in hexadecimal.
pub(crate) fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
