use super::*;
use crate::domain::{Account, AccountState, Cycle, Zone};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;
use values::Revision;

const LIMIT: i64 = 10_000;
const DAY: i64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn charge() -> NetworkId {
    NetworkId::of_charge(Uuid::from_u128(9).into())
}

fn hold(amount: &str) -> ChargeOrder {
    let body = json!({
        "profileId": Uuid::from_u128(7),
        "amount": {"amount": amount, "currency": "DKK"},
        "merchant": {"name": "Iommi ApS", "category": 5734},
    });
    ChargeOrder::Hold(NewCharge::parse(&body).unwrap())
}

fn capture(units: i64) -> ChargeOrder {
    ChargeOrder::Capture(units.into())
}

fn refund(number: u128, units: i64) -> ChargeOrder {
    let id = NetworkId::of_refund(Uuid::from_u128(number).into());
    ChargeOrder::Refund { id, amount: units.into() }
}

/// An account without a card, and what was done to one charge of it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
struct History {
    books: Books,
    entries: BTreeMap<NetworkId, Entry>,
}

impl History {
    fn begins() -> Self {
        let account = Account {
            id: Uuid::from_u128(1).into(),
            customer_id: Uuid::from_u128(2).into(),
            name: Line::parse("Nordlys ApS").unwrap(),
            currency: "DKK".parse().unwrap(),
            limit: LIMIT.into(),
            posted: Amount::ZERO,
            held: Amount::ZERO,
            entries: 0,
            credited: Amount::ZERO,
            statement_day: 1,
            cycle: Cycle::begin(Timestamp::UNIX_EPOCH, 1, Zone::default()),
            state: AccountState::Open,
            revision: Revision::FIRST,
            opened_at: at(0),
        };
        Self { books: Books { account, card: None, hold: None }, entries: BTreeMap::new() }
    }

    /// How the charge stands then.
    fn does(&mut self, order: &ChargeOrder, now: Timestamp) -> Result<ChargeState, ChargeRefusal> {
        let before = match order {
            ChargeOrder::Refund { id, .. } => self.entries.get(id),
            _ => None,
        };
        let done = self.books.clone().charged(&charge(), order, before, now)?;
        if let Some(Taken { books, entry }) = done {
            self.books = books;
            self.entries.extend(entry.map(|entry| (entry.id.clone(), entry)));
        }
        self.is_sound();
        Ok(self.books.hold.as_ref().unwrap().charge_state())
    }

    /// Held, posted.
    fn stands(&self) -> (Amount, Amount) {
        (self.books.account.held, self.books.account.posted)
    }

    fn is_sound(&self) {
        let held = self.books.hold.as_ref().map_or(Amount::ZERO, Hold::remaining);
        assert_eq!(self.books.account.held, held, "what is held is what remains of the hold");
        let owed: Amount = self.entries.values().map(Entry::owed).sum();
        assert_eq!(self.books.account.posted, owed, "what is owed is the sum of the entries");
        assert!(self.entries.values().all(|entry| entry.balances() && entry.card_id.is_none()));
        assert!(owed >= Amount::ZERO, "never more is given back than was taken");
    }
}

#[test]
fn what_is_held_is_captured_once_and_the_rest_is_free_again() {
    let mut history = History::begins();
    for _ in 0..2 {
        assert_eq!(history.does(&hold("60.00"), at(1)), Ok(ChargeState::Held));
        assert_eq!(history.stands(), (6_000.into(), 0.into()));
    }
    assert_eq!(history.does(&hold("61.00"), at(2)), Err(ChargeRefusal::Differs));
    assert_eq!(history.does(&capture(6_001), at(2)), Err(ChargeRefusal::Exceeds));
    for _ in 0..2 {
        assert_eq!(history.does(&capture(5_500), at(3)), Ok(ChargeState::Captured));
        assert_eq!(history.stands(), (0.into(), 5_500.into()));
    }
    assert_eq!(history.does(&capture(6_000), at(4)), Err(ChargeRefusal::Differs));
    let taken = Err(ChargeRefusal::Stands(ChargeState::Captured));
    assert_eq!(history.does(&ChargeOrder::Reverse, at(4)), taken);
    assert_eq!(history.does(&hold("60.00"), at(5)), Ok(ChargeState::Captured), "as it stands");
}

#[test]
fn what_was_captured_is_given_back_in_parts_and_never_more() {
    let mut history = History::begins();
    history.does(&hold("60.00"), at(1)).unwrap();
    let held = Err(ChargeRefusal::Stands(ChargeState::Held));
    assert_eq!(history.does(&refund(1, 100), at(1)), held);
    history.does(&capture(6_000), at(2)).unwrap();
    for _ in 0..2 {
        assert_eq!(history.does(&refund(1, 4_000), at(3)), Ok(ChargeState::Captured));
        assert_eq!(history.stands().1, 2_000.into());
    }
    assert_eq!(history.does(&refund(1, 3_999), at(4)), Err(ChargeRefusal::Differs));
    assert_eq!(history.does(&refund(2, 2_001), at(4)), Err(ChargeRefusal::Exceeds));
    history.does(&refund(2, 2_000), at(4)).unwrap();
    assert_eq!(history.stands().1, Amount::ZERO);
    assert!(history.entries.values().all(|entry| !entry.needs_review));
}

#[test]
fn what_is_declined_says_why_and_holds_nothing_whatever_comes_later() {
    let mut history = History::begins();
    assert_eq!(history.does(&hold("100.01"), at(1)), Ok(ChargeState::Declined));
    let hold_of = |history: &History| history.books.hold.clone().unwrap();
    assert_eq!(hold_of(&history).declined_for(), Some(DeclineReason::AccountLimit));
    history.books.account.limit = 20_000.into();
    assert_eq!(history.does(&hold("100.01"), at(2)), Ok(ChargeState::Declined), "as before");
    assert_eq!(history.does(&hold("99.00"), at(2)), Err(ChargeRefusal::Differs));
    let declined = Err(ChargeRefusal::Stands(ChargeState::Declined));
    assert_eq!(history.does(&capture(100), at(2)), declined);
    assert_eq!(history.does(&ChargeOrder::Reverse, at(3)), Ok(ChargeState::Declined));
    let mut closed = History::begins();
    closed.books.account.state = AccountState::Closing;
    closed.does(&hold("1.00"), at(1)).unwrap();
    assert_eq!(hold_of(&closed).declined_for(), Some(DeclineReason::AccountClosed));
    let mut euros = History::begins();
    euros.books.account.currency = "EUR".parse().unwrap();
    euros.does(&hold("1.00"), at(1)).unwrap();
    assert_eq!(hold_of(&euros).declined_for(), Some(DeclineReason::Currency));
}

#[test]
fn what_is_given_up_is_free_again_also_before_it_was_asked_for() {
    let mut history = History::begins();
    history.does(&hold("60.00"), at(1)).unwrap();
    for _ in 0..2 {
        assert_eq!(history.does(&ChargeOrder::Reverse, at(2)), Ok(ChargeState::Reversed));
        assert_eq!(history.stands(), (0.into(), 0.into()));
    }
    let reversed = Err(ChargeRefusal::Stands(ChargeState::Reversed));
    assert_eq!(history.does(&capture(6_000), at(3)), reversed);
    let mut early = History::begins();
    assert_eq!(early.does(&ChargeOrder::Reverse, at(1)), Ok(ChargeState::Reversed));
    assert_eq!(early.does(&hold("60.00"), at(2)), Ok(ChargeState::Reversed));
    assert_eq!(early.does(&capture(6_000), at(3)), reversed);
    assert_eq!(early.stands(), (0.into(), 0.into()));
}

#[test]
fn what_nobody_captures_for_a_month_is_free_again_and_a_late_capture_is_posted_all_the_same() {
    let mut history = History::begins();
    history.does(&hold("60.00"), at(0)).unwrap();
    assert_eq!(history.books.clone().release(at(31 * DAY - 1)), None);
    history.books = history.books.release(at(31 * DAY)).unwrap();
    history.is_sound();
    assert_eq!(history.does(&hold("60.00"), at(32 * DAY)), Ok(ChargeState::Expired));
    assert_eq!(history.does(&capture(6_000), at(33 * DAY)), Ok(ChargeState::Captured));
    assert_eq!(history.stands(), (0.into(), 6_000.into()));
}

#[test]
fn a_charge_that_nobody_has_asked_for_is_none() {
    let mut history = History::begins();
    assert_eq!(history.does(&capture(1), at(1)), Err(ChargeRefusal::NoSuchCharge));
    assert_eq!(history.does(&refund(1, 1), at(1)), Err(ChargeRefusal::NoSuchCharge));
}
