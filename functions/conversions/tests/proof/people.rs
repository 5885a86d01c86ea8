//! People who register, buy and leave while processes die.

use crate::platform::ask;
use crate::sizes::Sizes;
use app_tests::proof::{Addresses, Crowd, LOOK_EVERY, Stories};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many register at the same time.
const AT_ONCE: usize = 12;
/// Of so many people one leaves in the end.
const ONE_LEAVES_OF: usize = 3;
/// How long somebody waits for what they bought, and stays if it does not come.
const PATIENCE: Duration = Duration::from_secs(15);
/// What each of them buys.
pub(crate) const SERVICES: [&str; 2] = ["home-care", "day-care"];

/// Somebody who came to the end of their story.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) has_left: bool,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Book(Mutex<Vec<Person>>);

impl Book {
    pub(crate) fn all(&self) -> Vec<Person> {
        self.0.lock().unwrap().clone()
    }
}

pub(crate) fn come(sizes: &Sizes, addresses: &Addresses, book: &Arc<Book>) -> Crowd {
    let stories = Stories { all: sizes.people, at_once: AT_ONCE, rounds: sizes.kills };
    let (addresses, book) = (addresses.clone(), Arc::clone(book));
    Crowd::start(stories, move |number| {
        let (addresses, book) = (addresses.clone(), Arc::clone(&book));
        async move {
            let person = live(&addresses, number).await;
            book.0.lock().unwrap().push(person);
        }
    })
}

async fn live(addresses: &Addresses, number: usize) -> Person {
    let id = register(addresses, number).await;
    buy(addresses, number, &id).await;
    let wants_to_leave = number.is_multiple_of(ONE_LEAVES_OF);
    // Whoever is gone before they are known to have bought never buys.
    let has_left = wants_to_leave && has_bought(addresses, &id).await;
    if has_left {
        let path = format!("/v1/profiles/{id}");
        let left = ask(addresses, (Method::DELETE, &path), &Value::Null, |request| request).await;
        assert_eq!(left.status, 204, "{}", left.body);
    }
    Person { id, has_left }
}

async fn register(addresses: &Addresses, number: usize) -> String {
    let body = json!({
        "account": {"emailAddress": format!("robin-{number}@example.com"), "userName": format!("robin-{number}")},
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "country": "NG"},
    });
    let key = format!("register-{number}");
    let place = (Method::POST, "/v1/register");
    let answer =
        ask(addresses, place, &body, |request| request.header("idempotency-key", &key)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

/// A file of sales with a row that is wrong, of which two messages tell.
async fn buy(addresses: &Addresses, number: usize, contact: &str) {
    let row = |service: &str| format!("{contact},{service},2026-11-02T08:00:00Z\n");
    let rows: String = SERVICES.iter().map(|service| row(service)).collect();
    let content = format!("contactId,serviceId,soldAt\n{rows}{contact},home-care,yesterday\n");
    let name = format!("{number}.csv");
    addresses.store_blob(&format!("conversions-sales-files/{name}"), &content).await;
    for _ in 0..2 {
        addresses.send_message("conversions-files", &json!({"fileName": name})).await;
    }
}

/// Waits for a while: what a dead process had taken comes back after the host's lease only.
async fn has_bought(addresses: &Addresses, contact: &str) -> bool {
    let (path, began) = (format!("/contacts/v1/contacts/{contact}"), Instant::now());
    loop {
        let seen = addresses.look(&path).await.unwrap_or_default();
        let products = seen["products"].as_array().map_or(0, Vec::len);
        if seen["state"] == "active" && products == SERVICES.len() {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
        sleep(LOOK_EVERY).await;
    }
}
