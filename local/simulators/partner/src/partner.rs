//! The partner: which request goes where.

use serde_json::{Value, json};
use simulator_shell::{
    HangUp, Method, Reply, Request, Running, Section, Simulator, StartError, StatusCode, Switches,
    reply::problem,
};

use crate::{
    Faults, Options, control,
    hooks::{self, Hook},
    inbox::Inbox,
    page,
    store::{Store, Stored},
};

/// A webhook is smaller than 20 kB; who sends more is told so.
const MAX_BODY_BYTES: usize = 64 << 10;
/// A sender that is tried out sends many at once.
const MAX_CONNECTIONS: usize = 1_024;

/// The partner as the platform and people see it.
#[derive(Debug)]
pub struct Partner {
    pub(crate) inbox: Inbox,
}

/// Reads back what it knew and takes the port; it accepts connections when this returns.
///
/// # Errors
/// A setting makes no sense, or what it knew or the port cannot be had.
pub async fn start(options: Options) -> Result<Running<Partner>, StartError> {
    let receivers = options.receivers()?;
    let Options { port, data, faults, seed, clock, .. } = options;
    let (store, stored) = match &data {
        None => (Store::Memory, Stored::default()),
        Some(dir) => Store::open(dir).map_err(|why| StartError::Data { path: dir.clone(), why })?,
    };
    let inbox = Inbox::new(store, stored, clock.clone());
    for receiver in receivers {
        inbox.put_receiver(receiver).map_err(|error| StartError::Data {
            path: data.clone().unwrap_or_default(),
            why: error.to_string(),
        })?;
    }
    let switches = Switches::new(faults, seed)?;
    let options = simulator_shell::Options { port, switches, clock };
    simulator_shell::start(Partner { inbox }, options).await
}

impl Simulator for Partner {
    type Faults = Faults;
    const NAME: &'static str = "partner";
    const TITLE: &'static str = "Partner";
    const ABOUT: &'static str = "Receives webhooks, believes what is signed with its keys, and is where people come back to from the bank.";
    const MAX_BODY_BYTES: usize = MAX_BODY_BYTES;
    const MAX_CONNECTIONS: usize = MAX_CONNECTIONS;

    async fn api(&self, request: Request, faults: Faults) -> Result<Reply, HangUp> {
        if let Some(hook) = Hook::of(&request) {
            return hooks::receive(&self.inbox, &hook, &request, &faults).await;
        }
        Ok(match (&request.method, request.path()) {
            (&Method::GET, page::RETURN) => page::came_back(&self.inbox, &request),
            _ => not_here(),
        })
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        control::answer(&self.inbox, request)
    }

    /// Faults are those of a receiver: nobody is kept from coming back.
    fn concerns(&self, request: &Request, faults: &Faults) -> bool {
        let Some(hook) = Hook::of(request) else { return false };
        let is_early = |most| self.inbox.times(hook.receiver, hook.id) < most;
        faults.receiver.as_deref().is_none_or(|name| name == hook.receiver)
            && faults.first_attempts.is_none_or(is_early)
    }

    async fn sections(&self, _query: &str) -> Vec<Section> {
        page::sections(&self.inbox)
    }

    fn detail(&self, request: &Request) -> Value {
        Hook::of(request).map_or(Value::Null, |hook| json!({"id": hook.id}))
    }
}

fn not_here() -> Reply {
    let detail = "there is POST /hooks/{receiver}, GET /return?consentId=, /v1/simulation, \
                  /v1/simulation/receivers, PUT and DELETE /v1/simulation/receivers/{receiver}, GET and DELETE \
                  /v1/simulation/received, /v1/simulation/returns, /, /faults, /log and /health";
    problem(StatusCode::NOT_FOUND, detail)
}
