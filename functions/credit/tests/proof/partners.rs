//! Partners that ask for assessments while processes die, take some back and have some erased.

use crate::book::{Book, Fate, Told};
use crate::people::{CUSTOMERS, Person, RETURN_URL};
use crate::platform::{Partner, ask, ask_with};
use crate::sizes::Sizes;
use app_tests::proof::{Addresses, Answer, Crowd, Stories};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::time::sleep;

/// How many ask at the same time.
const AT_ONCE: usize = 12;
/// How long a partner waits for the result, in seconds.
const WAITS: &str = "wait=8";
/// The longest until something is taken back, in milliseconds.
const REGRET_MS: u64 = 1_500;

/// Registers where people go after the bank.
pub(crate) async fn register(addresses: &Addresses) {
    for partner in Partner::ALL {
        let urls = json!({ "returnUrls": [RETURN_URL] });
        let answer = ask(addresses, partner, (Method::PUT, "partner"), &urls).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Everything that is asked, again and again until it is answered.
pub(crate) fn come(sizes: &Sizes, addresses: &Addresses, book: &Arc<Book>) -> Crowd {
    let stories = Stories { all: sizes.assessments, at_once: AT_ONCE, rounds: sizes.kills };
    let (seed, addresses, book) = (sizes.seed, addresses.clone(), Arc::clone(book));
    Crowd::start(stories, move |number| {
        Story::new(seed, number, addresses.clone(), Arc::clone(&book)).happens()
    })
}

/// One assessment and what its partner does.
struct Story {
    random: SmallRng,
    person: Person,
    key: String,
    addresses: Addresses,
    book: Arc<Book>,
}

impl Story {
    fn new(seed: u64, number: usize, addresses: Addresses, book: Arc<Book>) -> Self {
        let mut random = SmallRng::seed_from_u64(seed ^ (number as u64 + 1).rotate_left(32));
        let person = Person {
            partner: *Partner::ALL.choose(&mut random).unwrap(),
            customer: CUSTOMERS.choose(&mut random).unwrap(),
            reference: format!("Kundin Ærø {number} {:016x}", random.random::<u64>()),
        };
        let key = format!("{:032x}", random.random::<u128>());
        Self { random, person, key, addresses, book }
    }

    async fn happens(mut self) {
        let by_consent = match self.random.random_bool(0.3) {
            true => self.person.consent(&self.addresses, &self.book).await,
            false => None,
        };
        let by_token = by_consent.is_none();
        let body = match by_consent {
            Some(body) => body,
            None => self.person.token(&self.addresses, &self.book).await,
        };
        let waits = self.random.random_bool(0.3);
        let told = begun(&self.addresses, self.person.partner, &self.key, &body, waits).await;
        self.book.saw(&told);
        let (id, consent) = (text(&told, "id"), text(&told, "consentId"));
        let place = self.book.note(Told {
            id: id.clone(),
            partner: self.person.partner,
            body: body.clone(),
            key: self.key.clone(),
            customer: self.person.customer,
            by_token,
            is_quiet: false,
            fate: Fate::Kept,
        });
        let deed = self.random.random_range(0..100);
        sleep(Duration::from_millis(self.random.random_range(0..REGRET_MS))).await;
        match deed {
            0..15 => self.takes_back(place, &id, &consent).await,
            15..25 => {
                self.book.set_fate(place, Fate::Erased);
                self.deletes(&format!("assessments/{id}")).await;
            }
            25..30 => {
                self.book.set_fate(place, Fate::Erased);
                self.forgets().await;
            }
            30..50 => {
                let again =
                    begun(&self.addresses, self.person.partner, &self.key, &body, false).await;
                assert_eq!(again["id"], id, "one key, one assessment");
                self.book.saw(&again);
            }
            _ => {}
        }
    }

    /// From the confirmation on it has an end.
    async fn takes_back(&self, place: usize, id: &str, consent: &str) {
        self.deletes(&format!("consents/{consent}")).await;
        self.book.set_fate(place, Fate::Withdrawn(SystemTime::now()));
        let path = format!("assessments/{id}");
        let shown = self.asks(Method::GET, &path, &Value::Null).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        self.book.saw(&shown.body);
        let state = shown.body["state"].as_str().unwrap();
        assert!(!["fetching", "scoring"].contains(&state), "taken back: {}", shown.body);
    }

    async fn forgets(&self) {
        let body = json!({ "customerReference": self.person.reference });
        let answer = self.asks(Method::POST, "erasures", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn deletes(&self, path: &str) {
        let answer = self.asks(Method::DELETE, path, &Value::Null).await;
        assert_eq!(answer.status, 204, "{path}: {}", answer.body);
    }

    async fn asks(&self, method: Method, path: &str, body: &Value) -> Answer {
        ask(&self.addresses, self.person.partner, (method, path), body).await
    }
}

/// The assessment that this request is about, begun now or before.
pub(crate) async fn begun(
    addresses: &Addresses,
    partner: Partner,
    key: &str,
    body: &Value,
    waits: bool,
) -> Value {
    let request = (Method::POST, "assessments");
    // Who has lost one answer waits no longer: where processes die all the time nobody is held for seconds.
    let waits = AtomicBool::new(waits);
    let answer = ask_with(addresses, partner, request, body, |request| {
        let request = request.header("idempotency-key", key);
        if waits.swap(false, Ordering::Relaxed) { request.header("prefer", WAITS) } else { request }
    });
    let answer = answer.await;
    assert!([200, 202].contains(&answer.status), "{}: {}", answer.status, answer.body);
    answer.body
}

/// Every request comes once more: it is about the same assessment, and changes nothing.
pub(crate) async fn repeat_all(addresses: &Addresses, book: &Book) {
    for told in book.all() {
        let again = begun(addresses, told.partner, &told.key, &told.body, false).await;
        assert_eq!(again["id"], told.id, "one key, one assessment");
        book.saw(&again);
        let is_erased = again["state"] == "erased";
        assert_eq!(is_erased, told.fate == Fate::Erased, "{told:?}: {again}");
    }
}

pub(crate) fn text(shown: &Value, name: &str) -> String {
    shown[name].as_str().unwrap_or_else(|| panic!("no {name} in {shown}")).to_owned()
}
