//! The signature of what the card network's processor sends.

use crate::problems;
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{Problem, Request, Setting};
use jiff::{SignedDuration, Timestamp};
use ring::hmac::{self, HMAC_SHA256, Key};
use std::str::FromStr;

/// The keys that the processor signs with.
pub(crate) const NETWORK_KEYS: Setting = Setting::new(
    "NETWORK_KEYS",
    "keys of the card network's signatures, base64 of at least 32 bytes each, separated by commas",
    "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDM=",
);
/// The header that carries a signature: `t=UNIX-SECONDS,v1=HEXADECIMAL`.
const SIGNATURE: &str = "Network-Signature";
/// How old a signed message may be, or how far ahead the sender's clock: older ones are somebody's recording.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(300);
/// Shortest key, in bytes: as long as what it signs with (RFC 2104, section 3).
const MIN_KEY_BYTES: usize = 32;

/// The value of [`NETWORK_KEYS`].
pub(crate) struct NetworkKeys(Vec<Key>);

/// The setting does not hold keys.
#[derive(Debug, thiserror::Error)]
#[error("must be base64 of at least {MIN_KEY_BYTES} bytes, or several, separated by commas")]
pub(crate) struct NetworkKeysError;

impl FromStr for NetworkKeys {
    type Err = NetworkKeysError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key = |text: &str| {
            let bytes = STANDARD.decode(text.trim()).ok()?;
            (bytes.len() >= MIN_KEY_BYTES).then(|| Key::new(HMAC_SHA256, &bytes))
        };
        text.split(',').map(key).collect::<Option<_>>().map(Self).ok_or(NetworkKeysError)
    }
}

/// Whether the processor signed this body, a short while ago.
///
/// # Errors
/// 401 `not-signed`; it does not say what was wrong, but for the clock.
pub(crate) fn check(keys: &NetworkKeys, request: &Request, now: Timestamp) -> Result<(), Problem> {
    let (sent, signature) =
        request.header(SIGNATURE).and_then(parse).ok_or_else(problems::not_signed)?;
    let at = Timestamp::from_second(sent).map_err(|_| problems::not_signed())?;
    let mut signed = format!("{sent}.").into_bytes();
    signed.extend_from_slice(request.body());
    let fits = |key: &Key| hmac::verify(key, &signed, &signature).is_ok();
    if !keys.0.iter().any(fits) {
        return Err(problems::not_signed());
    }
    if !is_recent(at, now) {
        return Err(problems::signed_too_long_ago());
    }
    Ok(())
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() <= TOLERANCE
}

fn parse(header: &str) -> Option<(i64, Vec<u8>)> {
    let (time, signature) = header.split_once(',')?;
    let signature = signature.strip_prefix("v1=")?;
    let is_hex = signature.len() == 64 && signature.bytes().all(|b| b.is_ascii_hexdigit());
    let byte = |at: usize| u8::from_str_radix(&signature[at..at + 2], 16).ok();
    let bytes = is_hex.then(|| (0..64).step_by(2).map(byte).collect::<Option<_>>())??;
    Some((time.strip_prefix("t=")?.parse().ok()?, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_counts_for_five_minutes_on_either_side_of_our_clock() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (seconds, is_taken) in
            [(-301, false), (-300, true), (0, true), (300, true), (301, false)]
        {
            let at = now + SignedDuration::from_secs(seconds);
            assert_eq!(is_recent(at, now), is_taken, "{seconds}");
        }
    }
}
