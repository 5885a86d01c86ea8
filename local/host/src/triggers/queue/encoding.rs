use base64::{Engine, engine::general_purpose::STANDARD};

/// `extensions.queues.messageEncoding`: how messages are written to and read from the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageEncoding {
    /// Base64, the default. A message that is not base64 cannot be read and is poisoned at once.
    #[default]
    Base64,
    /// The text as it is.
    None,
}

impl MessageEncoding {
    /// The text on the wire.
    pub fn encode(self, message: &[u8]) -> String {
        match self {
            Self::Base64 => STANDARD.encode(message),
            Self::None => String::from_utf8_lossy(message).into_owned(),
        }
    }

    /// The content of a text from the wire; `None` when it cannot be read.
    pub fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => STANDARD.decode(text.trim()).ok(),
            Self::None => Some(text.as_bytes().to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_both_ways_and_refuses_plain_text() {
        assert_eq!(MessageEncoding::Base64.encode(b"hello"), "aGVsbG8=");
        assert_eq!(MessageEncoding::Base64.decode("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(MessageEncoding::Base64.decode("{\"a\":1}"), None);
        assert_eq!(MessageEncoding::None.decode("{\"a\":1}"), Some(b"{\"a\":1}".to_vec()));
    }
}
