//! Proxied calls: the request streams to the handler as it is, the answer streams back (host
//! `HttpProxyService/DefaultHttpProxyService.cs`). Upgrades such as WebSockets are not carried.

use std::{sync::PoisonError, time::Duration};

use http::{
    HeaderMap, Request, Response, StatusCode, Version, header::CONTENT_LENGTH, request::Parts,
    uri::PathAndQuery,
};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use super::{
    Call,
    expiry::{Expired, Limits},
    headers,
    streams::{Download, Unread, Untouched, Upload},
};
use crate::{
    exchanges::Tap,
    handler::{HandlerBody, Lease, SendError, Unavailable, empty_body},
    http::{ReplyBody, add_host_headers, body::BodyError, reply},
};

/// Attempts to reach the handler, the first included (host `RetryProxyHandler`).
const ATTEMPTS: u32 = 10;

/// The wait after the first failed attempt; it doubles up to the maximum.
const DELAY_FIRST: Duration = Duration::from_millis(50);
const DELAY_MAX: Duration = Duration::from_millis(250);

/// Why a proxied call has no answer.
enum Failure {
    /// The handler's host has stopped.
    Stopped(String),
    /// No connection came about, or it broke.
    Handler(String),
    /// The client's body could not be passed on.
    Unread(BodyError),
    Expired(Expired, Option<Lease>),
}

pub(super) async fn answer(mut call: Call, request: Request<Incoming>) -> Response<ReplyBody> {
    let limit_bytes = call.app().body_max_bytes;
    if declared_length(request.headers()).is_some_and(|length| length > limit_bytes) {
        return too_large(&mut call);
    }
    let (mut parts, body) = request.into_parts();
    headers::remove_hop_by_hop(&mut parts.headers);
    let id = add_host_headers(&mut parts.headers, call.id, &call.trace);
    parts.headers.insert(headers::MS_INVOCATION_ID, id);

    let limits = Limits::new(call.app().app.host_json.function_timeout);
    match send(&call, &parts, body, limit_bytes, &limits).await {
        Ok((response, lease)) => {
            call.answering(response.status());
            let (mut parts, body) = response.into_parts();
            headers::remove_hop_by_hop(&mut parts.headers);
            call.output.announced(&parts.headers);
            // The handler's version is that of its own connection.
            parts.version = Version::HTTP_11;
            Response::from_parts(parts, Download::new(body, call, lease, limits).boxed_unsync())
        }
        Err(Failure::Unread(error)) => unread(&mut call, &error),
        Err(Failure::Stopped(why)) => stopped(&mut call, &why),
        Err(Failure::Handler(why)) => {
            call.failed(StatusCode::INTERNAL_SERVER_ERROR, why);
            reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(Failure::Expired(Expired::Silent, _)) => {
            call.failed(StatusCode::INTERNAL_SERVER_ERROR, Expired::Silent.to_string());
            reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(Failure::Expired(Expired::FunctionTimeout, lease)) => {
            if let Some(lease) = lease {
                lease.recycle();
                lease.death_noticed().await;
            }
            call.failed(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("{}; the handler is restarted", Expired::FunctionTimeout),
            );
            reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// The request to the handler within the limits, and the lease that the answer needs.
async fn send(
    call: &Call,
    parts: &Parts,
    body: Incoming,
    limit_bytes: u64,
    limits: &Limits,
) -> Result<(Response<Incoming>, Lease), Failure> {
    let acquired = tokio::select! {
        acquired = call.app().pool.acquire() => acquired,
        expired = limits.passed() => return Err(Failure::Expired(expired, None)),
    };
    let lease = match acquired {
        Ok(lease) => lease,
        Err(Unavailable::Stopped(why)) => return Err(Failure::Stopped(why)),
        Err(Unavailable::Gone) => {
            dial_in_vain().await;
            return Err(Failure::Handler(
                "connection refused: the handler has left with code 0".to_owned(),
            ));
        }
    };
    let unread = Unread::default();
    let sent = tokio::select! {
        sent = attempts(&lease, parts, body, limit_bytes, &unread, limits, &call.input) => sent,
        expired = limits.passed() => return Err(Failure::Expired(expired, Some(lease))),
    };
    let error = match sent {
        Ok(response) => return Ok((response, lease)),
        Err(error) => error,
    };
    let fault = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(fault) = fault {
        return Err(Failure::Unread(fault));
    }
    lease.death_noticed().await;
    Err(Failure::Handler(error.to_string()))
}

/// Sends, and again while no connection comes about: only then the handler has seen nothing of the request.
async fn attempts(
    lease: &Lease,
    parts: &Parts,
    mut body: Incoming,
    limit_bytes: u64,
    unread: &Unread,
    limits: &Limits,
    tap: &Tap,
) -> Result<Response<Incoming>, SendError> {
    let untouched = Untouched::default();
    let target =
        parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let mut delay = DELAY_FIRST;
    for attempt in 1.. {
        let has_body = !body.is_end_stream();
        let upload = Upload::new(body, limit_bytes, unread, &limits.activity, &untouched, tap);
        let upload: HandlerBody = if has_body { upload.boxed_unsync() } else { empty_body() };
        let error = match lease.client().send(outgoing(parts, upload), target.clone()).await {
            Ok(response) => return Ok(response),
            Err(error) if attempt < ATTEMPTS && error.is_connect() => error,
            Err(error) => return Err(error),
        };
        match untouched.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(returned) => body = returned,
            None => return Err(error),
        }
        tokio::time::sleep(delay).await;
        delay = (delay * 2).min(DELAY_MAX);
    }
    unreachable!("the last attempt returns")
}

fn outgoing(parts: &Parts, body: HandlerBody) -> Request<HandlerBody> {
    let mut request = Request::new(body);
    *request.method_mut() = parts.method.clone();
    *request.headers_mut() = parts.headers.clone();
    request
}

/// What the attempts cost when nobody listens.
async fn dial_in_vain() {
    let mut delay = DELAY_FIRST;
    for _ in 1..ATTEMPTS {
        tokio::time::sleep(delay).await;
        delay = (delay * 2).min(DELAY_MAX);
    }
}

/// The answer while an app's host has stopped.
pub(super) fn stopped(call: &mut Call, why: &str) -> Response<ReplyBody> {
    call.failed(StatusCode::SERVICE_UNAVAILABLE, "the app's host has stopped");
    reply::text(
        StatusCode::SERVICE_UNAVAILABLE,
        format!("{} is stopped.\n{why}\n", call.app().app.name),
    )
}

pub(super) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(super) fn too_large(call: &mut Call) -> Response<ReplyBody> {
    let limit_bytes = call.app().body_max_bytes;
    let reason =
        format!("the body is over {limit_bytes} bytes (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT)");
    call.failed(StatusCode::PAYLOAD_TOO_LARGE, reason);
    reply::empty(StatusCode::PAYLOAD_TOO_LARGE)
}

/// The answer to a body that could not be read.
pub(super) fn unread(call: &mut Call, error: &BodyError) -> Response<ReplyBody> {
    if let BodyError::TooLarge { .. } = error {
        return too_large(call);
    }
    call.failed(error.status(), error.to_string());
    reply::empty(error.status())
}
