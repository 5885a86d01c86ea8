//! The failure cases of a ledger of cards, each as a short history.

use super::*;
use crate::domain::{
    AccountState, Answer, AuthorisationRequest, CardLimits, CardState, Decision, DeclineReason,
    Face, LedgerAccount, Merchant, decide,
};
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use uuid::Uuid;
use values::{Line, Revision};

const LIMIT: i64 = 10_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn id(text: &str) -> NetworkId {
    text.parse().unwrap()
}

/// A history of one account with one card: what was stored so far, and what was answered.
#[derive(Debug, Clone)]
struct History {
    account: Account,
    card: Card,
    holds: BTreeMap<NetworkId, Hold>,
    entries: BTreeMap<NetworkId, Entry>,
    noted: Vec<NetworkId>,
    second: i64,
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
            cycle: crate::domain::Cycle::begin(
                Timestamp::UNIX_EPOCH,
                1,
                crate::domain::Zone::default(),
            ),
            state: AccountState::Open,
            revision: Revision::FIRST,
            opened_at: at(0),
        };
        let ordered =
            Card::ordered(Uuid::from_u128(3).into(), account.id, CardLimits::default(), at(0));
        let text = str::to_owned;
        let face =
            Face { last_four: text("4242"), expires: text("2099-12"), network: text("visa") };
        let card = ordered.taken_over(face);
        let (holds, entries) = (BTreeMap::new(), BTreeMap::new());
        Self { account, card, holds, entries, noted: Vec::new(), second: 0 }
    }

    fn books(&self, hold: Option<&NetworkId>) -> Books {
        let hold = hold.and_then(|id| self.holds.get(id)).cloned();
        Books { account: self.account.clone(), card: Some(self.card.clone()), hold }
    }

    fn keep(&mut self, books: Books) {
        self.account = books.account;
        self.card = books.card.unwrap();
        if let Some(hold) = books.hold {
            self.holds.insert(hold.id.clone(), hold);
        }
        self.is_sound();
    }

    /// A minute later each time, so that nobody is too fast.
    fn now(&mut self) -> Timestamp {
        self.second += 60;
        at(self.second)
    }

    fn asks(
        &mut self,
        message: &str,
        increment_of: Option<&str>,
        units: i64,
    ) -> Result<(), DeclineReason> {
        let request = AuthorisationRequest {
            id: id(message),
            increment_of: increment_of.map(id),
            amount: Amount::from(units).in_currency(self.account.currency),
            merchant: Merchant::new("Kiosk", 5411),
        };
        let now = self.now();
        match decide(self.books(Some(request.authorisation())), &request, now) {
            Decision::Approved { books } => {
                let held = self.account.held;
                self.keep(*books);
                let holds_more = self.account.held > held;
                assert!(!(holds_more && self.account.is_over_limit()), "held over the limit");
                Ok(())
            }
            Decision::Declined { reason, books } => {
                self.keep(*books);
                Err(reason)
            }
            Decision::AsBefore(answer) => answer,
        }
    }

    /// A fact, unless it was taken before, which the store knows by its id.
    fn learns(&mut self, message: &str, fact: Fact) {
        let (message, now) = (id(message), self.now());
        if self.entries.contains_key(&message) || self.noted.contains(&message) {
            return;
        }
        let books = self.books(fact.authorisation());
        let event = NetworkEvent { id: message.clone(), merchant: None, fact };
        let Taken { books, entry } = books.take(&event, now);
        match entry {
            Some(entry) => drop(self.entries.insert(message, entry)),
            None => self.noted.push(message),
        }
        self.keep(books);
    }

    fn captures(&mut self, message: &str, of: Option<&str>, units: i64, is_last: bool) {
        let (authorisation, amount) = (of.map(id), units.into());
        self.learns(message, Fact::Capture { authorisation, amount, is_last });
    }

    fn reverses(&mut self, message: &str, of: &str, units: Option<i64>) {
        let amount = units.map(Amount::from);
        self.learns(message, Fact::Reversal { authorisation: id(of), amount });
    }

    /// Held, posted.
    fn stands(&self) -> (i64, i64) {
        let units = |amount: Amount| serde_json::to_value(amount).unwrap().as_i64().unwrap();
        (units(self.account.held), units(self.account.posted))
    }

    /// What holds at every instant.
    fn is_sound(&self) {
        let held: Amount = self.holds.values().map(Hold::remaining).sum();
        assert_eq!(self.account.held, held, "what is held is the sum of the holds");
        assert!(self.holds.values().all(|hold| hold.remaining() >= Amount::ZERO));
        let owed: Amount = self.entries.values().map(Entry::owed).sum();
        // The entry is kept before its books here, in one batch there.
        assert_eq!(self.account.posted, owed, "what is owed is the sum of the entries");
        assert!(self.entries.values().all(Entry::balances));
        let exposed: Amount = self.holds.values().map(Hold::exposure).sum();
        assert!(self.card.spent.amount >= exposed, "a month costs at least what holds come to");
    }
}

#[test]
fn the_limit_is_for_ten_and_the_eleventh_is_told_so() {
    let mut history = History::begins();
    for number in 0..10 {
        assert_eq!(history.asks(&format!("a{number}"), None, 1_000), Ok(()));
    }
    assert_eq!(history.asks("b", None, 1), Err(DeclineReason::AccountLimit));
    assert_eq!(history.stands(), (LIMIT, 0));
    assert_eq!(
        history.asks("b", None, 1),
        Err(DeclineReason::AccountLimit),
        "the same answer again"
    );
    assert_eq!(history.asks("a3", None, 1_000), Ok(()), "and this too");
    assert_eq!(history.stands(), (LIMIT, 0));
}

#[test]
fn a_capture_may_be_a_part_more_than_the_hold_late_or_twice() {
    let mut history = History::begins();
    history.asks("hotel", None, 1_000).unwrap();
    history.captures("c1", Some("hotel"), 400, false);
    assert_eq!(history.stands(), (600, 400));
    history.captures("c1", Some("hotel"), 400, false);
    assert_eq!(history.stands(), (600, 400), "twice is once");
    history.captures("c2", Some("hotel"), 900, true);
    assert_eq!(history.stands(), (0, 1_300), "more than was held is posted all the same");
    history.reverses("r", "hotel", None);
    history.captures("c3", Some("hotel"), 100, true);
    assert_eq!(history.stands(), (0, 1_400), "also after a reversal");
}

#[test]
fn facts_go_over_the_limit_and_questions_do_not() {
    let mut history = History::begins();
    history.captures("force", None, LIMIT + 1, true);
    assert!(history.account.is_over_limit());
    assert_eq!(history.asks("a", None, 1), Err(DeclineReason::AccountLimit));
    history.learns("back", Fact::Refund { authorisation: None, amount: 500.into() });
    assert_eq!(history.asks("b", None, 499), Ok(()));
}

#[test]
fn an_authorisation_that_comes_after_its_capture_holds_nothing() {
    let mut history = History::begins();
    history.captures("c", Some("a"), 700, false);
    assert_eq!(history.asks("a", None, 700), Ok(()));
    assert_eq!(history.stands(), (0, 700));
}

#[test]
fn a_part_that_is_reversed_is_free_and_the_rest_can_be_captured() {
    let mut history = History::begins();
    history.asks("a", None, 1_000).unwrap();
    history.reverses("r", "a", Some(300));
    assert_eq!(history.stands(), (700, 0));
    history.captures("c", Some("a"), 700, false);
    assert_eq!(history.stands(), (0, 700));
    history.reverses("r2", "a", Some(5_000));
    assert_eq!(history.stands(), (0, 700), "never less than nothing");
}

#[test]
fn a_reversal_that_is_faster_than_its_authorisation_leaves_nothing_held() {
    let mut history = History::begins();
    history.reverses("r", "a", None);
    assert_eq!(history.asks("a", None, 900), Ok(()));
    assert_eq!(history.stands(), (0, 0));
}

#[test]
fn increments_are_held_against_the_limit_each_by_itself() {
    let mut history = History::begins();
    history.asks("hotel", None, 9_000).unwrap();
    assert_eq!(history.asks("more", Some("hotel"), 1_001), Err(DeclineReason::AccountLimit));
    assert_eq!(history.asks("less", Some("hotel"), 1_000), Ok(()));
    assert_eq!(history.asks("less", Some("hotel"), 1_000), Ok(()), "asked again");
    assert_eq!(history.asks("more", Some("hotel"), 1_001), Err(DeclineReason::AccountLimit));
    assert_eq!(history.stands(), (10_000, 0));
}

#[test]
fn what_the_processor_approved_for_us_is_a_fact() {
    let mut history = History::begins();
    let advice = Fact::Advice { authorisation: id("a"), amount: (LIMIT + 5).into() };
    history.learns("advice", advice.clone());
    assert_eq!(history.stands(), (LIMIT + 5, 0));
    history.learns("advice", advice);
    assert_eq!(history.asks("a", None, LIMIT + 5), Ok(()), "and so is its answer");
    history.learns("end", Fact::Expiry { authorisation: id("a") });
    assert_eq!(history.stands(), (0, 0));
}

#[test]
fn more_given_back_than_was_taken_is_for_a_person() {
    let mut history = History::begins();
    history.asks("a", None, 500).unwrap();
    history.captures("c", Some("a"), 500, true);
    let back = |amount: i64| Fact::Refund { authorisation: Some(id("a")), amount: amount.into() };
    history.learns("r1", back(500));
    history.learns("r2", back(1));
    let review = |message: &str| history.entries[&id(message)].needs_review;
    assert_eq!((review("r1"), review("r2")), (false, true));
    assert_eq!(history.stands(), (0, -1));
}

#[test]
fn reasons_come_in_their_fixed_order() {
    let mut history = History::begins();
    history.card.state = CardState::Frozen;
    history.account.state = AccountState::Closed;
    assert_eq!(history.asks("a", None, LIMIT + 1), Err(DeclineReason::CardFrozen));
    history.card.state = CardState::Lost;
    assert_eq!(history.asks("b", None, 1), Err(DeclineReason::CardInactive));
    history.card.state = CardState::Active;
    assert_eq!(history.asks("c", None, 1), Err(DeclineReason::AccountClosed));
    history.account.state = AccountState::Open;
    history.card.limits.purchase = Some(50.into());
    assert_eq!(history.asks("d", None, LIMIT + 1), Err(DeclineReason::CardLimit));
    history.card.limits.purchase = None;
    assert_eq!(history.asks("e", None, LIMIT + 1), Err(DeclineReason::AccountLimit));
    if let Some(face) = &mut history.card.face {
        face.expires = "2020-01".into();
    }
    assert_eq!(history.asks("f", None, 1), Err(DeclineReason::CardInactive));
}

#[test]
fn a_card_that_is_tried_out_is_too_fast() {
    let mut history = History::begins();
    // Who is declined has asked too.
    for _ in 0..60 {
        history.card.pace.asked(at(60));
    }
    assert_eq!(history.asks("a", None, 1), Err(DeclineReason::TooFast));
    assert_eq!(history.asks("b", None, 1), Ok(()));
}

#[test]
fn a_month_counts_what_was_spent_in_it_and_not_what_came_back_from_holds() {
    let mut history = History::begins();
    history.card.limits.month = Some(1_000.into());
    history.asks("a", None, 900).unwrap();
    assert_eq!(history.asks("b", None, 101), Err(DeclineReason::CardLimit));
    history.reverses("r", "a", Some(500));
    assert_eq!(history.asks("c", None, 600), Ok(()));
    history.captures("x", Some("a"), 450, true);
    assert_eq!(history.card.spent.amount, 1_050.into());
}

#[test]
fn what_nobody_captures_is_released_in_time() {
    let mut history = History::begins();
    history.asks("a", None, 900).unwrap();
    let books = history.books(Some(&id("a")));
    assert_eq!(books.clone().release(at(7 * 86_400)), None, "a week from when it was asked");
    history.keep(books.release(at(7 * 86_400 + 60)).unwrap());
    assert_eq!(history.stands(), (0, 0));
    assert_eq!(history.holds[&id("a")].answer, Some(Answer::APPROVED));
}

#[test]
fn an_entry_has_two_sides() {
    let postings = EntryKind::Payment.postings(250.into());
    let sides: Vec<_> = postings.iter().map(|part| (part.ledger_account, part.amount)).collect();
    assert_eq!(
        sides,
        [(LedgerAccount::Receivables, Amount::from(-250)), (LedgerAccount::Bank, 250.into())]
    );
}

#[test]
fn a_hold_that_is_over_is_no_way_around_the_limit() {
    let mut history = History::begins();
    history.captures("x", None, 1, true);
    history.asks("a", None, 5_000).unwrap();
    history.learns("e", Fact::Expiry { authorisation: id("a") });
    assert_eq!(history.asks("i1", Some("a"), LIMIT), Err(DeclineReason::AccountLimit));
    history.captures("c", Some("b"), 4_000, true);
    assert_eq!(history.asks("b", None, LIMIT), Err(DeclineReason::AccountLimit));
    history.captures("d", Some("f"), 3_000, true);
    assert_eq!(history.asks("f", None, 3_000), Ok(()), "it was captured already");
    assert_eq!(history.asks("i2", Some("f"), LIMIT), Err(DeclineReason::AccountLimit));
    history.card.state = CardState::Stolen;
    assert_eq!(history.asks("i3", Some("f"), 1), Err(DeclineReason::CardInactive));
}

#[path = "books_property_tests.rs"]
mod properties;
