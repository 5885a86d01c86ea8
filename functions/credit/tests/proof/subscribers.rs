//! Partners' endpoints for webhooks, and what the partner has of each.

use crate::book::Book;
use crate::platform::{PARTNER, Partner, ask_with};
use app_tests::proof::Addresses;
use reqwest::Method;
use serde_json::{Value, json};

/// Who hears of what happens, and how it is signed.
const ALL: [(Partner, &str, &str); 4] = [
    (Partner::Acme, "acme-secret", "v1"),
    (Partner::Acme, "acme-key-pair", "v1a"),
    (Partner::Globex, "globex-secret", "v1"),
    (Partner::Globex, "globex-key-pair", "v1a"),
];

/// An endpoint, and the receiver that it leads to.
#[derive(Clone, Debug)]
pub(crate) struct Subscriber {
    pub(crate) partner: Partner,
    pub(crate) receiver: &'static str,
    /// The endpoint's id.
    pub(crate) endpoint: String,
}

/// Adds the endpoints of all partners; each receiver believes its endpoint's key.
pub(crate) async fn register(addresses: &Addresses, book: &Book) -> Vec<Subscriber> {
    let mut all = Vec::new();
    for (partner, receiver, signing) in ALL {
        let url = format!("{}/hooks/{receiver}", addresses.url(PARTNER));
        let body = json!({ "url": url, "signing": signing });
        let request = (Method::POST, "webhook-endpoints");
        let with_key = |request: reqwest::RequestBuilder| {
            request.header("idempotency-key", format!("endpoint-{receiver}"))
        };
        let made = ask_with(addresses, partner, request, &body, with_key).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let made = made.body;
        let key = made["secret"].as_str().or(made["publicKey"].as_str()).unwrap().to_owned();
        let url = format!("{}/v1/simulation/receivers/{receiver}", addresses.url(PARTNER));
        let known = addresses.ask(Method::PUT, &url, &json!({ "keys": [key] })).await;
        assert_eq!(known.status, 200, "{}", known.body);
        if signing == "v1" {
            book.hide(key);
        }
        let endpoint = made["id"].as_str().unwrap().to_owned();
        all.push(Subscriber { partner, receiver, endpoint });
    }
    all
}

/// What came to a receiver.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// `webhook-id`.
    pub(crate) id: String,
    /// As it came and was believed, byte for byte.
    pub(crate) body: String,
    /// It came with another body as well, rightly signed.
    pub(crate) has_changed: bool,
    /// Whether the partner has taken it, which it answers with 200.
    pub(crate) is_taken: bool,
    /// Why attempts were not believed.
    pub(crate) refused: Vec<String>,
    /// How often it came.
    pub(crate) times: u64,
}

impl Webhook {
    /// The type of the event, and the id of what it tells of.
    pub(crate) fn about(&self) -> (String, String) {
        let body = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&body["type"]), text(&body["data"]["id"]))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    fn of(message: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let attempts = message["attempts"].as_array().unwrap();
        let refused = attempts.iter().filter_map(|it| it["refused"].as_str().map(str::to_owned));
        Self {
            id: text(&message["id"]),
            body: text(&message["body"]),
            has_changed: message["bodyChanged"] == true,
            is_taken: !message["takenAt"].is_null(),
            refused: refused.collect(),
            times: message["times"].as_u64().unwrap(),
        }
    }
}

/// All that came to it; none while the partner does not say.
pub(crate) async fn received(addresses: &Addresses, by: &Subscriber) -> Option<Vec<Webhook>> {
    let url = format!("{}/v1/simulation/received?receiver={}", addresses.url(PARTNER), by.receiver);
    let found = addresses.look(&url).await?;
    Some(found["messages"].as_array()?.iter().map(Webhook::of).collect())
}
