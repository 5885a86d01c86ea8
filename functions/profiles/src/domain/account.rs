//! How a person signs in and is reached: an e-mail address and a user name, both unique in the system.

use super::ids::AccountId;
use serde::{Deserialize, Serialize};
use values::{Fields, Refused};

/// Shortest user name, in characters.
const MIN_USER_NAME: usize = 3;
/// Longest user name, in characters.
const MAX_USER_NAME: usize = 30;
/// Longest e-mail address, in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL_BYTES: usize = 254;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) email_address: EmailAddress,
    pub(crate) user_name: UserName,
}

/// The part of an account that its owner may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountDraft {
    pub(crate) email_address: EmailAddress,
    pub(crate) user_name: UserName,
}

impl AccountDraft {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let email_address = fields.text("emailAddress", EmailAddress::parse);
        let user_name = fields.text("userName", UserName::parse);
        Ok(Self { email_address: email_address?, user_name: user_name? })
    }
}

/// An e-mail address (RFC 5321: at most 254 characters; a domain with a dot; no display name).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct EmailAddress(String);

impl EmailAddress {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > MAX_EMAIL_BYTES {
            return Err(format!("must have at most {MAX_EMAIL_BYTES} bytes"));
        }
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        email_address::EmailAddress::parse_with_options(text, options).map_err(|error| {
            format!("must be an e-mail address such as kim@example.com ({error})")
        })?;
        let address = Self(text.to_owned());
        address
            .ascii_domain()
            .ok_or("must have a domain that exists in the DNS, such as example.com")?;
        Ok(address)
    }

    /// What makes two addresses the same: upper and lower case do not matter, nor whether a domain is written
    /// in its own script or as the DNS has it (`bücher.example`, `xn--bcher-kva.example`).
    pub(crate) fn key(&self) -> String {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        // There and back, letter by letter: `ς`, `σ` and `Σ` are one letter, and so are `ß` and `ss`.
        let folded: String =
            local.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        format!("{folded}@{}", self.ascii_domain().unwrap_or_default())
    }

    fn ascii_domain(&self) -> Option<String> {
        let (_, domain) = self.0.rsplit_once('@')?;
        idna::domain_to_ascii_strict(domain).ok()
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// A user name: 3 to 30 of the letters a–z, digits, `.`, `_` and `-`, beginning with a letter or digit.
/// Plain letters only, because names that merely look alike would let one user pose as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct UserName(String);

impl UserName {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let long_enough = (MIN_USER_NAME..=MAX_USER_NAME).contains(&text.chars().count());
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if long_enough && plain && starts_well {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "must have {MIN_USER_NAME} to {MAX_USER_NAME} of the letters a-z, digits, '.', '_' and '-', \
             beginning with a letter or digit"
        ))
    }

    /// What makes two user names the same: upper and lower case do not matter.
    pub(crate) fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for UserName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_end_at_thirty_characters() {
        assert!(UserName::parse(&"a".repeat(30)).is_ok());
        assert!(UserName::parse(&"a".repeat(31)).is_err());
        assert!(UserName::parse("abc").is_ok());
        assert!(UserName::parse("ab").is_err());
    }

    #[test]
    fn user_names_that_could_pose_as_another_are_refused() {
        for name in ["аdmin", "ad min", "-admin", "", "ad\u{200d}min"] {
            assert!(UserName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn e_mail_addresses_are_addresses_and_nothing_else() {
        for good in ["kim@example.com", "kim+tag@mail.example.co.uk", "jürgen@example.de"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "kim",
            "kim@",
            "kim@localhost",
            "Kim <kim@example.com>",
            "kim@[127.0.0.1]",
            "a@b@c.de",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn case_does_not_make_another_address() {
        let key = |text| EmailAddress::parse(text).unwrap().key();
        assert_eq!(key("Kim@Example.COM"), key("kim@example.com"));
        assert_eq!(key("αxΣ@example.com"), key("αxσ@example.com"));
        assert_eq!(key("αxς@example.com"), key("αxσ@example.com"));
        assert_eq!(key("kim@Bücher.example"), key("kim@xn--bcher-kva.example"));
    }

    #[test]
    fn e_mail_addresses_end_at_254_bytes() {
        let labels = format!("{0}.{0}.{0}", "d".repeat(62));
        let address = |local: usize| format!("{}@{labels}.de", "l".repeat(local));
        let fits = 254 - address(0).len();
        assert!(EmailAddress::parse(&address(fits)).is_ok());
        assert!(EmailAddress::parse(&address(fits + 1)).unwrap_err().contains("254"));
    }
}
