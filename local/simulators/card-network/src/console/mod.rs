//! The network's address: the processor's API for the platform, switches and the book for people and tests.

mod json;
mod page;
mod purchases;

use std::sync::Arc;

use serde_json::{Value, json as value};
use simulator_shell::{
    HangUp, Method, Reply, Request, Section, Simulator, StatusCode, Switches, reply::problem,
};

use crate::{Faults, bank::Bank, network::Network, processor::Processor};

/// A run of ten thousand cards, a file of ten thousand payments.
const MAX_BODY_BYTES: usize = 4 << 20;
/// The processor's API.
const API: &str = "/v1/cards/";

/// What an address answers; an error is an answer too.
type Answer = Result<Reply, Box<Reply>>;

/// The network as the platform and people see it.
#[derive(Debug)]
pub(crate) struct Console {
    pub(crate) network: Arc<Network>,
    pub(crate) processor: Processor,
    pub(crate) bank: Option<Bank>,
    pub(crate) switches: Arc<Switches<Faults>>,
}

impl Simulator for Console {
    type Faults = Faults;
    const NAME: &'static str = "card-network";
    const TITLE: &'static str = "Card network";
    const ABOUT: &'static str =
        "Makes cards that no shop takes, and plays the shops that take them. No money moves.";
    const MAX_BODY_BYTES: usize = MAX_BODY_BYTES;

    async fn api(&self, request: Request, _faults: Faults) -> Result<Reply, HangUp> {
        Ok(self.processor.answer(&self.network, &request))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        if request.path().starts_with(API) {
            return None;
        }
        let body = &*request.body;
        let answered = match (&request.method, request.path()) {
            (&Method::GET, "/letters") => json::letters(self, request),
            (&Method::GET, "/v1/book") => json::book(self, request),
            (&Method::GET, "/v1/simulation") => Ok(json::status(self)),
            (&Method::POST, "/v1/simulation/run") => json::run(self, body),
            (&Method::POST, "/v1/simulation/tap") => purchases::tap(self, body).await,
            (&Method::POST, "/v1/simulation/fact") => purchases::fact(self, body),
            (&Method::POST, "/v1/bank/payments") => json::payments(self, body).await,
            (&Method::POST, "/page/tap") => page::tap(self, body).await,
            _ => Err(not_here()),
        };
        Some(answered.unwrap_or_else(|problem| *problem))
    }

    async fn sections(&self, _query: &str) -> Vec<Section> {
        page::sections(self)
    }

    fn detail(&self, request: &Request) -> Value {
        value!({"withKey": request.headers.contains_key("authorization")})
    }
}

fn not_here() -> Box<Reply> {
    let detail = "there is /, /letters, /v1/book, /v1/simulation, POST /v1/simulation/run, /v1/simulation/tap, \
                  /v1/simulation/fact, /v1/bank/payments, PUT /v1/cards/{cardId}, /faults, /log and /health";
    Box::new(problem(StatusCode::NOT_FOUND, detail))
}

fn bad(detail: impl Into<String>) -> Box<Reply> {
    Box::new(problem(StatusCode::BAD_REQUEST, detail))
}

fn not_kept(error: impl std::fmt::Display) -> Box<Reply> {
    Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| bad(format!("the body: {error}")))
}
