//! What came, and keys, for programs.

use serde::Deserialize;
use serde_json::{Value, json};
use simulator_shell::{Method, Reply, Request, StatusCode, reply};

use crate::{inbox::Inbox, page, receiver::Receiver, store::NotStored};

const RECEIVERS: &str = "/v1/simulation/receivers";

/// The body of `PUT /v1/simulation/receivers/{receiver}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysOf {
    /// `whsec_…` and `whpk_…`, the newest first.
    keys: Vec<String>,
}

/// Answers an address for people and tests; `None` is for others.
pub(crate) fn answer(inbox: &Inbox, request: &Request) -> Option<Reply> {
    Some(match (&request.method, request.path()) {
        (&Method::GET, "/v1/simulation") => reply::json(StatusCode::OK, &inbox.counts()),
        (&Method::GET, RECEIVERS) => receivers(inbox),
        (&Method::GET, "/v1/simulation/received") => received(inbox, request),
        (&Method::DELETE, "/v1/simulation/received") => {
            done(inbox.forget(request.parameter("receiver").as_deref()))
        }
        (&Method::GET, "/v1/simulation/returns") => {
            reply::json(StatusCode::OK, &json!({"returns": inbox.returns()}))
        }
        (&Method::POST, page::PUT_KEYS) => page::put_keys(inbox, &request.body),
        (method, path) => {
            let name = path.strip_prefix(RECEIVERS)?.strip_prefix('/')?;
            match *method {
                Method::PUT => put(inbox, name, &request.body),
                Method::DELETE => done(inbox.remove_receiver(name)),
                _ => return None,
            }
        }
    })
}

/// `GET /v1/simulation/receivers`: their names and what kinds of keys they have.
fn receivers(inbox: &Inbox) -> Reply {
    let each = inbox.receivers();
    let each: Vec<Value> = each.iter().map(shown).collect();
    reply::json(StatusCode::OK, &json!({"receivers": each}))
}

fn shown(receiver: &Receiver) -> Value {
    let path = format!("/hooks/{}", receiver.name);
    json!({"name": receiver.name, "path": path, "keys": receiver.kinds()})
}

/// `PUT /v1/simulation/receivers/{receiver}`: the keys that it believes from now on.
fn put(inbox: &Inbox, name: &str, body: &[u8]) -> Reply {
    let sent = serde_json::from_slice::<KeysOf>(body).map_err(|error| format!("the body: {error}"));
    match sent.and_then(|sent| Receiver::new(name, sent.keys)) {
        Ok(receiver) => {
            let answer = shown(&receiver);
            let kept = inbox.put_receiver(receiver);
            kept.map_or_else(not_kept, |()| reply::json(StatusCode::OK, &answer))
        }
        Err(why) => reply::problem(StatusCode::BAD_REQUEST, why),
    }
}

/// `GET /v1/simulation/received?receiver=&id=&after=`: what came, in the order of the first attempts.
fn received(inbox: &Inbox, request: &Request) -> Reply {
    let (receiver, id) = (request.parameter("receiver"), request.parameter("id"));
    let after: u64 = match request.parameter("after").map(|after| after.parse()) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => {
            return reply::problem(StatusCode::BAD_REQUEST, "after is the number of a message");
        }
    };
    let is =
        |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|one| one == value);
    let messages = inbox.messages(|message| {
        message.number > after && is(&receiver, &message.receiver) && is(&id, &message.id)
    });
    reply::json(StatusCode::OK, &json!({"messages": messages}))
}

fn done(kept: Result<(), NotStored>) -> Reply {
    kept.map_or_else(not_kept, |()| reply::json(StatusCode::OK, &json!({})))
}

pub(crate) fn not_kept(error: NotStored) -> Reply {
    tracing::error!(%error, "the partner could not keep something");
    reply::problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
