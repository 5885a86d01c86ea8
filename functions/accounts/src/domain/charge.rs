//! What a merchant of our own does to an account: holds, takes what it held, gives it up, gives back. Each is done once
//! however often it is asked for, and what cannot be done any more is refused: we are on both sides, so that nothing has
//! to be taken as a fact that we could still decide.

use super::terms::read_amount;
use super::{
    Amount, AuthorisationRequest, Books, ChargeId, Decision, DeclineReason, Entry, Fact, Hold,
    Merchant, NetworkEvent, NetworkId, ProfileId, RefundId, Taken, decide,
};
use jiff::{SignedDuration, Timestamp};
use money::{Currency, Money};
use serde::Serialize;
use serde_json::Value;
use values::{Fields, Line, Refused, Violations};

/// What the ids of charges begin with here: theirs are not the card network's.
const CHARGE: &str = "charge-";
/// The same for what is given back of them.
const REFUND: &str = "refund-";
/// How long a charge is held: a sale that a person has to look at takes its time.
const HELD_FOR: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The body of `PUT charges/{chargeId}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewCharge {
    /// Whose the account has to be.
    pub(crate) profile: ProfileId,
    pub(crate) amount: Money,
    pub(crate) merchant: Merchant,
}

/// What is to be done about a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChargeOrder {
    Hold(NewCharge),
    /// All that is ever taken of it; the rest is free again.
    Capture(Amount),
    /// Nothing is taken of it, also if it was never asked for.
    Reverse,
    /// Of what was taken.
    Refund {
        id: NetworkId,
        amount: Amount,
    },
}

/// How a charge stands. Clients are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChargeState {
    Held,
    Declined,
    Captured,
    /// Given up, or never asked for and given up all the same.
    Reversed,
    /// Nothing of it is held any more; it may be captured all the same.
    Expired,
}

/// Why nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChargeRefusal {
    NoSuchCharge,
    /// The same id came before with something else.
    Differs,
    /// It stands otherwise.
    Stands(ChargeState),
    /// More than was held, or than is left of what was taken.
    Exceeds,
}

impl NewCharge {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let profile = fields.text("profileId", str::parse);
        let amount = fields.object("amount", |amount| read_amount(amount, None));
        let merchant = fields.object("merchant", read_merchant);
        fields.finish()?;
        let (amount, currency) = amount?;
        let amount = amount.in_currency(currency);
        Ok(Self { profile: profile?, amount, merchant: merchant? })
    }

    fn request(&self, id: NetworkId) -> AuthorisationRequest {
        let (amount, merchant) = (self.amount, self.merchant.clone());
        AuthorisationRequest { id, increment_of: None, amount, merchant }
    }
}

fn read_merchant(fields: &mut Fields<'_>) -> Result<Merchant, Refused> {
    let name = fields.text("name", Line::<100>::parse);
    let category = fields.optional_integer("category", |code| {
        let code = u16::try_from(code).ok().filter(|code| *code <= 9_999);
        code.ok_or("must be a category of ISO 18245, 0 to 9999")
    });
    Ok(Merchant::new(name?.as_str(), category?.unwrap_or_default()))
}

/// The body of a capture or a refund, in the account's currency.
pub(crate) fn parse_amount(body: &Value, currency: Currency) -> Result<Amount, Violations> {
    let mut fields = Fields::of(body)?;
    let amount = fields.object("amount", |amount| read_amount(amount, Some(currency)));
    fields.finish()?;
    Ok(amount?.0)
}

impl NetworkId {
    /// Of the charge that its merchant calls so.
    pub(crate) fn of_charge(id: ChargeId) -> Self {
        Self::of_letters(format!("{CHARGE}{id}"))
    }

    /// Of what its merchant gives back under this name.
    pub(crate) fn of_refund(id: RefundId) -> Self {
        Self::of_letters(format!("{REFUND}{id}"))
    }

    /// Whether it is one of those above, which only our own merchants may use.
    pub(crate) fn is_of_a_charge(&self) -> bool {
        self.as_str().starts_with(CHARGE) || self.as_str().starts_with(REFUND)
    }
}

impl Hold {
    /// How it stands, as a charge.
    pub(crate) fn charge_state(&self) -> ChargeState {
        let is_given_up = self.reversed > Amount::ZERO || self.answer.is_none();
        match self.answer.map(|answer| answer.as_result()) {
            Some(Err(_)) => ChargeState::Declined,
            _ if self.captured > Amount::ZERO => ChargeState::Captured,
            _ if is_given_up => ChargeState::Reversed,
            _ if self.is_released => ChargeState::Expired,
            _ => ChargeState::Held,
        }
    }

    /// Why it was declined, if it was.
    pub(crate) fn declined_for(&self) -> Option<DeclineReason> {
        self.answer.and_then(|answer| answer.as_result().err())
    }
}

impl Books {
    /// Does what is to be done about a charge of this account. `before`: the entry that is there under the id of the
    /// refund. `None`: it was done before, and nothing changes.
    pub(crate) fn charged(
        self,
        id: &NetworkId,
        order: &ChargeOrder,
        before: Option<&Entry>,
        now: Timestamp,
    ) -> Result<Option<Taken>, ChargeRefusal> {
        match order {
            ChargeOrder::Hold(new) => self.hold_charge(id, new, now),
            ChargeOrder::Capture(amount) => self.capture_charge(*amount, now),
            ChargeOrder::Reverse => self.reverse_charge(id, now),
            ChargeOrder::Refund { id, amount } => self.refund_charge(id, *amount, before, now),
        }
    }

    fn hold_charge(
        self,
        id: &NetworkId,
        new: &NewCharge,
        now: Timestamp,
    ) -> Result<Option<Taken>, ChargeRefusal> {
        if let Some(hold) = &self.hold {
            let is_same =
                hold.charge == Some(new.amount) && hold.merchant.as_ref() == Some(&new.merchant);
            // What was given up before it was asked for stays given up, whatever it is.
            let is_unasked = hold.answer.is_none();
            return if is_same || is_unasked { Ok(None) } else { Err(ChargeRefusal::Differs) };
        }
        let mut books = match decide(self, &new.request(id.clone()), now) {
            Decision::Approved { books } | Decision::Declined { books, .. } => *books,
            Decision::AsBefore(_) => return Ok(None),
        };
        if let Some(hold) = &mut books.hold {
            hold.charge = Some(new.amount);
            hold.expires_at = now.saturating_add(HELD_FOR).unwrap_or(Timestamp::MAX);
        }
        Ok(Some(Taken { books, entry: None }))
    }

    /// Posts it, also when its time is over: what it was held for was delivered meanwhile.
    fn capture_charge(
        self,
        amount: Amount,
        now: Timestamp,
    ) -> Result<Option<Taken>, ChargeRefusal> {
        let hold = self.hold.as_ref().ok_or(ChargeRefusal::NoSuchCharge)?;
        match hold.charge_state() {
            ChargeState::Captured if hold.captured == amount => return Ok(None),
            ChargeState::Captured => return Err(ChargeRefusal::Differs),
            ChargeState::Held | ChargeState::Expired => {}
            other => return Err(ChargeRefusal::Stands(other)),
        }
        if amount > hold.authorised {
            return Err(ChargeRefusal::Exceeds);
        }
        let authorisation = Some(hold.id.clone());
        let fact = Fact::Capture { authorisation, amount, is_last: true };
        let (id, merchant) = (hold.id.clone(), hold.merchant.clone());
        Ok(Some(self.take(&NetworkEvent { id, merchant, fact }, now)))
    }

    fn reverse_charge(
        self,
        id: &NetworkId,
        now: Timestamp,
    ) -> Result<Option<Taken>, ChargeRefusal> {
        let amount = match self.hold.as_ref().map(|hold| (hold.charge_state(), hold.authorised)) {
            Some((ChargeState::Captured, _)) => {
                return Err(ChargeRefusal::Stands(ChargeState::Captured));
            }
            Some((ChargeState::Declined | ChargeState::Reversed, _)) => return Ok(None),
            Some((ChargeState::Held | ChargeState::Expired, authorised)) => Some(authorised),
            // Whoever asks for it late finds that it was given up.
            None => None,
        };
        let fact = Fact::Reversal { authorisation: id.clone(), amount };
        Ok(Some(self.take(&NetworkEvent { id: id.clone(), merchant: None, fact }, now)))
    }

    fn refund_charge(
        self,
        id: &NetworkId,
        amount: Amount,
        before: Option<&Entry>,
        now: Timestamp,
    ) -> Result<Option<Taken>, ChargeRefusal> {
        let hold = self.hold.as_ref().ok_or(ChargeRefusal::NoSuchCharge)?;
        if let Some(before) = before {
            let is_same =
                before.owed() == -amount && before.authorisation.as_ref() == Some(&hold.id);
            return if is_same { Ok(None) } else { Err(ChargeRefusal::Differs) };
        }
        match hold.charge_state() {
            ChargeState::Captured => {}
            other => return Err(ChargeRefusal::Stands(other)),
        }
        let left = hold.captured - hold.refunded;
        if amount > left {
            return Err(ChargeRefusal::Exceeds);
        }
        let fact = Fact::Refund { authorisation: Some(hold.id.clone()), amount };
        let merchant = hold.merchant.clone();
        Ok(Some(self.take(&NetworkEvent { id: id.clone(), merchant, fact }, now)))
    }
}

#[cfg(test)]
#[path = "charge_tests.rs"]
mod tests;
