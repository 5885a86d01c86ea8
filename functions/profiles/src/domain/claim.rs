//! The unique addresses a profile lays claim to.

use super::account::UserName;
use super::email_address::EmailAddress;
use values::Violation;

/// An address that only one profile may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressClaim {
    EmailAddress(String),
    UserName(String),
}

impl AddressClaim {
    pub(crate) fn email_address(address: &EmailAddress) -> Self {
        Self::EmailAddress(address.key())
    }

    pub(crate) fn user_name(name: &UserName) -> Self {
        Self::UserName(name.key())
    }

    /// What the client is told when somebody else has it.
    pub(crate) fn taken(&self) -> Violation {
        let (pointer, detail) = match self {
            Self::EmailAddress(_) => (
                "/account/emailAddress",
                "is in use by another profile; choose another, or sign in to that profile",
            ),
            Self::UserName(_) => {
                ("/account/userName", "is in use by another profile; choose another")
            }
        };
        Violation { pointer: pointer.into(), detail: detail.into() }
    }
}
