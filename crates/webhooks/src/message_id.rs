//! The id of a message, which stays the same however often it is sent.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{headers::MAX_ID_BYTES, keys::random};

/// What generated ids begin with.
const PREFIX: &str = "msg_";
/// Random bytes of a generated id: no two are alike, and nobody guesses one.
const RANDOM_BYTES: usize = 18;

/// The id of a message: visible ASCII without a full stop, which ends it in what is signed. It stays over all attempts, and
/// is what a receiver knows a repeated message by.
///
/// [`MessageId::generate`] makes `msg_…`. An id that follows from what happened is parsed:
/// `"msg_invoice-42-paid".parse()`; then also a sender that forgets what it did sends the same message again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

/// A text is no message id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Longer than [`MAX_ID_BYTES`], or empty.
    #[error("a message id has 1 to {MAX_ID_BYTES} characters, not {0}")]
    Length(usize),
    /// A full stop: where the id ends and the timestamp begins would be anybody's guess.
    #[error("a message id has no full stop: it ends the id in what is signed")]
    FullStop,
    /// A space, a control character, or no ASCII: no header takes it unchanged.
    #[error("a message id is of visible ASCII characters")]
    NotVisibleAscii,
}

impl MessageId {
    /// A new id, `msg_` and 24 random characters.
    ///
    /// # Panics
    /// If the operating system gives no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(random::<RANDOM_BYTES>())))
    }

    /// As it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() || text.len() > MAX_ID_BYTES {
            return Err(IdError::Length(text.len()));
        }
        if text.contains('.') {
            return Err(IdError::FullStop);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IdError::NotVisibleAscii);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for MessageId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ids_differ_and_are_ids() {
        let (one, two) = (MessageId::generate(), MessageId::generate());
        assert_ne!(one, two);
        assert!(one.as_str().starts_with("msg_") && one.as_str().len() == 28, "{one}");
        assert_eq!(one.as_str().parse(), Ok(one));
    }

    #[test]
    fn what_could_move_the_borders_of_what_is_signed_is_no_id() {
        let refused = |text: &str| text.parse::<MessageId>().unwrap_err();
        assert_eq!(refused("msg_1.2"), IdError::FullStop);
        assert_eq!(refused(""), IdError::Length(0));
        assert_eq!(refused(&"m".repeat(MAX_ID_BYTES + 1)), IdError::Length(MAX_ID_BYTES + 1));
        for text in ["msg 1", "msg\n1", "msg_ü", "msg_\u{7f}"] {
            assert_eq!(refused(text), IdError::NotVisibleAscii, "{text:?}");
        }
        assert!("m".repeat(MAX_ID_BYTES).parse::<MessageId>().is_ok());
    }
}
