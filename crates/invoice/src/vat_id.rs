//! VAT ids, by the formats of VIES.

use crate::Country;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A VAT id with the letters of its country: capital letters and digits, without spaces, dots and dashes, such as
/// `DE123456789`. Its form is that of its country; whether it was given to anybody, and to whom, only VIES knows.
///
/// ```
/// let id: invoice::VatId = "atu 12345678".parse()?;
/// assert_eq!((id.as_str(), id.country().code()), ("ATU12345678", "AT"));
/// assert!("DE12345678".parse::<invoice::VatId>().is_err(), "nine digits");
/// # Ok::<_, invoice::NotAVatId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct VatId(String);

/// Not a VAT id of a country that we know the form of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a VAT id with the letters of its country before it, such as DE123456789 or ATU12345678"
)]
pub struct NotAVatId;

/// What stands behind the country's letters, by character: `9` a digit, `A` a letter, `*` either, all others themselves.
/// From the European Commission's list of the structures of VAT numbers in VIES; those of Switzerland, Norway and the
/// United Kingdom from their own authorities.
const FORMS: [(&str, &[&str]); 30] = [
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CH", &["E999999999", "E999999999MWST", "E999999999TVA", "E999999999IVA"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["A9999999A", "A99999999", "99999999A"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("GB", &["999999999", "999999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9*99999A", "9999999A", "9999999AA", "9+99999A"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("NO", &["999999999", "999999999MVA"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    (
        "RO",
        &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"],
    ),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
];

impl VatId {
    /// Letters of the country and what follows, without anything between them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose id it is: `GR` for those that begin with `EL`.
    #[must_use]
    pub fn country(&self) -> Country {
        let letters = if self.0.starts_with("EL") { "GR" } else { &self.0[..2] };
        letters.parse().expect("the letters of a form are those of a country")
    }
}

impl FromStr for VatId {
    type Err = NotAVatId;

    fn from_str(text: &str) -> Result<Self, NotAVatId> {
        let kept = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-'));
        let id = kept.collect::<String>().to_ascii_uppercase();
        let (letters, rest) = id.split_at_checked(2).ok_or(NotAVatId)?;
        let (_, forms) = FORMS.iter().find(|(known, _)| *known == letters).ok_or(NotAVatId)?;
        if forms.iter().any(|form| fits(rest, form)) { Ok(Self(id)) } else { Err(NotAVatId) }
    }
}

fn fits(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(character, wanted)| match wanted {
            b'9' => character.is_ascii_digit(),
            b'A' => character.is_ascii_uppercase(),
            b'*' => character.is_ascii_digit() || character.is_ascii_uppercase(),
            exactly => character == exactly,
        })
}

impl TryFrom<String> for VatId {
    type Error = NotAVatId;
    fn try_from(text: String) -> Result<Self, NotAVatId> {
        text.parse()
    }
}

impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
