//! Proxied calls: the request streams to the handler as it is, the answer streams back (host
//! `HttpProxyService/DefaultHttpProxyService.cs`). Upgrades such as WebSockets are not carried.

use std::sync::PoisonError;

use http::{
    HeaderMap, Request, Response, StatusCode, Version, header::CONTENT_LENGTH, request::Parts,
    uri::PathAndQuery,
};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::{
    Call, Peer,
    expiry::{Expired, Limits},
    headers,
    sending::{self, NotSent, Sending},
    streams::{Download, Unread},
};
use crate::{
    handler::{Lease, Lost, Unavailable},
    http::{ReplyBody, add_host_headers, body::BodyError, reply},
};

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

/// Answers what the handler answers to this target.
pub(super) async fn answer(
    mut call: Call,
    target: PathAndQuery,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let limit_bytes = call.app().body_max_bytes;
    if declared_length(request.headers()).is_some_and(|length| length > limit_bytes) {
        return too_large(&mut call);
    }
    let (mut parts, body) = request.into_parts();
    headers::remove_hop_by_hop(&mut parts.headers);
    headers::set_forwarded(&mut parts.headers, parts.extensions.get().map(|Peer(ip)| *ip));
    let id = add_host_headers(&mut parts.headers, call.id, &call.trace);
    parts.headers.insert(headers::MS_INVOCATION_ID, id);

    let limits = Limits::new(call.app().app.host_json.function_timeout);
    match send(&call, target, &parts, body, &limits).await {
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
    target: PathAndQuery,
    parts: &Parts,
    body: Incoming,
    limits: &Limits,
) -> Result<(Response<Incoming>, Lease), Failure> {
    let acquired = tokio::select! {
        acquired = call.app().pool.acquire() => acquired,
        expired = limits.passed() => return Err(Failure::Expired(expired, None)),
    };
    let mut lease = match acquired {
        Ok(lease) => lease,
        Err(Unavailable::Stopped(why)) => return Err(Failure::Stopped(why)),
        Err(Unavailable::Gone) => {
            sending::dial_in_vain().await;
            return Err(Failure::Handler(
                "connection refused: the handler has left with code 0".to_owned(),
            ));
        }
    };
    let unread = Unread::default();
    let sending = Sending {
        parts,
        target,
        limit_bytes: call.app().body_max_bytes,
        unread: &unread,
        activity: &limits.activity,
        tap: &call.input,
    };
    let sent = tokio::select! {
        sent = sending.send(&mut lease, body) => sent,
        expired = limits.passed() => return Err(Failure::Expired(expired, Some(lease))),
    };
    let error = match sent {
        Ok(response) => return Ok((response, lease)),
        Err(NotSent::Lost(Lost::Stopped(why))) => return Err(Failure::Stopped(why)),
        Err(NotSent::Lost(Lost::Replaced)) => {
            return Err(Failure::Handler("the app's host was replaced meanwhile".to_owned()));
        }
        Err(NotSent::Failed(error)) => error,
    };
    let fault = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(fault) = fault {
        return Err(Failure::Unread(fault));
    }
    lease.death_noticed().await;
    Err(Failure::Handler(error.to_string()))
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
