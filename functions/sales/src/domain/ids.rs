//! The names of things.

use uuid::{Builder, Uuid};

values::id! {
    /// An order, for ever: a UUIDv8 that follows from whose it is and its idempotency key, so that one write is both the order and the
    /// record that the key was used.
    pub(crate) OrderId, "must be a UUID in small letters, as in the order's `id`"
}

values::id! {
    /// A profile, as `profiles` names it.
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}

values::id! {
    /// An account of the buyer, as `accounts` names it.
    pub(crate) AccountId, "must be a UUID in small letters, as in the account's `id`"
}

values::id! {
    /// A licence, for ever: a UUIDv8 that follows from its order and line.
    pub(crate) LicenceId, "must be a UUID in small letters, as in the licence's `id`"
}

impl OrderId {
    /// Of the order that a profile sends under a key: the same again for the same key.
    pub(crate) fn of(profile: ProfileId, key: &str) -> Self {
        Self(uuid_of(&format!("order/{profile}/{key}")))
    }

    /// Of the credit note to an invoice that somebody asks for under a key.
    pub(crate) fn of_credit(invoice: &invoice::Number, key: &str) -> Self {
        Self(uuid_of(&format!("credit/{invoice}/{key}")))
    }

    /// Of what this order does outside: the same again whenever it is done again.
    pub(crate) fn operation(self, what: &str) -> Uuid {
        uuid_of(&format!("{self}/{what}"))
    }
}

/// A UUIDv8 (RFC 9562) of a SHA-256.
fn uuid_of(text: &str) -> Uuid {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let bytes = digest.as_ref().first_chunk().expect("a SHA-256 has 32 bytes");
    Builder::from_custom_bytes(*bytes).into_uuid()
}

impl LicenceId {
    pub(crate) fn of(order: OrderId, line: u32) -> Self {
        Self(order.operation(&format!("licence-{line}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_of_the_same_profile_is_the_same_order_and_no_other_is() {
        let profile = |n| ProfileId::from(Uuid::from_u128(n));
        assert_eq!(OrderId::of(profile(1), "k"), OrderId::of(profile(1), "k"));
        assert_ne!(OrderId::of(profile(1), "k"), OrderId::of(profile(1), "l"));
        assert_ne!(OrderId::of(profile(1), "k"), OrderId::of(profile(2), "k"));
        let order = OrderId::of(profile(1), "k");
        assert_ne!(LicenceId::of(order, 1), LicenceId::of(order, 2));
    }
}
