//! Accounts with two cards each: one that was taken over, one that was ordered and taken into use.

use crate::{
    platform::{ask_app, ask_network},
    sizes::Sizes,
};
use app_tests::proof::{Addresses, DEADLINE, LOOK_EVERY};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// The highest price, in hundredths.
const MOST: u32 = 100_000;
/// Limits that are soon reached, and such that are not.
const TIGHT: &str = "1000.00";
const WIDE: &str = "50000.00";
/// How long a day of the network lasts, in milliseconds.
const DAY_MS: u32 = 20;

pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) tokens: Vec<String>,
    /// Its shops take no more than was approved: it may never be over its limit.
    pub(crate) is_within_limit: bool,
}

pub(crate) struct Opened(pub(crate) Vec<Account>);

impl Opened {
    pub(crate) async fn all(addresses: &Addresses, sizes: &Sizes) -> Self {
        let mut accounts = Vec::new();
        for number in 0..sizes.accounts.max(1) {
            accounts.push(open(addresses, number, number.is_multiple_of(2)).await);
        }
        Self(accounts)
    }

    /// The ids of the accounts that may never be over their limit.
    pub(crate) fn within_limit(&self) -> Vec<String> {
        let within = self.0.iter().filter(|account| account.is_within_limit);
        within.map(|account| account.id.clone()).collect()
    }

    /// Tells the network to use the cards.
    pub(crate) async fn go_shopping(&self, addresses: &Addresses, sizes: &Sizes) {
        let cards: Vec<Value> = self.0.iter().flat_map(Account::ordered).collect();
        let run = json!({
            "cards": cards, "messages": sizes.messages, "seed": sizes.seed, "rate": sizes.rate(), "dayMs": DAY_MS,
            "most": MOST,
        });
        let begun = ask_network(addresses, Method::POST, "v1/simulation/run", &run).await;
        assert_eq!(begun.status, 202, "{}", begun.body);
    }
}

impl Account {
    fn ordered(&self) -> impl Iterator<Item = Value> + '_ {
        self.tokens.iter().map(|token| {
            json!({"token": token, "currency": "DKK", "account": self.id, "withinLimit": self.is_within_limit})
        })
    }
}

async fn open(addresses: &Addresses, number: usize, is_within_limit: bool) -> Account {
    let customer = customer(addresses).await;
    let limit = if is_within_limit { TIGHT } else { WIDE };
    let body = json!({"customerId": customer, "name": format!("Proof {number}"), "limit": {"amount": limit, "currency": "DKK"}});
    let answer = ask_app(addresses, Method::POST, "accounts", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    let tokens = vec![take_over(addresses, &id, number).await, order(addresses, &id).await];
    Account { id, tokens, is_within_limit }
}

/// The customer whose account it is.
async fn customer(addresses: &Addresses) -> String {
    let body = json!({"profileId": Uuid::now_v7(), "company": {"number": "DK 12345678", "name": "Nordlys ApS"}});
    let answer = ask_app(addresses, Method::POST, "customers", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn take_over(addresses: &Addresses, account: &str, number: usize) -> String {
    let letter = |digit: u32| char::from(b'a' + u8::try_from(digit).unwrap());
    let name: String =
        number.to_string().chars().filter_map(|c| c.to_digit(10)).map(letter).collect();
    let token = format!("tok_known_before_{name}");
    let body = json!({"token": token, "lastFour": "4242", "expires": "2099-04"});
    let path = format!("accounts/{account}/cards/{}", Uuid::now_v7());
    let answer = ask_app(addresses, Method::PUT, &path, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    token
}

/// Ordered here, made there, taken into use by the code of the letter, and confirmed by the network.
async fn order(addresses: &Addresses, account: &str) -> String {
    let cards = format!("accounts/{account}/cards");
    let ordered = ask_app(addresses, Method::POST, &cards, &json!({})).await;
    assert_eq!(ordered.status, 202, "{}", ordered.body);
    let id = ordered.body["id"].as_str().unwrap();
    let path = format!("{cards}/{id}");
    let made = reaches(addresses, &path, "inactive").await;
    let letter =
        ask_network(addresses, Method::GET, &format!("letters?card={id}"), &Value::Null).await.body;
    let code = json!({"lastFour": made["lastFour"], "code": letter["code"]});
    let answer = ask_app(addresses, Method::PUT, &format!("{path}/activation"), &code).await;
    assert!(answer.status < 300, "{}: {}", answer.status, answer.body);
    reaches(addresses, &path, "active").await;
    let card = ask_network(addresses, Method::PUT, &format!("v1/cards/{id}"), &json!({})).await;
    card.body["token"].as_str().unwrap().to_owned()
}

async fn reaches(addresses: &Addresses, path: &str, state: &str) -> Value {
    let began = Instant::now();
    loop {
        let card = ask_app(addresses, Method::GET, path, &Value::Null).await.body;
        if card["state"] == state {
            return card;
        }
        assert!(began.elapsed() < DEADLINE, "the card is not {state}: {card}");
        sleep(LOOK_EVERY).await;
    }
}
