//! Those who are at work on the documents and may be killed between any two effects.

use super::documents::{Container, Shared};
use super::messages::Message;
use super::truth::{check_batch, check_end, check_wanted, entry_of};
use crate::domain::{
    AccountId, Amount, Card, CardLimits, CardState, DeclineReason, Face, MonthSpend, NetworkId,
    NewAccount, Pace,
};
use crate::store::balances::Balances;
use crate::store::documents::{AccountDocument, CardDocument, Document, card_id};
use crate::store::ledger::{Ledger, Payer, Recorded};
use crate::store::partitions::{Partitions, Write};
use crate::store::tokens::CardPlace;
use azure_data::Item;
use jiff::Timestamp;
use rand::{Rng, SeedableRng, rngs::SmallRng, seq::SliceRandom};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use uuid::Uuid;
use values::{Clock, Revision};

/// Instances of the app, which know nothing of each other.
const INSTANCES: usize = 3;
const CARDS: usize = 2;
/// More polls than any work takes when nobody interferes.
const MAX_POLLS: usize = 100_000;
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

type Work = Pin<Box<dyn Future<Output = ()>>>;
/// What the network was told, by the ids of its messages.
type Told = Rc<RefCell<BTreeMap<NetworkId, Result<(), DeclineReason>>>>;

pub(super) struct World {
    random: SmallRng,
    clock: Clock,
    documents: Shared,
    instances: Vec<Rc<Ledger<Container>>>,
    balances: Vec<Rc<Balances<Container>>>,
    places: Vec<CardPlace>,
    messages: Vec<Message>,
    told: Told,
    at_work: Vec<Work>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = SmallRng::seed_from_u64(seed);
        let clock = Clock::stopped_at(Timestamp::from_second(1_700_000_000).unwrap());
        let messages = Message::some(&mut random);
        let asked = messages.iter().filter_map(|message| match message {
            Message::Ask(request) => Some((request.id.to_string(), request.clone())),
            Message::Tell(_) | Message::Charge(..) => None,
        });
        let asked: BTreeMap<_, _> = asked.collect();
        let watch = Box::new(move |written: &[_]| check_batch(&asked, written));
        let documents = Shared::new(SmallRng::seed_from_u64(!seed), watch);
        let places = open(&documents, &clock);
        let container = |name| documents.container(name, &clock);
        let ledger = |_| Rc::new(Ledger::of(container("accounts")));
        let balances = |_| Rc::new(Balances::of(container("ledger-balances")));
        Self {
            instances: (0..INSTANCES).map(ledger).collect(),
            balances: (0..INSTANCES).map(balances).collect(),
            random,
            clock: clock.clone(),
            documents: documents.clone(),
            places,
            messages,
            told: Rc::default(),
            at_work: Vec::new(),
        }
    }

    /// Something happens.
    pub(super) fn step(&mut self) {
        match self.random.random_range(0..200) {
            0..16 => {
                let at = self.random.random_range(0..self.messages.len());
                self.begin_message(self.messages[at].clone());
            }
            16..18 => self.begin_release(),
            18..20 => self.begin_edit(),
            20..24 => self.begin_feed(),
            24..26 => self.crash(),
            26..31 => self.documents.lock().deliver_late(),
            31..32 => self.clock.advance(A_DAY),
            32..36 => self.clock.advance(Duration::from_secs(20)),
            _ => self.work(),
        }
    }

    /// The faults end, and everybody who is at work dies. The network says once more what it has to say, in an order of its
    /// own, and the feed begins anew. How many batches happened.
    pub(super) fn settle(&mut self) -> u64 {
        self.at_work.clear();
        self.documents.lock().deliver_all();
        self.documents.lock().with_faults = false;
        let mut messages = self.messages.clone();
        messages.shuffle(&mut self.random);
        for message in messages {
            self.clock.advance(Duration::from_secs(1));
            self.begin_message(message);
            self.finish_work();
        }
        let all = self.entries();
        self.begin_applying(all);
        self.finish_work();
        let documents = self.documents.lock();
        check_end(&self.messages, &documents.all("accounts"), &documents.all("ledger-balances"));
        documents.batches
    }

    fn begin_message(&mut self, message: Message) {
        let ledger = Rc::clone(&self.instances[self.random.random_range(0..INSTANCES)]);
        let card = message.authorisation().map_or(0, card_of);
        let (place, clock, told) = (self.places[card], self.clock.clone(), Rc::clone(&self.told));
        self.begin(async move {
            match message {
                Message::Ask(request) => {
                    if let Ok(answer) = ledger.decide(place, &request, &clock).await {
                        let before = told.borrow_mut().insert(request.id.clone(), answer);
                        assert!(before.is_none_or(|before| before == answer), "{request:?}");
                    }
                }
                Message::Tell(event) => {
                    if let Ok(taken) = ledger.take(place, &event, &clock).await {
                        assert!(matches!(taken, Some(Recorded::Now | Recorded::Before)));
                        told.borrow_mut().insert(event.id.clone(), Ok(()));
                    }
                }
                Message::Charge(id, order) => {
                    if let Ok(charged) =
                        ledger.charge((place.account_id, &id), &order, &clock).await
                    {
                        check_wanted(&order, &charged.unwrap());
                    }
                }
            }
        });
    }

    fn begin_release(&mut self) {
        let ledger = Rc::clone(&self.instances[self.random.random_range(0..INSTANCES)]);
        let holds: Vec<Value> = {
            let documents = self.documents.lock().all("accounts");
            documents.into_iter().filter(|value| value["kind"] == "hold").collect()
        };
        let Some(hold) = holds.get(self.random.random_range(0..holds.len().max(1))) else { return };
        let account_id = self.places[0].account_id;
        let card_id = hold["cardId"].as_str().map(|id| id.parse().unwrap());
        let id = super::messages::id(hold["authorisation"].as_str().unwrap());
        let clock = self.clock.clone();
        self.begin(async move {
            drop(ledger.release(Payer { account_id, card_id }, &id, &clock).await);
        });
    }

    /// Somebody freezes a card or takes it up again, or sets another limit.
    fn begin_edit(&mut self) {
        let container = self.documents.container("accounts", &self.clock);
        let card = self.places[self.random.random_range(0..CARDS)];
        let (id, members) = match self.random.random_range(0..4) {
            0 => (card_id(card.card_id), json!({"state": "frozen"})),
            1 => (card_id(card.card_id), json!({"state": "active"})),
            _ => {
                let limit = self.random.random_range(20_000..120_000);
                ("account".to_owned(), json!({"limit": limit}))
            }
        };
        self.begin(async move {
            let partition = card.account_id.to_string();
            let read = container.read::<Value>(&partition, &id).await;
            let Ok(Some(Item { mut value, etag })) = read else { return };
            value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            drop(container.commit(&partition, vec![Write::Replace(id, value, etag)]).await);
        });
    }

    /// The feed brings some entries, in some order, as it does after a failure or with new leases.
    fn begin_feed(&mut self) {
        let mut entries = self.entries();
        entries.shuffle(&mut self.random);
        entries.truncate(self.random.random_range(0..=entries.len()));
        self.begin_applying(entries);
    }

    fn begin_applying(&mut self, entries: Vec<Value>) {
        let balances = Rc::clone(&self.balances[self.random.random_range(0..INSTANCES)]);
        let entries: Vec<_> = entries.iter().map(entry_of).collect();
        self.begin(async move { drop(balances.apply(&entries).await) });
    }

    fn entries(&self) -> Vec<Value> {
        let documents = self.documents.lock().all("accounts");
        documents.into_iter().filter(|value| value["kind"] == "entry").collect()
    }

    fn begin(&mut self, work: impl Future<Output = ()> + 'static) {
        self.at_work.push(Box::pin(work));
    }

    /// One of those at work does the next thing.
    fn work(&mut self) {
        if !self.at_work.is_empty() {
            let worker = self.random.random_range(0..self.at_work.len());
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(()) = self.at_work[worker].as_mut().poll(&mut context) {
                drop(self.at_work.swap_remove(worker));
            }
        }
    }

    /// One of those at work dies.
    fn crash(&mut self) {
        if !self.at_work.is_empty() {
            let victim = self.random.random_range(0..self.at_work.len());
            drop(self.at_work.swap_remove(victim));
        }
    }

    fn finish_work(&mut self) {
        for _ in 0..MAX_POLLS {
            if self.at_work.is_empty() {
                return;
            }
            self.work();
        }
        panic!("somebody never ends");
    }
}

/// An account with two cards, as it is when the network first hears of them.
fn open(documents: &Shared, clock: &Clock) -> Vec<CardPlace> {
    let body = json!({
        "customerId": Uuid::from_u128(1), "name": "Nordlys",
        "limit": {"amount": "1000.00", "currency": "DKK"},
    });
    let account_id = Uuid::from_u128(2).into();
    let account = NewAccount::parse(&body).unwrap().open(account_id, clock.now());
    let partition = account_id.to_string();
    let mut documents = documents.lock();
    documents.put("accounts", &partition, json!(Document::<AccountDocument>::from(&account)));
    let mut places = Vec::new();
    for number in 0..CARDS {
        let card = card(number, account_id, clock.now());
        documents.put("accounts", &partition, json!(Document::<CardDocument>::from(&card)));
        places.push(CardPlace { account_id, card_id: card.id });
    }
    places
}

fn card(number: usize, account_id: AccountId, now: Timestamp) -> Card {
    let (last_four, expires, network) = ("4242".into(), "2099-04".into(), "visa".into());
    Card {
        id: Uuid::from_u128(10 + number as u128).into(),
        account_id,
        face: Some(Face { last_four, expires, network }),
        state: CardState::Active,
        limits: CardLimits::default(),
        spent: MonthSpend { month: "2023-11".into(), amount: Amount::ZERO },
        pace: Pace::default(),
        attempts: 0,
        replaces: None,
        replaced_by: None,
        revision: Revision::FIRST,
        ordered_at: now,
    }
}

/// What is about one authorisation is about one card.
fn card_of(authorisation: &NetworkId) -> usize {
    authorisation.as_str().bytes().map(usize::from).sum::<usize>() % CARDS
}
