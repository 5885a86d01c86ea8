//! Signing a message.

use jiff::Timestamp;

use crate::{Headers, MessageId, SigningKey};

/// Signs messages, with one key, or with several while one takes the place of another.
///
/// ```
/// use webhooks::{MessageId, Secret, Signer};
///
/// let (new, old) = (Secret::generate(), Secret::generate());
/// let signer = Signer::new(new).and(old);
/// let headers = signer.sign(&MessageId::generate(), jiff::Timestamp::now(), b"{}");
/// let [_, _, (name, signatures)] = headers.pairs();
/// assert_eq!((name, signatures.split(' ').count()), ("webhook-signature", 2));
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    /// Never empty; the newest first.
    keys: Vec<SigningKey>,
}

impl Signer {
    /// Signs with this key.
    #[must_use]
    pub fn new(key: impl Into<SigningKey>) -> Self {
        Self { keys: vec![key.into()] }
    }

    /// Signs with this key as well, the one that was in use before: receivers that know either of them believe the message.
    /// More than a handful makes a header that servers refuse.
    #[must_use]
    pub fn and(mut self, key: impl Into<SigningKey>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// The headers of one attempt: `at` is when it is made, not when the message came to be. `body` is signed as it is,
    /// byte by byte; it must be sent so.
    #[must_use]
    pub fn sign(&self, id: &MessageId, at: Timestamp, body: &[u8]) -> Headers {
        let timestamp = at.as_second().max(0).to_string();
        let content = signed_content(id.as_str(), &timestamp, body);
        let signatures: Vec<_> = self.keys.iter().map(|key| key.sign(&content)).collect();
        Headers { id: id.to_string(), timestamp, signature: signatures.join(" ") }
    }
}

/// What is signed: id, time and body, with full stops between them.
pub(crate) fn signed_content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}
