//! The names of reservations.

use crate::domain::AddressClaim;
use public_api::idempotency::fingerprint;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of a document in `addresses-in-use`: the kind of address and the SHA-256 of what makes it unique.
/// Hashed, because ids stand in URLs and logs, where personal data must not be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ClaimId(String);

impl ClaimId {
    pub(super) fn of(claim: &AddressClaim) -> Self {
        let (kind, key) = match claim {
            AddressClaim::EmailAddress(key) => ("email", key),
            AddressClaim::UserName(key) => ("user", key),
        };
        Self(format!("{kind}-{}", fingerprint(key)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_does_not_show_whose_it_is() {
        let id = ClaimId::of(&AddressClaim::EmailAddress("kim@example.com".into()));
        assert!(!id.as_str().contains("kim"));
        assert_eq!(id.as_str().len(), "email-".len() + 64);
    }

    #[test]
    fn an_address_and_a_user_name_never_meet() {
        let email = ClaimId::of(&AddressClaim::EmailAddress("x".into()));
        let user = ClaimId::of(&AddressClaim::UserName("x".into()));
        assert_ne!(email, user);
    }
}
