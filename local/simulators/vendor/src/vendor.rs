//! The vendor at its address: which request goes where, and what faults make of the answer.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use simulator_shell::{HangUp, Refusal, Reply, Request, Section, Simulator, StatusCode, reply};
use tokio::time::sleep;

use crate::{
    Faults, api,
    book::Book,
    console,
    operation::{Asked, Operation},
};

/// How long a hanging connection is held.
const HANG: Duration = Duration::from_secs(600);
/// Orders are small.
const MAX_BODY_BYTES: usize = 64 << 10;
/// Connections that hang cost a few kilobytes each.
const MAX_CONNECTIONS: usize = 1_024;

/// The vendor as clients and people see it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) book: Arc<Book>,
    /// What clients show.
    pub(crate) key: String,
    /// What licence keys are made of.
    pub(crate) seed: u64,
}

impl Simulator for Desk {
    type Faults = Faults;
    const NAME: &'static str = "vendor";
    const TITLE: &'static str = "Vendor";
    const ABOUT: &'static str = "Sells licences of its services by an API, and tells of changes. No licence is good for anything.";
    const MAX_BODY_BYTES: usize = MAX_BODY_BYTES;
    const MAX_CONNECTIONS: usize = MAX_CONNECTIONS;

    async fn api(&self, request: Request, faults: Faults) -> Result<Reply, HangUp> {
        let Some(asked) = Asked::of(&request) else { return Ok(api::not_here()) };
        if !self.knows(&request) {
            return Ok(api::unauthorized());
        }
        let reply = api::answer(self, asked, &request, &faults);
        let operation = asked.operation();
        let strikes =
            |is_on: bool| is_on && (operation.writes() || faults.operations.contains(&operation));
        if strikes(faults.answer_delay_ms > 0) {
            sleep(Duration::from_millis(faults.answer_delay_ms)).await;
        }
        if strikes(faults.hang) {
            sleep(HANG).await;
        }
        if strikes(faults.hang || faults.lose_answer) { Err(HangUp) } else { Ok(reply) }
    }

    fn concerns(&self, request: &Request, faults: &Faults) -> bool {
        Asked::of(request).is_some_and(|asked| faults.concern(asked.operation()))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        console::answer(self, request)
    }

    async fn sections(&self, _query: &str) -> Vec<Section> {
        console::sections(self)
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        let code = match refusal {
            Refusal::InternalError | Refusal::ServerBusy => "unavailable",
            Refusal::TooManyRequests { .. } => "too-many-requests",
            _ => "body",
        };
        let reply =
            reply::json(refusal.status(), &json!({"code": code, "message": refusal.message()}));
        refusal.with_retry_after(reply)
    }

    /// Never the key, nor what was ordered by whom.
    fn detail(&self, request: &Request) -> Value {
        let operation = Asked::of(request).map(Asked::operation).map(Operation::name);
        json!({"operation": operation, "withKey": request.headers.contains_key("authorization")})
    }
}

impl Desk {
    fn knows(&self, request: &Request) -> bool {
        let shown = request.header("authorization").and_then(|header| header.split_once(' '));
        shown.is_some_and(|(scheme, key)| {
            scheme.eq_ignore_ascii_case("bearer") && key.trim() == self.key
        })
    }
}

/// What could not be kept did not happen.
pub(crate) fn not_kept(error: impl std::fmt::Display) -> Reply {
    tracing::error!(%error, "the vendor could not keep something");
    let body = json!({"code": "unavailable", "message": error.to_string()});
    reply::json(StatusCode::INTERNAL_SERVER_ERROR, &body)
}
