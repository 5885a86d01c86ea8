//! What the network says in one run, and what a merchant of our own wants.

use crate::domain::{
    Amount, AuthorisationRequest, ChargeOrder, Fact, Merchant, NetworkEvent, NetworkId, NewCharge,
};
use rand::{Rng, rngs::SmallRng};
use uuid::Uuid;

/// Few authorisations for many messages, so that they are about the same.
const AUTHORISATIONS: usize = 3;
const MOST: usize = 16;
/// The same for charges of our own: of each so many things are wanted besides holding it.
const CHARGES: u128 = 2;
const MOST_WANTED: usize = 4;
/// In the smallest unit; a third of the limit or so, so that there is not enough for all.
const LARGEST: i64 = 40_000;

#[derive(Debug, Clone)]
pub(super) enum Message {
    Ask(AuthorisationRequest),
    Tell(NetworkEvent),
    Charge(NetworkId, ChargeOrder),
}

impl Message {
    pub(super) fn authorisation(&self) -> Option<&NetworkId> {
        match self {
            Self::Ask(request) => Some(request.authorisation()),
            Self::Tell(event) => event.fact.authorisation(),
            Self::Charge(id, _) => Some(id),
        }
    }

    /// All that is said in one run: every authorisation is asked for once at least, and what is said of it is arbitrary.
    pub(super) fn some(random: &mut SmallRng) -> Vec<Self> {
        let asked = (0..AUTHORISATIONS).map(|number| {
            let amount = random.random_range(1..=LARGEST);
            ask(&format!("a{number}"), None, amount)
        });
        let mut messages: Vec<Self> = asked.collect();
        for number in messages.len()..random.random_range(AUTHORISATIONS + 2..=MOST) {
            messages.push(one(random, number));
        }
        messages.extend((0..CHARGES).flat_map(|number| charge(random, number)));
        messages
    }
}

fn one(random: &mut SmallRng, number: usize) -> Message {
    let authorisation = id(&format!("a{}", random.random_range(0..AUTHORISATIONS)));
    let units = random.random_range(1..=LARGEST);
    let amount = Amount::from(units);
    let maybe = random.random_bool(0.8).then(|| authorisation.clone());
    let fact = match random.random_range(0..9) {
        0 => return ask(&format!("i{number}"), Some(authorisation), units),
        1 => Fact::Advice { authorisation, amount },
        2 | 3 => Fact::Capture { authorisation: maybe, amount, is_last: random.random_bool(0.4) },
        4 => Fact::Reversal { authorisation, amount: random.random_bool(0.6).then_some(amount) },
        5 => Fact::Expiry { authorisation },
        6 => Fact::Refund { authorisation: maybe, amount },
        7 => Fact::Chargeback { authorisation: maybe, amount },
        // Asked for without anything that follows.
        _ => return ask(&format!("b{number}"), None, units),
    };
    let merchant = random.random_bool(0.5).then(|| Merchant::new("Kiosk", 5411));
    Message::Tell(NetworkEvent { id: id(&format!("m{number}")), merchant, fact })
}

/// What is wanted of one charge: always to hold it, always the same under one name.
fn charge(random: &mut SmallRng, number: u128) -> Vec<Message> {
    let id = NetworkId::of_charge(Uuid::from_u128(number).into());
    let units = random.random_range(1..=LARGEST);
    let held = Amount::from(units).in_currency("DKK".parse().unwrap());
    let (profile, merchant) = (Uuid::nil().into(), Merchant::new("Iommi", 5734));
    let taken = random.random_range(1..=units);
    let mut wanted = vec![ChargeOrder::Hold(NewCharge { profile, amount: held, merchant })];
    for of in 0..random.random_range(1..=MOST_WANTED) {
        let refund = NetworkId::of_refund(Uuid::from_u128(number << 8 | of as u128).into());
        wanted.push(match random.random_range(0..4) {
            0 | 1 => ChargeOrder::Capture(taken.into()),
            2 => ChargeOrder::Reverse,
            _ => {
                let amount = random.random_range(1..=taken).into();
                ChargeOrder::Refund { id: refund, amount }
            }
        });
    }
    wanted.into_iter().map(|order| Message::Charge(id.clone(), order)).collect()
}

fn ask(name: &str, increment_of: Option<NetworkId>, units: i64) -> Message {
    let amount = Amount::from(units).in_currency("DKK".parse().unwrap());
    let merchant = Merchant::new("Kiosk", 5411);
    Message::Ask(AuthorisationRequest { id: id(name), increment_of, amount, merchant })
}

pub(super) fn id(text: &str) -> NetworkId {
    text.parse().unwrap()
}
