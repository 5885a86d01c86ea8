//! How a person signs in and is reached: an e-mail address and a user name, both unique in the system.

use super::email_address::EmailAddress;
use super::ids::AccountId;
use serde::{Deserialize, Serialize};
use values::{Fields, Refused};

/// Shortest user name, in characters.
const MIN_USER_NAME: usize = 3;
/// Longest user name, in characters.
const MAX_USER_NAME: usize = 30;

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
}
