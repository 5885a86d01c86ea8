//! Verifying a message.

use std::time::Duration;

use jiff::Timestamp;

use crate::{Headers, IdError, MessageId, VerifyingKey, signer::signed_content};

/// How far the sender's clock may be from ours, in either direction. An older message may be a recording.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Verifies messages, with one key, or with several while one takes the place of another.
///
/// ```
/// use webhooks::{MessageId, PrivateKey, Signer, Verifier};
///
/// let (key, now) = (PrivateKey::generate(), jiff::Timestamp::now());
/// let headers = Signer::new(key.clone()).sign(&MessageId::generate(), now, b"{}");
/// let verifier = Verifier::new(key.public_key());
/// assert!(verifier.verify(&headers, b"{}", now).is_ok());
/// assert!(verifier.verify(&headers, b"{ }", now).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    /// Never empty.
    keys: Vec<VerifyingKey>,
}

/// A message that is what its sender made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The same for every attempt: who has worked at it before has nothing to do.
    pub id: MessageId,
    /// When this attempt was made, by the sender's clock.
    pub attempted_at: Timestamp,
    /// Which key it was verified with: 0 is the one that the verifier was made with, 1 the next.
    pub key: usize,
}

/// Why a message is not believed. Answer it with 400 or 401; the sender will try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A header is missing.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// A header is there more than once.
    #[error("the header {0} is there more than once")]
    RepeatedHeader(&'static str),
    /// A header is longer than any that is right.
    #[error("the header {0} is longer than any that is right")]
    LongHeader(&'static str),
    /// A header has characters beyond ASCII.
    #[error("the header {0} is not ASCII")]
    NotText(&'static str),
    /// The id is none.
    #[error("the header webhook-id: {0}")]
    Id(#[from] IdError),
    /// The timestamp is no whole number of seconds, written plainly.
    #[error("the header webhook-timestamp is no whole number of seconds since 1970")]
    Timestamp,
    /// The attempt was made too long ago, by our clock.
    #[error("the attempt was made {0} s ago: it may be a recording, or a clock is off")]
    TooOld(i64),
    /// The attempt will be made too far in the future, by our clock.
    #[error("the attempt was made {0} s in the future: a clock is off")]
    TooNew(i64),
    /// No signature is right for this body under any key: it was changed on the way, parsed and written again, or
    /// signed by somebody else.
    #[error(
        "no signature is right: the body is not byte for byte the one that was signed, or the key is another"
    )]
    NoMatch,
}

impl Verifier {
    /// Believes what was signed with this key.
    #[must_use]
    pub fn new(key: impl Into<VerifyingKey>) -> Self {
        Self { keys: vec![key.into()] }
    }

    /// Believes what was signed with this key as well.
    #[must_use]
    pub fn or(mut self, key: impl Into<VerifyingKey>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// Verifies a message: that one of its signatures is right, for this very `body`, as it came, and that it was sent
    /// within [`TOLERANCE`] of `now`. Signatures of versions that are not known are passed over.
    ///
    /// # Errors
    /// Why the message is not to be believed. Nothing in it is, then.
    pub fn verify(
        &self,
        headers: &Headers,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let id: MessageId = headers.id.parse()?;
        let attempted_at = seconds(&headers.timestamp).ok_or(VerifyError::Timestamp)?;
        is_recent(attempted_at, now)?;
        let content = signed_content(id.as_str(), &headers.timestamp, body);
        let signatures = || headers.signature.split(' ').filter_map(|one| one.split_once(','));
        let has_signed = |key: &VerifyingKey| {
            signatures().any(|(version, signature)| key.has_signed(&content, version, signature))
        };
        let key = self.keys.iter().position(has_signed).ok_or(VerifyError::NoMatch)?;
        Ok(Verified { id, attempted_at, key })
    }
}

/// Only one way of writing a number is right, so that what was signed is what was read.
fn seconds(text: &str) -> Option<Timestamp> {
    let seconds: i64 = text.parse().ok()?;
    let is_plain = seconds >= 0 && seconds.to_string() == text;
    is_plain.then(|| Timestamp::from_second(seconds).ok()).flatten()
}

/// Compares whole seconds, as they were signed.
fn is_recent(attempted_at: Timestamp, now: Timestamp) -> Result<(), VerifyError> {
    let ago = now.as_second() - attempted_at.as_second();
    if ago.unsigned_abs() <= TOLERANCE.as_secs() {
        return Ok(());
    }
    Err(if ago > 0 { VerifyError::TooOld(ago) } else { VerifyError::TooNew(-ago) })
}
