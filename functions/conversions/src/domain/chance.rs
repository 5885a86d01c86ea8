//! Which new accounts are worth talking to: one in three, by their id, so that the same account is always one or never.

use super::ContactId;
use ring::digest::{SHA256, digest};

/// Of so many accounts one is a lead.
const ONE_IN: u64 = 3;

pub(crate) fn is_worth_a_lead(contact: ContactId) -> bool {
    let hash = digest(&SHA256, contact.to_string().as_bytes());
    let number = hash.as_ref().first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
    number.expect("a SHA-256 has 32 bytes").is_multiple_of(ONE_IN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_one_account_in_three() {
        let leads = (0..3_000).map(|n| ContactId::from(Uuid::from_u128(n)));
        let count = leads.filter(|contact| is_worth_a_lead(*contact)).count();
        assert!((900..1_100).contains(&count), "{count}");
    }
}
