//! The gateway: HTTP on 127.0.0.1, from a client's request to the function that owns its route and back.

mod admin;
mod attempts;
mod call;
mod enveloped;
mod expiry;
mod forward;
mod headers;
mod path;
mod proxy;
mod routes;
mod sending;
mod sign_in;
mod streams;
mod topics;
mod webhooks;

use std::{net::IpAddr, sync::Arc};

use function_json::Trigger;
use http::{Method, Request, Response, StatusCode, header::STRICT_TRANSPORT_SECURITY};
use hyper::body::Incoming;
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    Function, Mode,
    http::{self as host_http, ReplyBody, refuse_strangers, reply},
    identities::Identities,
    keys::Keys,
    log::HOST,
    mock::{self, Mocks},
    page::{self, Page},
    platform::{Platform, RunningApp},
    triggers::{AppTriggers, event_grid::Published},
};
use call::Call;
use path::HostPath;
pub(crate) use routes::{Matched, Routes};

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
    /// What is answered from contracts.
    pub(crate) mocks: Arc<Mocks>,
    pub(crate) page: Arc<Page>,
    /// Where services publish events.
    pub(crate) topics: Published,
}

/// Who sent a request, among its extensions.
#[derive(Clone, Copy, Debug)]
struct Peer(IpAddr);

/// Serves until the task is aborted; open connections end with it.
pub(crate) async fn serve(listener: TcpListener, gateway: Arc<Gateway>) {
    let log = gateway.platform.log.clone();
    host_http::serve(listener, log, move |mut request, peer| {
        request.extensions_mut().insert(Peer(peer));
        answer(Arc::clone(&gateway), request)
    })
    .await;
}

/// Answers one request.
async fn answer(gateway: Arc<Gateway>, mut request: Request<Incoming>) -> Response<ReplyBody> {
    if let Some(status) = local_data::malformed(&request) {
        return reply::empty(status);
    }
    let Some(host_path) = HostPath::of(request.uri().path()) else {
        return reply::empty(StatusCode::BAD_REQUEST);
    };
    let path = host_path.decoded.as_str();
    // What belongs to the host drains it, kills handlers and runs functions: no page of another site may.
    if (is_below(path, "admin") || is_below(path, "runtime"))
        && let Err(refused) = refuse_strangers(&request)
    {
        return *refused;
    }
    if is_below(path, "admin") {
        return admin::answer(&gateway, request).await;
    }
    if is_below(path, "runtime") {
        return match topics::topic(path).map(str::to_owned) {
            Some(topic) => topics::answer(&gateway, &topic, request).await,
            None => webhooks::answer(&gateway, request).await,
        };
    }
    if is_below(path, ".auth") {
        return sign_in::answer(&gateway.identities.persons, request).await;
    }
    let matched = gateway.routes.find(request.method(), &host_path.encoded);
    if let Some(app) = gateway.mocks.find(request.method(), request.uri().path(), matched.as_ref())
    {
        return match identify(&gateway, &mut request) {
            Ok(()) => mocked(&gateway, app, request).await,
            Err(refused) => *refused,
        };
    }
    match matched {
        Some(matched) => match identify(&gateway, &mut request) {
            Ok(()) => function(&gateway, matched, &host_path, request).await,
            Err(refused) => *refused,
        },
        None if path == "/" && is_read(request.method()) => {
            page::front(&gateway.page, request).await
        }
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

/// Puts in place of what a client says about itself what its session and its key say.
fn identify(
    gateway: &Gateway,
    request: &mut Request<Incoming>,
) -> Result<(), Box<Response<ReplyBody>>> {
    sign_in::identify(&gateway.identities.persons, request.headers_mut());
    if let Some(callers) = &gateway.identities.callers
        && callers.identify(request.headers_mut()).is_err()
    {
        return Err(Box::new(unknown_key(gateway, request)));
    }
    Ok(())
}

/// Answers from the contract of an app what none of its functions does.
async fn mocked(gateway: &Gateway, app: usize, request: Request<Incoming>) -> Response<ReplyBody> {
    let running = &gateway.platform.apps[app];
    let Some(mocks) = gateway.mocks.of(app) else { return reply::empty(StatusCode::NOT_FOUND) };
    let keys = gateway.keys.as_ref();
    let mut response = mock::answer(&gateway.platform, running, mocks, keys, request).await;
    secure(running, &mut response);
    response
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

fn is_admitted<B>(keys: &Keys, function: &Function, request: &Request<B>) -> bool {
    match &function.json.trigger {
        Trigger::Http(trigger) => keys.admit(trigger.auth_level, request),
        _ => false,
    }
}

async fn function(
    gateway: &Arc<Gateway>,
    matched: Matched,
    path: &HostPath,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let app = matched.app;
    let mut response = called(gateway, matched, path, request).await;
    secure(&gateway.platform.apps[app], &mut response);
    response
}

fn secure(running: &RunningApp, response: &mut Response<ReplyBody>) {
    if let Some(value) = &running.app.host_json.strict_transport_security {
        response.headers_mut().entry(STRICT_TRANSPORT_SECURITY).or_insert_with(|| value.clone());
    }
}

async fn called(
    gateway: &Arc<Gateway>,
    matched: Matched,
    path: &HostPath,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    if !matched.function.enabled {
        return reply::empty(StatusCode::NOT_FOUND);
    }
    if let Some(keys) = &gateway.keys
        && !is_admitted(keys, &matched.function, &request)
    {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    let Some(place) = gateway.platform.apps[matched.app].throttle.admit().await else {
        return reply::empty(StatusCode::TOO_MANY_REQUESTS);
    };
    let call = Call::new(&gateway.platform, &matched, &request, place);
    match matched.function.mode {
        Mode::Proxied => proxy::answer(call, path.target(request.uri().query()), request).await,
        Mode::Forwarded | Mode::ForwardedToName => forward::answer(call, request).await,
        Mode::Enveloped => enveloped::answer(gateway, call, matched.params, request).await,
    }
}
