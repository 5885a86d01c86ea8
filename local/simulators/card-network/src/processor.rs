//! The processor's API for the platform: cards are made and taken into use, by the platform's own ids.

use http::{HeaderMap, header};
use ring::{
    hmac::{self, HMAC_SHA256, Key},
    rand::SystemRandom,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use simulator_shell::{Method, Reply, Request, StatusCode, reply};
use uuid::Uuid;

use crate::{
    cards::IssuedCard,
    network::Network,
    plan::{Plan, Shop, Step, UsedCard, What},
    store::NotStored,
};

/// The path of cards; behind it an id, and perhaps `/activation`.
const CARDS: &str = "/v1/cards/";

type Answer = Result<Reply, Box<Reply>>;

/// What callers are let in by, and what cards are made with.
pub(crate) struct Processor {
    key: Option<String>,
    card_key: Vec<u8>,
    random: SystemRandom,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    replaces: Option<Uuid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Activation {
    code: String,
}

impl Processor {
    pub(crate) fn new(key: Option<String>, card_key: Vec<u8>) -> Self {
        Self { key, card_key, random: SystemRandom::new() }
    }

    pub(crate) fn answer(&self, network: &Network, request: &Request) -> Reply {
        self.try_answering(network, request).unwrap_or_else(|refusal| *refusal)
    }

    fn try_answering(&self, network: &Network, request: &Request) -> Answer {
        let rest = request.path().strip_prefix(CARDS).ok_or_else(not_here)?;
        if !self.admits(&request.headers) {
            return Err(problem(
                StatusCode::UNAUTHORIZED,
                "the key in Authorization: Bearer is not ours",
            ));
        }
        let (id, is_activation) = match rest.strip_suffix("/activation") {
            Some(id) => (id, true),
            None => (rest, false),
        };
        let id: Uuid = id.parse().map_err(|_| not_here())?;
        if request.method != Method::PUT {
            return Err(problem(StatusCode::METHOD_NOT_ALLOWED, "there is PUT"));
        }
        if is_activation {
            activate(network, id, &request.body)
        } else {
            self.make(network, id, &request.body)
        }
    }

    /// Compared by tags under a key of the moment, which takes as long whatever is wrong.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else { return true };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let Ok(once) = Key::generate(HMAC_SHA256, &self.random) else { return false };
        let tag = hmac::sign(&once, key.as_bytes());
        hmac::verify(&once, given.as_bytes(), tag.as_ref()).is_ok()
    }

    /// `PUT /v1/cards/{cardId}`: made once, however often it is asked for.
    fn make(&self, network: &Network, id: Uuid, body: &[u8]) -> Answer {
        let order: Order = read(body)?;
        if let Some(card) = network.card(id) {
            return Ok(shown(StatusCode::OK, &card));
        }
        let card = IssuedCard::make(id, &self.card_key, network.clock.now());
        let mut cards = vec![card.clone()];
        if let Some(old) = order.replaces {
            let old = network
                .card(old)
                .unwrap_or_else(|| IssuedCard::make(old, &self.card_key, network.clock.now()));
            cards.push(IssuedCard { is_replaced: true, ..old });
        }
        network.put_cards(cards).map_err(not_stored)?;
        Ok(shown(StatusCode::CREATED, &card))
    }
}

/// `PUT /v1/cards/{cardId}/activation`: the confirmation follows as a message to the platform.
fn activate(network: &Network, id: Uuid, body: &[u8]) -> Answer {
    let activation: Activation = read(body)?;
    let card =
        network.card(id).ok_or_else(|| problem(StatusCode::NOT_FOUND, "there is no such card"))?;
    if card.is_replaced {
        return Err(problem(StatusCode::CONFLICT, "another card has taken its place"));
    }
    if activation.code != card.code {
        return Ok(reply::json(StatusCode::FORBIDDEN, &json!({"error": "wrong-code"})));
    }
    if !card.is_activated {
        // In this order: killed in between, it is told when it is asked for again.
        network.begin_one(|number| confirmation(number, &card, network)).map_err(not_stored)?;
        network.put_cards(vec![IssuedCard { is_activated: true, ..card }]).map_err(not_stored)?;
    }
    Ok(reply::json(StatusCode::ACCEPTED, &json!({})))
}

fn confirmation(number: u64, card: &IssuedCard, network: &Network) -> Plan {
    Plan {
        number,
        seed: number,
        card: UsedCard { token: card.token.clone(), currency: String::new(), account: None },
        shop: Shop { name: String::new(), category: 0, pan: None },
        pan_in_ids: None,
        stand_in: 0,
        day_ms: 0,
        since: network.clock.now(),
        steps: vec![Step::new(0, 0, What::Activate { id: card.activation_id() })],
    }
}

fn shown(status: StatusCode, card: &IssuedCard) -> Reply {
    let IssuedCard { token, last_four, expires, .. } = card;
    reply::json(
        status,
        &json!({"token": token, "lastFour": last_four, "expires": expires, "network": "visa"}),
    )
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    serde_json::from_slice(body)
        .map_err(|error| problem(StatusCode::BAD_REQUEST, format!("the body: {error}")))
}

fn not_here() -> Box<Reply> {
    problem(
        StatusCode::NOT_FOUND,
        "there is PUT /v1/cards/{cardId} and PUT /v1/cards/{cardId}/activation",
    )
}

fn not_stored(error: NotStored) -> Box<Reply> {
    tracing::error!(%error, "a card is not kept");
    problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

fn problem(status: StatusCode, detail: impl Into<String>) -> Box<Reply> {
    Box::new(reply::problem(status, detail))
}

impl std::fmt::Debug for Processor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Processor")
    }
}
