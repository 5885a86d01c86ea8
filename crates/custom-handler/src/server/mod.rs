//! Answering: from a request on the wire to the code of a function and back.

mod body;
mod call;
mod enveloped;
mod figures;
mod finish;
mod listen;
mod message;
mod plain;
mod router;
mod spans;
mod work;
mod wrapped_http;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::{Buf, Bytes};
use function_json::{FunctionJson, RouteTemplate};
use futures::{Stream, stream};
use http::request::Parts;
use http::{HeaderMap, Method};
use tracing::Instrument;

use self::call::{Arrival, INVOCATION_ID};
use self::router::{Found, Router};
use crate::function::Function;
use crate::handler::{BoundMethods, HandlerSettings, MessageCode};
use crate::problem::{Problem, ProblemKind, problems};

pub(crate) use listen::{listen, serve};

/// A function that passed the checks.
pub(crate) struct Served {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    pub(crate) function_json: FunctionJson,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Http {
        methods: BoundMethods,
        route: RouteTemplate,
        listed: Option<Vec<Method>>,
        enveloped: bool,
        role: Role,
    },
    Message(MessageCode),
}

/// What an HTTP function is among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Ordinary,
    /// Answers what no other takes, without code.
    Unmatched,
    /// Answers the paths that no other has.
    Fallback,
}

impl Served {
    /// Whether the host calls it with `POST /<name>` and an envelope.
    pub(crate) fn is_enveloped(&self) -> bool {
        match self.kind {
            Kind::Http { enveloped, .. } => enveloped,
            Kind::Message(_) => true,
        }
    }

    /// Whether its route has this path, whatever the method.
    fn has_path(&self, path: &str) -> bool {
        matches!(&self.kind, Kind::Http { route, .. } if route.matches(path).is_some())
    }
}

/// A handler that passed its checks, ready to answer the host. Cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    functions: Vec<Served>,
    router: Router,
    settings: HandlerSettings,
    /// Whether a function was called.
    was_called: AtomicBool,
}

impl Server {
    pub(crate) fn new(functions: Vec<Served>, settings: HandlerSettings) -> Self {
        let router = Router::new(&functions);
        Self(Arc::new(Inner { functions, router, settings, was_called: AtomicBool::new(false) }))
    }

    /// The names of the functions, in the order of their registration.
    pub fn functions(&self) -> impl Iterator<Item = &'static str> {
        self.0.functions.iter().map(|function| function.name)
    }

    /// The functions themselves, in that order.
    pub(crate) fn served(&self) -> &[Served] {
        &self.0.functions
    }

    /// The kinds of problems that its answers may be.
    pub(crate) fn problems(&self) -> &[ProblemKind] {
        &self.0.settings.problems
    }

    /// What the handler says of itself besides, by member of its description.
    pub(crate) fn described(&self) -> &[(String, serde_json::Value)] {
        &self.0.settings.described
    }

    /// Answers one request as the listening handler would, without a socket. Call it inside a
    /// tokio runtime.
    pub async fn answer(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let (parts, body) = request.into_parts();
        self.respond(parts, stream::iter([Ok::<_, std::convert::Infallible>(body)])).await
    }

    /// Answers on a listener until the task is dropped. [`run`](crate::run) does this on the port
    /// that the host names; tests do it on a free one.
    pub async fn serve(&self, listener: tokio::net::TcpListener) {
        serve(self.clone(), listener).await;
    }

    fn arrival(&self, function: &'static str, headers: &HeaderMap) -> Arrival {
        let is_first = !self.0.was_called.swap(true, Ordering::Relaxed);
        Arrival::new(function, headers, is_first)
    }

    /// What it waits for is on the heap: the server copies the future of an answer from place to place.
    async fn respond<S, B, E>(&self, parts: Parts, body: S) -> http::Response<Bytes>
    where
        S: Stream<Item = Result<B, E>>,
        B: Buf,
        E: std::fmt::Display,
    {
        let has_invocation = parts.headers.contains_key(INVOCATION_ID);
        match self.0.router.find(&self.0.functions, &parts.method, parts.uri.path(), has_invocation)
        {
            Found::Ready => http::Response::new(Bytes::new()),
            Found::Envelope(function) => Box::pin(self.enveloped(function, parts, body)).await,
            Found::Http { function, code, params, max_body_bytes, route } => {
                let call = self.arrival(function, &parts.headers).http(&parts.method, route);
                let span = call.span.clone();
                let plain = self.plain(call, code, params, max_body_bytes, parts, body);
                Box::pin(plain).instrument(span).await
            }
            Found::Refused { function, problem } => {
                // Whatever came with it is taken off the wire, so that the sender hears the answer.
                let _ = body::read(&parts.headers, body, 0).await;
                let arrival = self.arrival(function, &parts.headers);
                let call = arrival.http(&parts.method, String::new());
                call.span.in_scope(|| self.finish(&call, Err(problem)))
            }
        }
    }
}

/// 404, and 405 with what the path does take.
fn refusal(allowed: &[Method]) -> Problem {
    if allowed.is_empty() {
        return Problem::of(&problems::NOT_FOUND)
            .detail("no function has a route for it; check the path's spelling");
    }
    let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    Problem::of(&problems::METHOD_NOT_ALLOWED)
        .detail(format!("use one of {allow}"))
        .response_header(http::header::ALLOW, allow)
}
