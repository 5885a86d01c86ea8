//! Event Hubs over HTTP: publishing and the schema registry as the REST references have them, and, below `/$local/`, what Azure offers elsewhere or
//! in other ways: declaring hubs (there: Resource Manager) and reading a partition (there: AMQP).

mod batch;
mod disturbance;
mod local;
mod publishing;
mod reply;
mod request_body;
mod schemas;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, request::Parts};
use http_body_util::Full;
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use tokio::{net::TcpListener, sync::watch};

use super::{EventHubs, refusal::Refusal};
use crate::{
    listen::{self, HangUp},
    visitors,
};

/// An answer, whole.
type Reply = Response<Full<Bytes>>;

/// A request whose body has been read.
struct Call {
    parts: Parts,
    body: Bytes,
    /// The path's segments, decoded.
    segments: Vec<String>,
}

impl Call {
    fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    fn query(&self, name: &str) -> Option<String> {
        let pairs = self.parts.uri.query().unwrap_or_default().split('&');
        let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    }
}

/// Serves until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    hubs: Arc<EventHubs>,
    stopping: watch::Receiver<bool>,
) {
    let stop = stopping.clone();
    let handle = move |request| {
        let (hubs, stop) = (Arc::clone(&hubs), stop.clone());
        async move { answer(hubs, stop, request).await }
    };
    listen::serve(listener, stopping, handle).await;
}

async fn answer(
    hubs: Arc<EventHubs>,
    stopping: watch::Receiver<bool>,
    request: Request<Incoming>,
) -> Result<Reply, HangUp> {
    if let Some(status) = visitors::refused(&request) {
        return Ok(reply::empty(status));
    }
    let (parts, body) = request.into_parts();
    let body = match request_body::read(body).await? {
        Ok(body) => body,
        Err(refusal) => return Ok(reply::refused(&refusal)),
    };
    let segments = parts.uri.path().split('/').filter(|segment| !segment.is_empty());
    let segments = segments
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let call = Call { parts, body, segments };
    if schemas::are_asked(&call) {
        return schemas::answer(hubs, call).await;
    }
    let names: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (&call.parts.method, &names[..]) {
        (_, ["$local", rest @ ..]) => Ok(local::answer(&hubs, &call, rest, stopping).await),
        (&Method::POST, [.., "messages"]) => publishing::answer(hubs, &call).await,
        (_, [.., "messages"]) => Ok(reply::empty(StatusCode::METHOD_NOT_ALLOWED)),
        _ => Ok(reply::refused(&Refusal::NoResource(call.parts.uri.path().to_owned()))),
    }
}
