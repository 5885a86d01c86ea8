//! People of the bank, and the two ways in which a partner gets their leave.

use crate::book::Book;
use crate::platform::{Partner, ask_with, tell_bank};
use app_tests::proof::{Addresses, LOOK_EVERY};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::time::sleep;

/// One of each kind: with few customers all that the bank gives out is searched for.
pub(crate) const CUSTOMERS: [&str; 8] =
    ["salaried", "freelancer", "thin-file", "gambler", "overdrawn", "joint", "saver", "abroad"];
/// Where people go after the bank.
pub(crate) const RETURN_URL: &str = "https://partner.example/back";
/// How often somebody goes to the bank before giving it up.
const PATIENCE: u32 = 3;

/// Somebody at the bank, under the partner's own name.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) partner: Partner,
    pub(crate) customer: &'static str,
    pub(crate) reference: String,
}

impl Person {
    /// What an assessment begins with: by a token that the partner got itself.
    pub(crate) async fn token(&self, addresses: &Addresses, book: &Book) -> Value {
        let given = tell_bank(addresses, "tokens", &json!({ "customer": self.customer })).await;
        let token = given["access_token"].as_str().unwrap();
        book.hide(token);
        book.hide(&self.reference);
        json!({ "bankToken": token, "customerReference": self.reference })
    }

    /// What an assessment begins with: by a consent. None if it was given up, and taken back.
    pub(crate) async fn consent(&self, addresses: &Addresses, book: &Book) -> Option<Value> {
        book.hide(&self.reference);
        let key = format!("consent of {}", self.reference);
        let mut id = String::new();
        for _ in 0..PATIENCE {
            let consent = self.asked(addresses, &key).await;
            consent["id"].as_str().unwrap().clone_into(&mut id);
            match consent["state"].as_str().unwrap() {
                "granted" => return Some(json!({ "consentId": id })),
                "pending" => self.goes_to_the_bank(addresses, &consent).await,
                state => panic!("a consent of nobody else is {state}"),
            }
            sleep(LOOK_EVERY).await;
        }
        let path = format!("consents/{id}");
        let request = (Method::DELETE, path.as_str());
        let answer = ask_with(addresses, self.partner, request, &Value::Null, |it| it).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        None
    }

    async fn asked(&self, addresses: &Addresses, key: &str) -> Value {
        let body = json!({ "customerReference": self.reference, "returnUrl": RETURN_URL });
        let with_key =
            |request: reqwest::RequestBuilder| request.header("idempotency-key", key_of(key));
        let request = (Method::POST, "consents");
        let answer = ask_with(addresses, self.partner, request, &body, with_key).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }

    /// Agrees, and comes back; either may go wrong.
    async fn goes_to_the_bank(&self, addresses: &Addresses, consent: &Value) {
        let url = Url::parse(consent["authorizeUrl"].as_str().unwrap()).unwrap();
        let pushed = url.query_pairs().find(|(name, _)| name == "request_uri").unwrap().1;
        let body =
            json!({ "request_uri": pushed, "customer": self.customer, "decision": "approve" });
        let url = format!("{}/v1/simulation/consents", addresses.url(crate::platform::BANK));
        let decided = addresses.send(addresses.json(Method::POST, &url, &body)).await;
        let Some(back) = decided.and_then(|it| it.body["location"].as_str().map(str::to_owned))
        else {
            return;
        };
        addresses.send(addresses.get(&back)).await;
    }
}

/// Of letters that a header may have.
fn key_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
