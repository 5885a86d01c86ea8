//! The names of things.

use super::Sealed;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

values::id! {
    /// An assessment, for ever: a UUIDv7 (RFC 9562).
    pub(crate) AssessmentId, "must be a UUID in small letters, as in the assessment's `id`"
}

values::id! {
    /// A consent, for ever: a UUIDv7 (RFC 9562).
    pub(crate) ConsentId, "must be a UUID in small letters, as in the consent's `id`"
}

impl AssessmentId {
    /// As what events are about.
    pub(crate) fn uuid(self) -> Uuid {
        self.0
    }
}

impl ConsentId {
    /// As what events are about.
    pub(crate) fn uuid(self) -> Uuid {
        self.0
    }
}

impl EndpointId {
    /// As what events are about.
    pub(crate) fn uuid(self) -> Uuid {
        self.0
    }
}

/// A partner, by the id of its subscription: 1 to 128 letters, digits and `.`, `_`, `~`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PartnerId(String);

impl PartnerId {
    /// Of a caller that the gateway has checked.
    pub(crate) fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person, as one partner's pseudonym: the HMAC-SHA-256 of the partner's reference with a key of the partner's own, in
/// hexadecimal digits. Two partners cannot join theirs. It is still personal data: whoever has the key and the reference
/// finds the person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Subject(String);

impl Subject {
    /// From the digits of the HMAC.
    pub(crate) fn new(digits: String) -> Self {
        debug_assert!(digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        Self(digits)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) subject: Subject,
    /// The partner's own name for the person, as the partner hears it again.
    pub(crate) reference: Sealed,
}

values::id! {
    /// Where a partner hears of what happens: a UUIDv7 (RFC 9562).
    pub(crate) EndpointId, "must be a UUID in small letters, as in the endpoint's `id`"
}

values::id! {
    /// One event on its way to one endpoint: a UUIDv8 that follows from both.
    pub(crate) DeliveryId, "must be a UUID in small letters, as in the delivery's `id`"
}
