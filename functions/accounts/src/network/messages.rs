//! Its messages, read into the domain's.

use crate::domain::{
    Amount, AmountError, AuthorisationRequest, Fact, Merchant, NetworkEvent, NetworkId,
    without_pans,
};
use crate::store::CardToken;
use money::{Currency, Money};
use serde::Deserialize;
use values::Violations;

/// The body of `POST network/authorisations`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AuthorisationBody {
    pub(crate) id: NetworkId,
    increment_of: Option<NetworkId>,
    #[serde(rename = "card")]
    pub(crate) token: CardToken,
    amount: Money,
    merchant: MerchantWire,
}

impl AuthorisationBody {
    /// The question. That its currency is not the account's is a reason to decline; an amount that is none is not.
    pub(crate) fn request(&self) -> Result<AuthorisationRequest, Violations> {
        Amount::asked(self.amount, self.amount.currency()).map_err(wrong_amount)?;
        let known = |id: &NetworkId| known(id, &self.token);
        Ok(AuthorisationRequest {
            id: known(&self.id),
            increment_of: self.increment_of.as_ref().map(known),
            amount: self.amount,
            merchant: Merchant::from(&self.merchant),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MerchantWire {
    name: String,
    #[serde(default)]
    category: u16,
}

impl From<&MerchantWire> for Merchant {
    fn from(wire: &MerchantWire) -> Self {
        Self::new(&wire.name, wire.category)
    }
}

/// The body of `POST network/events`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EventBody {
    pub(crate) id: NetworkId,
    #[serde(rename = "card")]
    pub(crate) token: CardToken,
    kind: EventKind,
    authorisation: Option<NetworkId>,
    amount: Option<Money>,
    #[serde(default)]
    last: bool,
    merchant: Option<MerchantWire>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EventKind {
    Activated,
    Advice,
    Capture,
    Reversal,
    Expiry,
    Refund,
    Chargeback,
}

/// What an event says.
pub(crate) enum Told {
    /// Its holder has taken the card into use.
    Activated,
    /// Something about money.
    Fact(NetworkEvent),
}

impl EventBody {
    /// What it says, in the account's currency.
    pub(crate) fn told(&self, currency: Currency) -> Result<Told, Violations> {
        let amount = self.amount.map(|money| Amount::of(money, currency)).transpose();
        let amount = amount.map_err(wrong_amount)?;
        let needs_amount = || amount.ok_or_else(|| Violations::one("/amount", "is required"));
        let authorisation = self.authorisation.as_ref().map(|id| known(id, &self.token));
        let needs_authorisation = || {
            authorisation.clone().ok_or_else(|| Violations::one("/authorisation", "is required"))
        };
        let fact = match self.kind {
            EventKind::Activated => return Ok(Told::Activated),
            EventKind::Advice => {
                Fact::Advice { authorisation: needs_authorisation()?, amount: needs_amount()? }
            }
            EventKind::Capture => {
                let amount = needs_amount()?;
                Fact::Capture { authorisation, amount, is_last: self.last }
            }
            EventKind::Reversal => Fact::Reversal { authorisation: needs_authorisation()?, amount },
            EventKind::Expiry => Fact::Expiry { authorisation: needs_authorisation()? },
            EventKind::Refund => Fact::Refund { authorisation, amount: needs_amount()? },
            EventKind::Chargeback => Fact::Chargeback { authorisation, amount: needs_amount()? },
        };
        let (id, merchant) =
            (known(&self.id, &self.token), self.merchant.as_ref().map(Merchant::from));
        Ok(Told::Fact(NetworkEvent { id, merchant, fact }))
    }
}

fn wrong_amount(error: AmountError) -> Violations {
    Violations::one("/amount", error.to_string())
}

/// The id under which a message is kept. One that looks like a card number, or has one in it, is none that may be kept,
/// and one that looks like that of a charge is ours: in its place is what only the holder of the card's token can make of
/// it, each time the same.
fn known(id: &NetworkId, token: &CardToken) -> NetworkId {
    let is_theirs = without_pans(id.as_str()) == id.as_str() && !id.is_of_a_charge();
    if is_theirs { id.clone() } else { token.disguise(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_looks_like_a_card_number_is_kept_as_something_else_and_always_as_the_same() {
        let token: CardToken = "tok_7d3f0c1e2a9b".parse().unwrap();
        let id = |text: &str| text.parse::<NetworkId>().unwrap();
        assert_eq!(known(&id("auth_1"), &token), id("auth_1"));
        let kept = known(&id("auth_4111-1111-1111-1111"), &token);
        assert!(!kept.as_str().contains("1111") && kept.as_str().len() <= 64, "{kept}");
        assert_eq!(known(&id("auth_4111-1111-1111-1111"), &token), kept);
        assert_ne!(known(&id("4111111111111111"), &token), kept);
        let ours = id("charge-01980c6e-1111-7000-8000-000000000001");
        assert_ne!(known(&ours, &token), ours, "the id of a charge");
    }
}
