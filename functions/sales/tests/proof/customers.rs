//! Customers who order while processes die, order the same again, cancel, look at keys; and our people who restart steps.

use crate::book::{Book, Told};
use crate::platform::{ask, ask_with};
use crate::sizes::Sizes;
use app_tests::proof::{Addresses, Crowd, Stories};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use uuid::Uuid;

/// How many order at the same time.
const AT_ONCE: usize = 50;
/// Whose orders they are: few, so that several change the subscriptions of one.
const PROFILES: u128 = 12;
/// What they order; each several pieces of one or both.
const SERVICES: [&str; 2] = ["night-watch", "home-care"];
/// What is restarted.
const STEPS: [&str; 7] =
    ["authorise", "provision", "subscribe", "invoice", "capture", "document", "email"];
/// How many orders are charged to an account, of a hundred.
const ON_ACCOUNT: u32 = 50;
/// The longest until something else is done, in milliseconds.
const PAUSE_MS: u64 = 4_000;

/// The profiles are those of a customer of the sample; each has an account with room for all that is ordered.
pub(crate) async fn register(addresses: &Addresses) -> Vec<String> {
    let found = addresses.documents(("profiles", "profiles")).await.expect("profiles");
    let mut profile = found.into_iter().next().expect("a sample");
    for number in 0..PROFILES {
        profile["id"] = json!(profile_id(number));
        addresses.upsert(("profiles", "profiles"), &profile).await;
    }
    let mut accounts = Vec::new();
    for number in 0..PROFILES {
        accounts.push(account_of(addresses, &profile_id(number)).await);
    }
    accounts
}

async fn account_of(addresses: &Addresses, profile: &str) -> String {
    let opened = async |path: &str, body: Value| {
        let key = |request: RequestBuilder| request.header("idempotency-key", profile);
        let answer = ask_with(addresses, (Method::POST, path), &body, key).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    };
    let company = json!({"number": "DK 12345678", "name": "Nordlys ApS"});
    let customer = json!({"profileId": profile, "company": company});
    let customer = opened("/accounts/v1/customers", customer).await;
    let limit = json!({"amount": "100000000.00", "currency": "EUR"});
    let account = json!({"customerId": customer, "name": "Licences", "limit": limit});
    opened("/accounts/v1/accounts", account).await
}

fn profile_id(number: u128) -> String {
    Uuid::from_u128(0x0198_0c6e_4444_7000_8000_0000_0000_0000 + number).to_string()
}

/// All who order, again and again until they are answered.
pub(crate) fn come(
    sizes: &Sizes,
    addresses: &Addresses,
    accounts: Vec<String>,
    book: &Arc<Book>,
) -> Crowd {
    let stories = Stories { all: sizes.orders, at_once: AT_ONCE, rounds: sizes.kills };
    let (seed, addresses, book) = (sizes.seed, addresses.clone(), Arc::clone(book));
    let accounts = Arc::new(accounts);
    Crowd::start(stories, move |number| {
        let place = (addresses.clone(), Arc::clone(&accounts), Arc::clone(&book));
        Story::new(seed, number, place).happens()
    })
}

/// One order, and what its customer and our people do.
struct Story {
    random: SmallRng,
    profile: String,
    key: String,
    /// Which is charged, if one is.
    account: Option<String>,
    addresses: Addresses,
    book: Arc<Book>,
}

impl Story {
    fn new(
        seed: u64,
        number: usize,
        (addresses, accounts, book): (Addresses, Arc<Vec<String>>, Arc<Book>),
    ) -> Self {
        let mut random = SmallRng::seed_from_u64(seed ^ (number as u64 + 1).rotate_left(32));
        let who = random.random_range(0..PROFILES);
        let profile = profile_id(who);
        let account = (random.random_range(0..100) < ON_ACCOUNT)
            .then(|| accounts[usize::try_from(who).unwrap()].clone());
        let key = format!("{number}-{:016x}", random.random::<u64>());
        Self { random, profile, key, account, addresses, book }
    }

    async fn happens(mut self) {
        let body = self.body();
        let shown = placed(&self.addresses, &self.profile, &self.key, &body).await;
        self.book.saw(&shown);
        let id = shown["id"].as_str().unwrap().to_owned();
        let place = self.book.note(Told {
            id: id.clone(),
            profile: self.profile.clone(),
            body: body.clone(),
            key: self.key.clone(),
            is_cancelled: false,
        });
        let deed = self.random.random_range(0..100);
        sleep(Duration::from_millis(self.random.random_range(0..PAUSE_MS))).await;
        match deed {
            0..15 => {
                let again = placed(&self.addresses, &self.profile, &self.key, &body).await;
                assert_eq!(again["id"], id.as_str(), "one key, one order");
                self.book.saw(&again);
            }
            15..30 => self.cancels(place, &id).await,
            30..60 => self.restarts(&id).await,
            60..75 => self.looks_at_keys().await,
            _ => {}
        }
    }

    fn body(&mut self) -> Value {
        let count = self.random.random_range(1..=SERVICES.len());
        let lines: Vec<Value> = SERVICES
            .choose_multiple(&mut self.random, count)
            .map(|service| json!({"serviceId": service, "quantity": 3, "months": 12}))
            .collect();
        json!({
            "lines": lines,
            "payment": self.account.as_ref().map(|account| json!({ "onAccount": account })),
            "buyer": {
                "name": format!("Kundin Ærø {}", self.key),
                "emailAddress": format!("{}@customers.example", self.key),
                "address": {"street": format!("Gade {}", self.key), "city": "København", "country": "DK"},
            },
        })
    }

    /// Too late, it is delivered and stays.
    async fn cancels(&self, place: usize, id: &str) {
        let path = format!("/v1/orders/{id}");
        let answer = ask(&self.addresses, Method::DELETE, &path, &Value::Null).await;
        match answer.status {
            204 => self.book.cancelled(place),
            409 => {}
            other => panic!("cancelling {id}: {other} {}", answer.body),
        }
    }

    /// As a person would who is not sure: what is not to be restarted is refused.
    async fn restarts(&mut self, id: &str) {
        let from = STEPS.choose(&mut self.random).unwrap();
        let path = format!("/sales/v1/orders/{id}/restart");
        let answer = ask(&self.addresses, Method::POST, &path, &json!({ "from": from })).await;
        assert!([202, 409].contains(&answer.status), "{}: {}", answer.status, answer.body);
    }

    async fn looks_at_keys(&self) {
        let path = format!("/v1/profiles/{}/licences", self.profile);
        let list = ask(&self.addresses, Method::GET, &path, &Value::Null).await;
        assert_eq!(list.status, 200, "{}", list.body);
        for licence in list.body["items"].as_array().unwrap() {
            let path = format!("{path}/{}/key", licence["id"].as_str().unwrap());
            let shown = ask(&self.addresses, Method::GET, &path, &Value::Null).await;
            assert!([200, 409].contains(&shown.status), "{}: {}", shown.status, shown.body);
        }
    }
}

/// The order of this request, placed now or before.
async fn placed(addresses: &Addresses, profile: &str, key: &str, body: &Value) -> Value {
    let path = format!("/v1/profiles/{profile}/orders");
    let request = (Method::POST, path.as_str());
    let answer =
        ask_with(addresses, request, body, |request| request.header("idempotency-key", key)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.body
}

/// Every request comes once more: it is about the same order, and changes nothing.
pub(crate) async fn repeat_all(addresses: &Addresses, book: &Book) {
    for told in book.all() {
        let again = placed(addresses, &told.profile, &told.key, &told.body).await;
        assert_eq!(again["id"], told.id.as_str(), "one key, one order");
        book.saw(&again);
    }
}
