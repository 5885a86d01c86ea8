//! What comes before and after each request of either service: faults, the request's head, the common headers.

use std::{future::Future, sync::Arc};

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
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
    listen::{self, HangUp, ReplyBody},
};

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
        async move { front.handle(&*service, request).await }
    };
    listen::serve(listener, stopping, handle).await;
}

impl Front {
    async fn handle<A: Answer>(
        &self,
        service: &A,
        request: Request<Incoming>,
    ) -> Result<Response<ReplyBody>, HangUp> {
        let fault = match self.faults.draw(self.service) {
            None => None,
            Some(Fault::Disconnect) => return Err(HangUp),
            Some(Fault::Delay(by)) => {
                tokio::time::sleep(by).await;
                None
            }
            Some(fault) => Some(simulated(&fault)),
        };
        let (parts, body) = request.into_parts();
        let method = parts.method.clone();
        let now = self.clock.now();
        let call = match Call::new(parts, now) {
            Ok(call) => call,
            Err(failure) => return Ok(failure.reply(&method, Uuid::new_v4(), now).into()),
        };
        let mut body = body.map_err(Into::into).boxed_unsync();
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
        Ok(call.finish(without_lengthless_body(reply)).into())
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
