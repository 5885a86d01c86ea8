//! Customers who register, edit, subscribe, leave and come back under the same addresses, over HTTP and as clients do:
//! an answer that was lost is asked for again.

use crate::sizes::Sizes;
use app_tests::proof::{Addresses, Answer, Background, Stopping};
use rand::{Rng, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// Customers that write at the same time.
const AT_ONCE: usize = 4;
const SERVICES: [&str; 4] = ["home-care", "day-care", "night-watch", "newsletter"];
/// Names as people have them.
const NAMES: [&str; 8] = [
    "Kim",
    "Zoë",
    "🦊 Fox",
    "👩‍👩‍👧‍👦",
    "محمد",
    "אבגד",
    "Nguyễn Thị Ánh",
    "Maximiliane Wilhelmine Friederike Charlotte",
];

/// Parts of what is written here and in deposits: addresses, user names, names, streets and cities, which are in no other
/// text. No log may have them.
pub(crate) const PERSONAL: [&str; 9] =
    ["proof.example", "proof-", "large-", "Zoë", "🦊", "محمد", "Nguyễn", "Maximiliane", "Marina"];

/// What was acknowledged: it must be there at the end.
#[derive(Debug, Default)]
pub(crate) struct Book {
    profiles: Mutex<BTreeMap<String, Acknowledged>>,
    writes: AtomicU64,
    registered_again: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Acknowledged {
    /// The profile is at this revision, or a newer one.
    pub(crate) revision: u64,
    pub(crate) is_erased: bool,
}

impl Book {
    pub(crate) fn saw(&self, id: &str, revision: u64) {
        let mut profiles = self.profiles.lock().unwrap();
        let known = profiles.entry(id.to_owned()).or_default();
        assert!(known.revision <= revision, "{id} was at {} and is at {revision}", known.revision);
        known.revision = revision;
    }

    pub(crate) fn erased(&self, id: &str) {
        self.profiles.lock().unwrap().entry(id.to_owned()).or_default().is_erased = true;
    }

    pub(crate) fn wrote(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    pub(crate) fn registered_again(&self) -> u64 {
        self.registered_again.load(Ordering::Relaxed)
    }

    pub(crate) fn acknowledged(&self) -> BTreeMap<String, Acknowledged> {
        self.profiles.lock().unwrap().clone()
    }
}

pub(crate) struct Customers(Vec<Background<()>>);

impl Customers {
    pub(crate) fn start(sizes: &Sizes, addresses: &Addresses, book: &Arc<Book>) -> Self {
        let group = |number| {
            let customers = (number..sizes.profiles).step_by(AT_ONCE).map(Customer::of);
            let group = Group {
                random: SmallRng::seed_from_u64(sizes.seed.wrapping_add(number as u64)),
                addresses: addresses.clone(),
                book: Arc::clone(book),
                customers: customers.collect(),
            };
            Background::start(|stopping| group.write(stopping))
        };
        Self((0..AT_ONCE).map(group).collect())
    }

    pub(crate) fn are_well(&self) -> bool {
        self.0.iter().all(Background::is_well)
    }

    pub(crate) async fn finish(self) {
        for group in self.0 {
            group.finish().await;
        }
    }
}

/// Somebody with addresses, registered or not.
struct Customer {
    number: usize,
    id: Option<String>,
    was_erased: bool,
}

impl Customer {
    fn of(number: usize) -> Self {
        Self { number, id: None, was_erased: false }
    }
}

/// Customers of whom one writes at a time.
struct Group {
    random: SmallRng,
    addresses: Addresses,
    book: Arc<Book>,
    customers: Vec<Customer>,
}

impl Group {
    async fn write(mut self, stopping: Stopping) {
        while !stopping.is_asked() && !self.customers.is_empty() {
            let at = self.random.random_range(0..self.customers.len());
            match self.customers[at].id.clone() {
                None => self.register(at).await,
                Some(id) => match self.random.random_range(0..100) {
                    0..75 => self.edit(&id).await,
                    75..90 => self.subscribe(&id).await,
                    _ => self.erase(at, &id).await,
                },
            }
            self.book.wrote();
        }
    }

    fn person(&mut self) -> Value {
        let mut name = || *NAMES.choose(&mut self.random).unwrap();
        let (given, family) = (name(), name());
        let city = ["Lagos", "København", "القاهرة"].choose(&mut self.random).unwrap();
        let street = format!("{} Marina", self.random.random_range(1..999));
        json!({"givenName": given, "familyName": family, "age": self.random.random_range(0..120),
            "address": {"street": street, "city": city, "country": "NG"}})
    }

    async fn register(&mut self, at: usize) {
        let (number, key) = (self.customers[at].number, self.random.random::<u128>());
        let mut body = self.person();
        body["account"] = json!({"emailAddress": format!("p{number}@proof.example"), "userName": format!("proof-{number}")});
        let text = body.to_string();
        let send = || {
            self.addresses
                .request(Method::POST, "/v1/register")
                .header("content-type", "application/json")
                .header("idempotency-key", format!("{key:032x}"))
                .body(text.clone())
        };
        let answer = self.addresses.insist("registering", |_| false, send).await;
        assert_eq!(answer.status, 201, "registering customer {number}: {}", answer.body);
        let id = answer.body["id"].as_str().unwrap().to_owned();
        self.saw(&id, &answer);
        let customer = &mut self.customers[at];
        if customer.was_erased {
            self.book.registered_again.fetch_add(1, Ordering::Relaxed);
        }
        customer.id = Some(id);
    }

    async fn edit(&mut self, id: &str) {
        let patch = self.person().to_string();
        let send = || {
            self.addresses
                .request(Method::PATCH, &format!("/v1/profiles/{id}"))
                .header("content-type", "application/merge-patch+json")
                .header("if-match", "*")
                .body(patch.clone())
        };
        let answer = self.addresses.insist("editing", was_overtaken, send).await;
        assert_eq!(answer.status, 200, "editing {id}: {}", answer.body);
        self.saw(id, &answer);
    }

    async fn subscribe(&mut self, id: &str) {
        let service = SERVICES.choose(&mut self.random).unwrap();
        let path = format!("/v1/profiles/{id}/subscriptions/{service}");
        let leaves = self.random.random_bool(0.4);
        let method = || if leaves { Method::DELETE } else { Method::PUT };
        let send = || self.addresses.request(method(), &path);
        let answer = self.addresses.insist("subscribing", was_overtaken, send).await;
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
        let read = || self.addresses.request(Method::GET, &format!("/v1/profiles/{id}"));
        let answer = self.addresses.insist("reading", |_| false, read).await;
        assert_eq!(answer.status, 200, "reading {id}: {}", answer.body);
        self.saw(id, &answer);
    }

    async fn erase(&mut self, at: usize, id: &str) {
        let send = || self.addresses.request(Method::DELETE, &format!("/v1/profiles/{id}"));
        let answer = self.addresses.insist("erasing", was_overtaken, send).await;
        assert_eq!(answer.status, 204, "erasing {id}: {}", answer.body);
        self.book.erased(id);
        self.customers[at].id = None;
        self.customers[at].was_erased = true;
    }

    fn saw(&self, id: &str, answer: &Answer) {
        self.book.saw(id, answer.body["revision"].as_u64().unwrap());
    }
}

/// Somebody else, such as our own request before its answer was lost, was faster.
fn was_overtaken(answer: &Answer) -> bool {
    [409, 412].contains(&answer.status)
}
