//! The names of things. Those of our own follow from what they are about, so that doing something again makes nothing new.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::{Builder, Uuid};

values::id! {
    /// A contact: the profile, as `profiles` names it.
    pub(crate) ContactId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// A quote, as `contacts` names it.
    pub(crate) QuoteId, "must be a UUID in small letters, as in the quote's `id`"
}
values::id! {
    /// A lead: a UUIDv8 that follows from the contact and what the lead comes of.
    pub(crate) LeadId, "must be a UUID in small letters, as in the lead's `id`"
}
values::id! {
    /// A sale: a UUIDv8 that follows from the file and the row.
    pub(crate) SaleId, "must be a UUID in small letters, as in the sale's `id`"
}
values::id! {
    /// A file of sales: a UUIDv8 that follows from its name.
    pub(crate) FileId, "must be a UUID in small letters, as in the file's `id`"
}

impl LeadId {
    /// Of a new account.
    pub(crate) fn of_account(contact: ContactId) -> Self {
        Self(uuid_of(&format!("lead/account/{contact}")))
    }

    /// Of a quote that was abandoned.
    pub(crate) fn of_quote(contact: ContactId, quote: QuoteId) -> Self {
        Self(uuid_of(&format!("lead/quote/{contact}/{quote}")))
    }
}

impl FileId {
    pub(crate) fn of(name: &FileName) -> Self {
        Self(uuid_of(&format!("sales-file/{name}")))
    }
}

impl SaleId {
    /// Rows are counted from 1, without the line of names.
    pub(crate) fn of(file: FileId, row: u32) -> Self {
        Self(uuid_of(&format!("sale/{file}/{row}")))
    }
}

/// A UUIDv8 (RFC 9562) of a SHA-256.
fn uuid_of(text: &str) -> Uuid {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let bytes = digest.as_ref().first_chunk().expect("a SHA-256 has 32 bytes");
    Builder::from_custom_bytes(*bytes).into_uuid()
}

/// The name of a file of sales: 1 to 100 letters, digits, dots, hyphens and underscores, a letter or digit first. It is part
/// of URLs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct FileName(String);

impl FileName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FileName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        let begins_well = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if text.len() <= 100 && begins_well && text.bytes().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err(
            "must be 1 to 100 letters, digits, dots, hyphens and underscores, a letter or digit first",
        )
    }
}

impl TryFrom<String> for FileName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_of_the_same_file_is_the_same_sale_and_no_other_is() {
        let file = |name: &str| FileId::of(&name.parse().unwrap());
        assert_eq!(SaleId::of(file("a.csv"), 1), SaleId::of(file("a.csv"), 1));
        assert_ne!(SaleId::of(file("a.csv"), 1), SaleId::of(file("a.csv"), 2));
        assert_ne!(SaleId::of(file("a.csv"), 1), SaleId::of(file("b.csv"), 1));
    }

    #[test]
    fn a_file_name_is_fit_for_a_url() {
        for good in ["2026-11.csv", "a", "Sales_1.CSV", &"x".repeat(100)] {
            assert!(good.parse::<FileName>().is_ok(), "{good}");
        }
        for bad in ["", ".csv", "a/b.csv", "a b", "ä.csv", &"x".repeat(101)] {
            assert!(bad.parse::<FileName>().is_err(), "{bad}");
        }
    }
}
