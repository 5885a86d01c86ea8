//! What only this app's tests do: open accounts, add cards, and speak as the card network's processor.

use app_tests::{Answer, BegunTrace, Method, Platform, Request, Setup, this_app};
use ring::hmac;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// The key that works locally: `NETWORK_KEYS` in app.json.
const KEY: &[u8] = b"local-only-key-not-a-secret-0003";

pub(crate) struct TestApp(Platform);

impl Deref for TestApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.0
    }
}

/// An account with one card.
pub(crate) struct Opened {
    pub(crate) account: String,
    pub(crate) card: String,
    pub(crate) token: String,
}

impl Opened {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/accounts/v1/accounts/{}{rest}", self.account)
    }
}

pub(crate) fn kroner(amount: &str) -> Value {
    json!({"amount": amount, "currency": "DKK"})
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::of(Setup::of(this_app!())).await
    }

    pub(crate) async fn of(setup: Setup) -> Self {
        Self(setup.start().await)
    }

    /// The customer of a profile.
    pub(crate) async fn customer(&self, profile: &str) -> String {
        let company = json!({"number": "DK 12345678", "name": "Nordlys ApS"});
        let body = json!({"profileId": profile, "company": company});
        self.post("/accounts/v1/customers", &body).await.expect(201).id()
    }

    /// An account with this limit and a card, whose token is made of `name`.
    pub(crate) async fn opened(&self, name: &str, limit: &str) -> Opened {
        let token = format!("tok_{name}_0001");
        self.opened_with(&Uuid::now_v7().to_string(), name, limit, token).await
    }

    /// The same, of the customer of a profile.
    pub(crate) async fn opened_for(&self, profile: &str, name: &str, limit: &str) -> Opened {
        self.opened_with(profile, name, limit, format!("tok_{}", Uuid::now_v7())).await
    }

    /// The same, with a card of this token.
    pub(crate) async fn opened_with(
        &self,
        profile: &str,
        name: &str,
        limit: &str,
        token: String,
    ) -> Opened {
        let customer = self.customer(profile).await;
        let body = json!({"customerId": customer, "name": name, "limit": kroner(limit)});
        let account = self.post("/accounts/v1/accounts", &body).await.expect(201).id();
        let body = json!({"token": token, "lastFour": "4242", "expires": "2099-04"});
        let card = Uuid::now_v7().to_string();
        let path = format!("/accounts/v1/accounts/{account}/cards/{card}");
        self.put(&path, &body).await.expect(201);
        Opened { account, card, token }
    }

    pub(crate) async fn account(&self, opened: &Opened) -> Value {
        self.get(&opened.path("")).await.expect(200).json()
    }

    /// What is owed, held and left.
    pub(crate) async fn stands(&self, opened: &Opened) -> (String, String, String) {
        let account = self.account(opened).await;
        let amount = |name: &str| account[name]["amount"].as_str().unwrap().to_owned();
        (amount("posted"), amount("held"), amount("remaining"))
    }

    /// Signed, as the processor sends it.
    pub(crate) async fn network(&self, path: &str, body: &Value) -> Answer {
        let now = self.host().clock().now().as_second();
        self.signed(path, body, now, KEY).await
    }

    /// The same, in a trace.
    pub(crate) async fn network_in(&self, trace: &BegunTrace, path: &str, body: &Value) -> Answer {
        let now = self.host().clock().now().as_second();
        self.signing(path, body, now, KEY).traced(trace).send().await
    }

    pub(crate) async fn signed(&self, path: &str, body: &Value, at: i64, key: &[u8]) -> Answer {
        self.signing(path, body, at, key).send().await
    }

    fn signing(&self, path: &str, body: &Value, at: i64, key: &[u8]) -> Request<'_> {
        let text = body.to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let signature = hmac::sign(&key, format!("{at}.{text}").as_bytes());
        let hex: String = signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        self.request(Method::POST, &format!("/accounts/v1/network/{path}"))
            .header("network-signature", &format!("t={at},v1={hex}"))
            .body("application/json", text)
    }

    /// Asks whether the card may spend so much; `null` if it may.
    pub(crate) async fn asks(&self, opened: &Opened, id: &str, amount: &str) -> Value {
        let body = json!({"id": id, "card": opened.token, "amount": kroner(amount), "merchant": {"name": "Kiosk Nord", "category": 5411}});
        let answer = self.network("authorisations", &body).await.expect(200).json();
        assert_eq!(answer["approved"], answer["reason"].is_null());
        answer["reason"].clone()
    }

    /// Tells a fact: 201, or 200 if it was told before.
    pub(crate) async fn tells(&self, opened: &Opened, id: &str, kind: &str, members: Value) -> u16 {
        let mut body = json!({"id": id, "card": opened.token, "kind": kind});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.network("events", &body).await.status
    }
}
