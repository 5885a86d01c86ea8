//! The gateway: HTTP on 127.0.0.1, from a client's request to the function that owns its route and back.

mod admin;
mod attempts;
pub(crate) mod body;
mod call;
mod enveloped;
mod expiry;
mod forward;
mod headers;
mod keys;
mod proxy;
pub(crate) mod reply;
mod routes;
mod serve;
mod sign_in;
mod streams;
mod throttle;
mod trace;
mod webhooks;

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use serde_json::json;

use crate::{
    Mode, identities::Identities, log::HOST, page, platform::Platform, triggers::AppTriggers,
};
use call::Call;
pub(crate) use expiry::TIMEOUT_GRACE;
pub(crate) use headers::add_host_headers;
pub(crate) use keys::Keys;
pub(crate) use reply::ReplyBody;
pub(crate) use routes::{Matched, Routes};
pub(crate) use serve::serve;
pub(crate) use throttle::Throttle;
pub(crate) use trace::Trace;

/// What `X-Azure-Functions-HostVersion` says: the version of the real host that this one follows.
pub(crate) const HOST_VERSION: &str = "4.1045.0.0";

/// Largest request body unless `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT` says otherwise, in bytes (host
/// `ScriptConstants.DefaultMaxRequestBodySize`).
pub(crate) const REQUEST_BODY_MAX_BYTES: u64 = 104_857_600;

/// Everything the gateway answers from.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) platform: Arc<Platform>,
    pub(crate) routes: Routes,
    /// `None`: everybody is let in.
    pub(crate) keys: Option<Keys>,
    /// One per app, in the order of the platform's apps.
    pub(crate) triggers: Vec<AppTriggers>,
    pub(crate) identities: Identities,
    pub(crate) page: page::State,
}

/// Answers one request.
async fn answer(gateway: Arc<Gateway>, mut request: Request<Incoming>) -> Response<ReplyBody> {
    let path = request.uri().path();
    if is_below(path, "admin") {
        return admin::answer(&gateway, request).await;
    }
    if is_below(path, "runtime") {
        return webhooks::answer(&gateway, request).await;
    }
    if is_below(path, ".auth") {
        return sign_in::answer(&gateway.identities.persons, request).await;
    }
    match gateway.routes.find(request.method(), path) {
        Some(matched) => {
            sign_in::identify(&gateway.identities.persons, request.headers_mut());
            if let Some(callers) = &gateway.identities.callers
                && callers.identify(request.headers_mut()).is_err()
            {
                return unknown_key(&gateway, &request);
            }
            function(&gateway, matched, request).await
        }
        None if path == "/" && is_read(request.method()) => page::front(&gateway, request).await,
        None => {
            // Also for a wrong method: methods are a constraint of the route, never a 405.
            let (method, log) = (request.method(), &gateway.platform.log);
            log.info(
                HOST,
                format_args!("{method} {path} 404: no function has this route and method"),
            );
            reply::empty(StatusCode::NOT_FOUND)
        }
    }
}

/// As API Management answers a key that no subscription has.
fn unknown_key(gateway: &Gateway, request: &Request<Incoming>) -> Response<ReplyBody> {
    let (method, path) = (request.method(), request.uri().path());
    let message =
        format_args!("{method} {path} 401: its key is in nobody's hands; see local/callers.json");
    gateway.platform.log.info(HOST, message);
    let message = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.";
    reply::json(StatusCode::UNAUTHORIZED, &json!({ "statusCode": 401, "message": message }))
}

/// Whether the path is `/prefix` or below it, in any case: these belong to the host.
fn is_below(path: &str, prefix: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.eq_ignore_ascii_case(prefix)
}

fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

async fn function(
    gateway: &Arc<Gateway>,
    matched: Matched,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    if !matched.function.enabled {
        return reply::empty(StatusCode::NOT_FOUND);
    }
    if let Some(keys) = &gateway.keys
        && !keys.admit(&matched.function, &request)
    {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    let Some(place) = gateway.platform.apps[matched.app].throttle.admit().await else {
        return reply::empty(StatusCode::TOO_MANY_REQUESTS);
    };
    let call = Call::new(&gateway.platform, &matched, &request, place);
    match matched.function.mode {
        Mode::Proxied => proxy::answer(call, request).await,
        Mode::Forwarded | Mode::ForwardedToName => forward::answer(call, request).await,
        Mode::Enveloped => enveloped::answer(gateway, call, matched.params, request).await,
    }
}
