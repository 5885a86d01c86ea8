//! The secret that the bank knows us by.

use base64::{Engine, engine::general_purpose};
use outgoing::HeaderValue;
use std::str::FromStr;

/// What the bank calls us.
pub(super) const CLIENT_ID: &str = "iommi-credit";

/// The header by which the bank knows us.
pub(super) struct Secret(HeaderValue);

impl Secret {
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain =
            (8..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if !is_plain {
            return Err("must have 8 to 512 visible characters of ASCII");
        }
        let pair = general_purpose::STANDARD.encode(format!("{CLIENT_ID}:{text}"));
        let value = HeaderValue::from_str(&format!("Basic {pair}"));
        let mut value = value.map_err(|_| "must be a secret as the bank gave it")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", "long-enough".parse::<Secret>().unwrap()), "Secret");
        assert!("short".parse::<Secret>().is_err() && "with a blank".parse::<Secret>().is_err());
    }
}
