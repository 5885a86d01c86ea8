//! A webhook comes: is it believed, is it new, and what is answered.

use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::{HeaderValue, header};
use jiff::SignedDuration;
use serde_json::json;
use simulator_shell::{HangUp, Method, Reply, Request, StatusCode, reply};
use tokio::time::sleep;
use webhooks::{Headers, Verified};

use crate::{
    Believes, Faults,
    inbox::Inbox,
    message::Attempt,
    receiver::{Keys, is_name},
};

const HOOKS: &str = "/hooks/";
/// A body without an end comes in pieces of so many bytes.
const PIECE_BYTES: usize = 16 << 10;
/// A slow body has so many bytes.
const SLOW_BODY_BYTES: u32 = 600;
/// Of an id that is none, as much is remembered.
const MAX_ID: usize = webhooks::MAX_ID_BYTES;

/// What a request to `/hooks/{receiver}` says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hook<'a> {
    pub(crate) receiver: &'a str,
    /// The header, believed or not; empty if there is none.
    pub(crate) id: &'a str,
}

impl<'a> Hook<'a> {
    /// Of a request that is one to a receiver.
    pub(crate) fn of(request: &'a Request) -> Option<Self> {
        let receiver = request.path().strip_prefix(HOOKS).filter(|name| is_name(name))?;
        let id = request.header(webhooks::ID).unwrap_or_default();
        Some(Self { receiver, id: id.get(..MAX_ID).unwrap_or(id) })
    }
}

/// Verifies it, records it, then answers, as the faults will have it.
pub(crate) async fn receive(
    inbox: &Inbox,
    hook: &Hook<'_>,
    request: &Request,
    faults: &Faults,
) -> Result<Reply, HangUp> {
    if request.method != Method::POST {
        return Ok(reply::problem(StatusCode::METHOD_NOT_ALLOWED, "a webhook is POSTed"));
    }
    let now = inbox.clock.now();
    let verified = verify(inbox, hook, request, faults);
    let is_believed = verified.is_ok() || faults.believes == Some(Believes::Everything);
    let status = status(faults, is_believed);
    let attempt = Attempt {
        at: now,
        sent_at: verified.as_ref().ok().map(|verified| verified.attempted_at),
        key: verified.as_ref().ok().map(|verified| verified.key),
        refused: verified.as_ref().err().cloned(),
        answered: (!faults.lose_answer).then(|| status.as_u16()),
    };
    let body = is_believed.then_some(&*request.body);
    let is_taken = is_believed && status.is_success();
    let was_taken = match inbox.record((hook.receiver, hook.id), attempt, body, is_taken) {
        Ok(was_taken) => was_taken,
        Err(error) => {
            tracing::error!(%error, "a webhook is not kept");
            return Ok(reply::problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()));
        }
    };
    if faults.answer_delay_ms > 0 {
        sleep(Duration::from_millis(faults.answer_delay_ms)).await;
    }
    if faults.lose_answer {
        return Err(HangUp);
    }
    Ok(match verified {
        Err(why) if !is_believed && status == StatusCode::BAD_REQUEST => {
            reply::problem(status, why)
        }
        _ => answer(status, was_taken, faults),
    })
}

/// Why it is not believed is an answer for people.
fn verify(
    inbox: &Inbox,
    hook: &Hook<'_>,
    request: &Request,
    faults: &Faults,
) -> Result<Verified, String> {
    let receiver = inbox.receiver(hook.receiver).ok_or_else(|| {
        format!("{0} has no key yet: PUT /v1/simulation/receivers/{0}", hook.receiver)
    })?;
    let keys = match faults.believes {
        Some(Believes::OldestKey) => Keys::Oldest,
        _ => Keys::All,
    };
    let verifier = receiver.verifier(keys).map_err(|error| error.to_string())?;
    let all = request.headers.iter().map(|(name, value)| (name.as_str(), value));
    let now = inbox.clock.now();
    let off = SignedDuration::from_secs(faults.clock_off_seconds);
    let now = now.checked_add(off).unwrap_or(now);
    Headers::from_pairs(all)
        .and_then(|headers| verifier.verify(&headers, &request.body, now))
        .map_err(|error| error.to_string())
}

fn status(faults: &Faults, is_believed: bool) -> StatusCode {
    let told = faults.status.and_then(|status| StatusCode::from_u16(status).ok());
    match told {
        Some(status) => status,
        None if faults.redirect_to.is_some() => StatusCode::TEMPORARY_REDIRECT,
        None if is_believed => StatusCode::OK,
        None => StatusCode::BAD_REQUEST,
    }
}

fn answer(status: StatusCode, was_taken: bool, faults: &Faults) -> Reply {
    const TEXT: &str = "text/plain; charset=utf-8";
    let mut answer = if faults.endless_body {
        let piece = Bytes::from_static(&[b'.'; PIECE_BYTES]);
        reply::streamed(status, TEXT, stream::repeat_with(move || Ok(piece.clone())))
    } else if faults.slow_body_ms > 0 {
        reply::streamed(status, TEXT, slowly(Duration::from_millis(faults.slow_body_ms)))
    } else {
        reply::json(status, &json!({"repeated": was_taken}))
    };
    let headers = answer.headers_mut();
    let place = faults.redirect_to.as_deref().and_then(|place| HeaderValue::from_str(place).ok());
    headers.extend(place.map(|place| (header::LOCATION, place)));
    let wait = faults.retry_after_seconds.map(HeaderValue::from);
    headers.extend(wait.map(|wait| (header::RETRY_AFTER, wait)));
    answer
}

/// One byte after the other.
fn slowly(pause: Duration) -> impl stream::Stream<Item = Result<Bytes, HangUp>> + Send {
    stream::unfold(SLOW_BODY_BYTES, move |left| async move {
        let left = left.checked_sub(1)?;
        sleep(pause).await;
        Some((Ok(Bytes::from_static(b".")), left))
    })
}
