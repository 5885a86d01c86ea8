//! Any messages in any order, against what must always be so.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Message {
    Ask(u8, i64),
    Increment(u8, u8, i64),
    Advice(u8, i64),
    Capture(u8, Option<u8>, i64, bool),
    Reverse(u8, u8, Option<i64>),
    Expire(u8, u8),
    Refund(u8, Option<u8>, i64),
    Chargeback(u8, Option<u8>, i64),
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let (hold, units, message) = (0_u8..4, 1_i64..6_000, any::<u8>());
    let of = prop::option::of(hold.clone());
    let one = prop_oneof![
        (hold.clone(), units.clone()).prop_map(|(h, u)| Message::Ask(h, u)),
        (message, hold.clone(), units.clone()).prop_map(|(m, h, u)| Message::Increment(m, h, u)),
        (hold.clone(), units.clone()).prop_map(|(h, u)| Message::Advice(h, u)),
        (message, of.clone(), units.clone(), any::<bool>())
            .prop_map(|(m, h, u, l)| Message::Capture(m, h, u, l)),
        (message, hold.clone(), prop::option::of(units.clone()))
            .prop_map(|(m, h, u)| Message::Reverse(m, h, u)),
        (message, hold).prop_map(|(m, h)| Message::Expire(m, h)),
        (message, of.clone(), units.clone()).prop_map(|(m, h, u)| Message::Refund(m, h, u)),
        (message, of, units).prop_map(|(m, h, u)| Message::Chargeback(m, h, u)),
    ];
    prop::collection::vec(one, 0..30)
}

impl History {
    fn gets(&mut self, message: &Message) {
        let hold = |h: &u8| id(&format!("h{h}"));
        let of = |h: &Option<u8>| h.as_ref().map(hold);
        match message {
            Message::Ask(h, units) => drop(self.asks(&format!("h{h}"), None, *units)),
            Message::Increment(m, h, units) => {
                let _ = self.asks(&format!("i{m}"), Some(&format!("h{h}")), *units);
            }
            Message::Advice(h, units) => {
                let fact = Fact::Advice { authorisation: hold(h), amount: (*units).into() };
                self.learns(&format!("v{h}"), fact);
            }
            Message::Capture(m, h, units, is_last) => {
                let fact = Fact::Capture {
                    authorisation: of(h),
                    amount: (*units).into(),
                    is_last: *is_last,
                };
                self.learns(&format!("c{m}"), fact);
            }
            Message::Reverse(m, h, units) => {
                let fact =
                    Fact::Reversal { authorisation: hold(h), amount: units.map(Amount::from) };
                self.learns(&format!("r{m}"), fact);
            }
            Message::Expire(m, h) => {
                self.learns(&format!("e{m}"), Fact::Expiry { authorisation: hold(h) });
            }
            Message::Refund(m, h, units) => {
                let fact = Fact::Refund { authorisation: of(h), amount: (*units).into() };
                self.learns(&format!("b{m}"), fact);
            }
            Message::Chargeback(m, h, units) => {
                let fact = Fact::Chargeback { authorisation: of(h), amount: (*units).into() };
                self.learns(&format!("g{m}"), fact);
            }
        }
    }
}

proptest! {
    /// `is_sound` is asked after each message.
    #[test]
    fn whatever_comes_in_whatever_order_the_books_are_sound(messages in messages()) {
        let mut history = History::begins();
        for message in &messages {
            history.gets(message);
        }
        // What nobody speaks of any more holds nothing.
        for hold in history.holds.keys().cloned().collect::<Vec<_>>() {
            if let Some(books) = history.books(Some(&hold)).release(at(100 * 86_400)) {
                history.keep(books);
            }
        }
        prop_assert_eq!(history.stands().0, 0);
    }

    /// Entries are facts: what is owed does not depend on the order in which they come.
    #[test]
    fn what_is_owed_is_the_same_in_any_order(messages in messages(), seed in any::<u64>()) {
        use rand::{SeedableRng, seq::SliceRandom};
        let mut facts = messages;
        // A message comes under one id with one content.
        let mut known = BTreeMap::new();
        facts.retain(|message| known.insert(format!("{message:?}").split(',').next().unwrap().to_owned(), ()).is_none());
        let (mut one, mut other) = (History::begins(), History::begins());
        facts.iter().for_each(|message| one.gets(message));
        facts.shuffle(&mut rand::rngs::StdRng::seed_from_u64(seed));
        facts.iter().chain(&facts.clone()).for_each(|message| other.gets(message));
        prop_assert_eq!(one.stands().1, other.stands().1);
    }
}
