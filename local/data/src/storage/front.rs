//! What comes before and after each request of either service: faults, the request's head, the common headers.

use std::{future::Future, sync::Arc, time::Duration};

use http::{Method, Request, Response, StatusCode, request::Parts};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use tokio::{net::TcpListener, sync::watch};
use uuid::Uuid;

use super::{
    body::{self, RequestBody},
    call::Call,
    code, cors,
    failure::Failure,
    reply::Reply,
    service_properties::ServiceProperties,
};
use crate::{
    Clock, Fault, Faults, Service,
    faults::Asked,
    listen::{self, HangUp, ReplyBody},
    visitors,
};

/// With a request to copy a blob: its bytes will be long in coming.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlowSource;

/// The largest body of a request that a fault holds; it is read first.
const MAX_HELD_BYTES: usize = 64 << 20;
/// How long it may take to arrive.
const HELD_BODY_DEADLINE: Duration = Duration::from_secs(60);

/// A storage service behind the front.
pub(super) trait Answer: Send + Sync + 'static {
    /// What is configured for the service.
    fn properties(&self) -> &ServiceProperties;

    /// Does what the request asks.
    fn answer(
        &self,
        call: &Call,
        body: &mut RequestBody,
    ) -> impl Future<Output = Result<Reply, Failure>> + Send;
}

/// What the front needs to know.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) service: Service,
    pub(super) clock: Clock,
    pub(super) faults: Arc<Faults>,
}

/// Serves until `stopping` turns true.
pub(super) async fn serve<A: Answer>(
    listener: TcpListener,
    front: Front,
    service: Arc<A>,
    stopping: watch::Receiver<bool>,
) {
    let front = Arc::new(front);
    let handle = move |request| {
        let (front, service) = (Arc::clone(&front), Arc::clone(&service));
        async move { front.answer(service, request).await }
    };
    listen::serve(listener, stopping, handle).await;
}

impl Front {
    async fn answer<A: Answer>(
        self: Arc<Self>,
        service: Arc<A>,
        request: Request<Incoming>,
    ) -> Result<Response<ReplyBody>, HangUp> {
        if let Some(status) = visitors::refused(&request) {
            return Ok(Reply::new(status).into());
        }
        let asked = Asked {
            service: self.service,
            method: request.method(),
            path: request.uri().path(),
            is_query: false,
        };
        let (parts, body) = match self.faults.draw(&asked) {
            Some(Fault::Disconnect) => return Err(HangUp),
            Some(fault @ (Fault::LoseAnswer | Fault::Hold(_) | Fault::HoldAnswer(_))) => {
                let (parts, body) = request.into_parts();
                // What is held is here already, as at a service that is slow.
                let body = Limited::new(body, MAX_HELD_BYTES).collect();
                let body = tokio::time::timeout(HELD_BODY_DEADLINE, body).await;
                let Ok(Ok(body)) = body else { return Err(HangUp) };
                let body = Full::new(body.to_bytes()).map_err(|never| match never {});
                let work =
                    async move { self.handle(&*service, parts, body.boxed_unsync(), None).await };
                return listen::disturbed(fault, work).await;
            }
            Some(Fault::Delay(by)) => {
                tokio::time::sleep(by).await;
                request.into_parts()
            }
            Some(Fault::PendingCopy) => {
                let (mut parts, body) = request.into_parts();
                parts.extensions.insert(SlowSource);
                (parts, body)
            }
            Some(fault) => {
                let (parts, body) = request.into_parts();
                let body = body.map_err(Into::into).boxed_unsync();
                return Ok(self.handle(&*service, parts, body, Some(simulated(&fault))).await);
            }
            None => request.into_parts(),
        };
        let body = body.map_err(Into::into).boxed_unsync();
        Ok(self.handle(&*service, parts, body, None).await)
    }

    async fn handle<A: Answer>(
        &self,
        service: &A,
        parts: Parts,
        mut body: RequestBody,
        fault: Option<Failure>,
    ) -> Response<ReplyBody> {
        let method = parts.method.clone();
        let now = self.clock.now();
        let call = match Call::new(parts, now) {
            Ok(call) => call,
            Err(failure) => return failure.reply(&method, Uuid::new_v4(), now).into(),
        };
        let answer = match fault {
            Some(fault) => Err(fault),
            None if call.method == Method::OPTIONS => {
                cors::preflight(&service.properties().cors_rules(), &call)
            }
            None => service.answer(&call, &mut body).await,
        };
        let reply = match answer {
            Ok(reply) => reply,
            Err(failure) => {
                if !call.headers.contains_key(http::header::EXPECT) {
                    body::drain(&mut body).await;
                }
                failure.reply(&call.method, call.request_id, now)
            }
        };
        let reply =
            if call.headers.contains_key(http::header::ORIGIN) && call.method != Method::OPTIONS {
                cors::permit(&service.properties().cors_rules(), &call, reply)
            } else {
                reply
            };
        call.finish(without_lengthless_body(reply)).into()
    }
}

/// 204 and 304 have no body and must not announce one.
fn without_lengthless_body(mut reply: Reply) -> Reply {
    if matches!(reply.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        reply.headers.remove(http::header::CONTENT_LENGTH);
    }
    reply
}

fn simulated(fault: &Fault) -> Failure {
    let code = match fault {
        Fault::InternalError => code::INTERNAL_ERROR,
        Fault::Forbidden => code::AUTHORIZATION_PERMISSION_MISMATCH,
        _ => code::SERVER_BUSY,
    };
    let failure = Failure::from(code).saying(format!("{} (A simulated fault.)", code.message));
    match fault {
        Fault::Throttle { retry_after } => {
            failure.header(http::header::RETRY_AFTER, &retry_after.as_secs().max(1).to_string())
        }
        _ => failure,
    }
}
