//! A request to an operation that has no function: let in as to one that has, then answered from the contract.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use jiff::Timestamp;

use super::AppMocks;
use crate::{
    exchanges::{BodyHead, Exchange},
    http::{ReplyBody, Trace, body, reply},
    invocation,
    journal::{InvocationRecord, Outcome},
    keys::Keys,
    platform::{Platform, RunningApp},
};

/// What an invocation of a mock is called where those of functions say their trigger.
const MOCK: &str = "mock";

/// Answers from the contract of an app. The request has been told who calls already.
pub(crate) async fn answer(
    platform: &Arc<Platform>,
    running: &RunningApp,
    mocks: &AppMocks,
    keys: Option<&Keys>,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    if keys.is_some_and(|keys| !keys.admit(mocks.auth_level(), &request)) {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    let Some(_place) = running.throttle.admit().await else {
        return reply::empty(StatusCode::TOO_MANY_REQUESTS);
    };
    let Some(contract) = mocks.contract() else { return reply::empty(StatusCode::NOT_FOUND) };
    let (began, started_at) = (Instant::now(), Timestamp::now());
    let (parts, body) = request.into_parts();
    let body = match body::read(body, running.body_max_bytes).await {
        Ok(body) => body,
        Err(error) => return reply::empty(error.status()),
    };
    let request = Request::from_parts(parts, body);
    let (response, complaint) = contract.answer(&request, |operation| mocks.is_served(operation));
    if let Some(complaint) = complaint {
        platform.log.warn(&running.app.name, format_args!("openapi.yaml: {complaint}"));
    }
    let trace = Trace::of(request.headers());
    let record = InvocationRecord {
        id: invocation::new_id(),
        app: running.app.name.clone(),
        function: MOCK.to_owned(),
        trigger: MOCK,
        about: format!("{} {}", request.method(), request.uri().path()),
        status: Some(response.status().as_u16()),
        outcome: Outcome::Answered,
        started_at,
        duration: began.elapsed(),
        trace_id: trace.id().to_string(),
        trace,
    };
    platform.record(record, exchange(&request, &response));
    response.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync())
}

fn exchange(request: &Request<Bytes>, response: &Response<Bytes>) -> Exchange {
    let head = |headers: &http::HeaderMap, body: &Bytes| {
        let content_type =
            headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        BodyHead::of(content_type, body)
    };
    Exchange {
        target: request.uri().path_and_query().map(ToString::to_string),
        input: head(request.headers(), request.body()),
        output: head(response.headers(), response.body()),
    }
}
