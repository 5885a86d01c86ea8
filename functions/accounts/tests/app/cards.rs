//! A card's life, with the card network that makes it.

use crate::support::{TestApp, kroner};
use app_tests::{Answer, Setup, this_app};
use card_network::{CardNetwork, Options};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::net::TcpListener;
use uuid::Uuid;

/// A platform and a card network that know each other.
struct Both {
    app: TestApp,
    network: CardNetwork,
    /// The path of an account.
    account: String,
}

impl Both {
    async fn start() -> Self {
        // Each is told the other's address before it starts.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/");
        let app = TestApp::of(Setup::of(this_app!()).setting("CARD_NETWORK_URL", url)).await;
        let options = Options { port, ..Options::ephemeral(app.url()) };
        let network = card_network::start(options).await.unwrap();
        let account = app.opened("cards", "100.00").await.path("");
        Self { app, network, account }
    }

    async fn network(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.network.url().trim_end_matches('/'));
        let request = self.app.http().request(method, url).body(body.to_string());
        let answer = request.header("content-type", "application/json").send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
    }

    async fn faults(&self, faults: Value) {
        self.network(reqwest::Method::PUT, "/faults", faults).await;
    }

    /// An ordered card that the processor has made: its path.
    async fn made(&self) -> String {
        let path = format!("{}/cards", self.account);
        let ordered = self.app.post(&path, &json!({})).await.expect(202).json();
        assert_eq!((&ordered["state"], &ordered["lastFour"]), (&json!("ordered"), &Value::Null));
        let path = format!("{path}/{}", ordered["id"].as_str().unwrap());
        self.is(&path, "inactive").await;
        path
    }

    async fn is(&self, card: &str, state: &str) -> Value {
        let look = async || {
            let card = self.app.get(card).await.expect(200).json();
            (card["state"] == state).then_some(card)
        };
        self.app.eventually(&format!("the card to be {state}"), look).await
    }

    /// The code of the letter, and the last four digits of the card.
    async fn letter(&self, card: &str) -> (String, String) {
        let id = card.rsplit('/').next().unwrap();
        let letters =
            self.network(reqwest::Method::GET, &format!("/letters?card={id}"), json!({})).await;
        let code = find(&letters, "code").unwrap_or_else(|| panic!("no code in {letters}"));
        let card = self.app.get(card).await.expect(200).json();
        (code, card["lastFour"].as_str().unwrap().to_owned())
    }

    async fn activate(&self, card: &str, last_four: &str, code: &str) -> Answer {
        let body = json!({"lastFour": last_four, "code": code});
        self.app.put(&format!("{card}/activation"), &body).await
    }

    /// Uses the card in a shop.
    async fn tap(&self, card: &str) -> Value {
        let id = card.rsplit('/').next().unwrap();
        let body = json!({"card": id, "amount": kroner("10.00"), "merchant": {"name": "Kiosk"}});
        self.network(reqwest::Method::POST, "/v1/simulation/tap", body).await["approved"].clone()
    }
}

/// The text of a member somewhere in it.
fn find(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(members) => {
            let own = members.get(name).and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| members.values().find_map(|value| find(value, name)))
        }
        Value::Array(items) => items.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}

fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_card_is_ordered_sent_and_taken_into_use_by_who_has_its_letter() {
    let both = Both::start().await;
    let card = both.made().await;
    let (code, last_four) = both.letter(&card).await;
    assert_eq!(both.tap(&card).await, json!(false));
    let wrong =
        both.activate(&card, &last_four, &other(&code)).await.refused(403, "wrong-code", &[]);
    assert!(wrong.json()["detail"].as_str().unwrap().ends_with("tries left: 4"));
    let answer = both.activate(&card, &last_four, &code).await;
    assert!(answer.status == 202 || answer.status == 200, "{answer:?}");
    both.is(&card, "active").await;
    both.activate(&card, &last_four, &code).await.expect(200);
    assert_eq!(both.tap(&card).await, json!(true));
}

#[tokio::test]
async fn after_five_wrong_tries_only_another_card_helps() {
    let both = Both::start().await;
    let card = both.made().await;
    let (code, last_four) = both.letter(&card).await;
    for _ in 0..5 {
        both.activate(&card, &last_four, &other(&code)).await.refused(403, "wrong-code", &[]);
    }
    both.activate(&card, &last_four, &code).await.refused(409, "activation-locked", &[]);
    let lost = json!({"why": "damaged"});
    let next = both.app.put(&format!("{card}/replacement"), &lost).await.expect(202).json();
    let again = both.app.put(&format!("{card}/replacement"), &lost).await.expect(202).json();
    assert_eq!(
        (&next["id"], &next["replaces"]),
        (&again["id"], &json!(card.rsplit('/').next().unwrap()))
    );
    let next = format!("{}/cards/{}", both.account, next["id"].as_str().unwrap());
    both.is(&next, "inactive").await;
    both.is(&card, "replaced").await;
    both.activate(&card, &last_four, &code).await.refused(409, "card-state", &[]);
}

#[tokio::test]
async fn while_the_processor_is_away_orders_wait_and_tries_do_not_count() {
    let both = Both::start().await;
    let card = both.made().await;
    let (code, last_four) = both.letter(&card).await;
    // All tries of one call, and no more: then the processor is there again.
    both.faults(json!({"down": "server-busy", "times": 4})).await;
    both.activate(&card, &last_four, &code).await.refused(503, "unavailable", &[]);
    let wrong = both.activate(&card, &last_four, &other(&code)).await;
    let wrong = wrong.refused(403, "wrong-code", &[]).json();
    assert!(wrong["detail"].as_str().unwrap().ends_with("tries left: 4"), "{wrong}");
    both.faults(json!({"down": "closed", "times": 2})).await;
    both.made().await;
}

#[tokio::test]
async fn a_card_is_ordered_once_for_one_key_and_taken_over_once_for_one_token() {
    let both = Both::start().await;
    let path = format!("{}/cards", both.account);
    let order = || {
        let request =
            both.app.request(reqwest::Method::POST, &path).header("idempotency-key", "o1");
        request.json(&json!({"monthLimit": kroner("50.00")}))
    };
    let (one, two) = (order().send().await.expect(202), order().send().await.expect(202));
    assert_eq!((one.id(), &one.json()["monthLimit"]), (two.id(), &kroner("50.00")));
    let body = json!({"token": "tok_taken_over_1", "lastFour": "4242", "expires": "2099-04"});
    let taken = format!("{path}/{}", Uuid::now_v7());
    both.app.put(&taken, &body).await.expect(201);
    both.app.put(&taken, &body).await.expect(201);
    let elsewhere = format!("{path}/{}", Uuid::now_v7());
    both.app.put(&elsewhere, &body).await.refused(409, "token-in-use", &[]);
}

#[tokio::test]
async fn a_cards_own_limits_hold_from_the_next_question_on() {
    let app = TestApp::start().await;
    let opened = app.opened("limits", "100.00").await;
    let card = opened.path(&format!("/cards/{}", opened.card));
    let before = app.get(&card).await.expect(200);
    assert_eq!(app.asks(&opened, "a", "20.00").await, Value::Null);
    let limits = json!({"purchaseLimit": kroner("15.00"), "monthLimit": kroner("30.00")});
    let after = app.patch(&card, before.etag(), &limits).await.expect(200);
    app.patch(&card, before.etag(), &limits).await.refused(412, "precondition-failed", &[]);
    assert_eq!(app.asks(&opened, "b", "15.01").await, "card-limit");
    assert_eq!(app.asks(&opened, "c", "10.01").await, "card-limit");
    assert_eq!(app.asks(&opened, "d", "10.00").await, Value::Null);
    let open = json!({"purchaseLimit": null, "monthLimit": null});
    app.patch(&card, after.etag(), &open).await.expect(200);
    assert_eq!(app.asks(&opened, "e", "50.00").await, Value::Null);
}
