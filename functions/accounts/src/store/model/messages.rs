//! What the network says in one run.

use crate::domain::{Amount, AuthorisationRequest, Fact, Merchant, NetworkEvent, NetworkId};
use rand::{Rng, rngs::SmallRng};

/// Few authorisations for many messages, so that they are about the same.
const AUTHORISATIONS: usize = 3;
const MOST: usize = 16;
/// In the smallest unit; a third of the limit or so, so that there is not enough for all.
const LARGEST: i64 = 40_000;

#[derive(Debug, Clone)]
pub(super) enum Message {
    Ask(AuthorisationRequest),
    Tell(NetworkEvent),
}

impl Message {
    pub(super) fn authorisation(&self) -> Option<&NetworkId> {
        match self {
            Self::Ask(request) => Some(request.authorisation()),
            Self::Tell(event) => event.fact.authorisation(),
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

fn ask(name: &str, increment_of: Option<NetworkId>, units: i64) -> Message {
    let amount = Amount::from(units).in_currency("DKK".parse().unwrap());
    let merchant = Merchant::new("Kiosk", 5411);
    Message::Ask(AuthorisationRequest { id: id(name), increment_of, amount, merchant })
}

pub(super) fn id(text: &str) -> NetworkId {
    text.parse().unwrap()
}
