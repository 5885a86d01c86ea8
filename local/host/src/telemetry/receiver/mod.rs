//! OTLP over HTTP (<https://opentelemetry.io/docs/specs/otlp/#otlphttp>): what any OpenTelemetry SDK sends, as protobuf
//! or as JSON, compressed or not.

mod answers;
mod body;
mod decode;
mod json;

use std::sync::Arc;

use http::{Method, Request, Response};
use hyper::body::Incoming;
use tokio::net::TcpListener;

use self::{answers::Refusal, body::Encoding, decode::Decoded};
use super::Store;
use crate::{
    Log,
    http::{ReplyBody, refuse_strangers, serve},
};

/// Which kind of telemetry a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    Traces,
    Logs,
    Metrics,
}

impl Signal {
    fn at(path: &str) -> Option<Self> {
        match path {
            "/v1/traces" => Some(Self::Traces),
            "/v1/logs" => Some(Self::Logs),
            "/v1/metrics" => Some(Self::Metrics),
            _ => None,
        }
    }
}

/// Receives until the task is aborted.
pub(crate) async fn receive(listener: TcpListener, store: Arc<Store>, log: Log) {
    serve(listener, log, move |request, _peer| {
        let store = Arc::clone(&store);
        async move { answer(&store, request).await }
    })
    .await;
}

async fn answer(store: &Arc<Store>, request: Request<Incoming>) -> Response<ReplyBody> {
    if let Err(refused) = refuse_strangers(&request) {
        return *refused;
    }
    let encoding = Encoding::of(request.headers());
    match taken(store, encoding, request).await {
        Ok((signal, rejected)) => answers::taken(signal, encoding, &rejected),
        Err(refusal) => refusal.response(encoding),
    }
}

/// Keeps what a request brings; says what was not taken.
async fn taken(
    store: &Arc<Store>,
    encoding: Option<Encoding>,
    request: Request<Incoming>,
) -> Result<(Signal, Vec<String>), Refusal> {
    let signal = Signal::at(request.uri().path()).ok_or(Refusal::NoSuchPath)?;
    if request.method() != Method::POST {
        return Err(Refusal::NotPost);
    }
    let encoding = encoding.ok_or(Refusal::ContentType)?;
    let body = body::read(request).await?;
    let store = Arc::clone(store);
    // Megabytes of JSON would hold up everybody else on this thread.
    let work = tokio::task::spawn_blocking(move || {
        let body = body.unpacked()?;
        let Decoded { spans, logs, points, rejected } = decode::decode(signal, encoding, &body)?;
        store.add_spans(spans);
        store.add_logs(logs);
        store.add_points(points);
        Ok((signal, rejected))
    });
    work.await.unwrap_or(Err(Refusal::Broken))
}
