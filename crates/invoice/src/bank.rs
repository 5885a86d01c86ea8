//! Bank accounts.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An international bank account number (ISO 13616) whose check digits are right: capital letters and digits, without
/// spaces, such as `DE89370400440532013000`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Iban(String);

/// Not an IBAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an IBAN with right check digits, such as DE89370400440532013000")]
pub struct NotAnIban;

/// The shortest is Norway's with 15 characters; the standard allows 34.
const LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;

impl Iban {
    /// Without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Iban {
    type Err = NotAnIban;

    fn from_str(text: &str) -> Result<Self, NotAnIban> {
        let iban: String = text.chars().filter(|c| *c != ' ').collect();
        let bytes = iban.as_bytes();
        let is_formed = LENGTHS.contains(&iban.len())
            && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit);
        if is_formed && remainder(bytes) == 1 { Ok(Self(iban)) } else { Err(NotAnIban) }
    }
}

/// Modulo 97 (ISO 7064) of the number that the rest and then the first four characters are, a letter being two digits.
fn remainder(iban: &[u8]) -> u32 {
    iban[4..].iter().chain(&iban[..4]).fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    })
}

impl TryFrom<String> for Iban {
    type Error = NotAnIban;
    fn try_from(text: String) -> Result<Self, NotAnIban> {
        text.parse()
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_must_be_right() {
        for right in ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "NO9386011117947"] {
            assert!(right.parse::<Iban>().is_ok(), "{right}");
        }
        for wrong in [
            "DE88370400440532013000",
            "de89370400440532013000",
            "DE89",
            "",
            "ÄÄ89370400440532013000",
        ] {
            assert_eq!(wrong.parse::<Iban>(), Err(NotAnIban), "{wrong}");
        }
    }
}
