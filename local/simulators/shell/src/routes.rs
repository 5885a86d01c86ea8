//! Which request goes where.

use std::sync::Arc;

use http::{Method, StatusCode, header};
use hyper::body::Incoming;
use serde_json::json;
use tracing::Instrument as _;

use crate::{
    Down, Faults, FaultsError, HangUp, Refusal, Reply, Request, Simulator, access, form, page,
    reply::{json as json_reply, problem, see_other},
    running::Shared,
    telemetry,
};

pub(crate) async fn answer<S: Simulator>(
    shared: Arc<Shared<S>>,
    request: http::Request<Incoming>,
) -> Result<Reply, HangUp> {
    let (parts, body) = request.into_parts();
    if let Err(refusal) = access::admit(&parts) {
        return Ok(*refusal);
    }
    // Read first: a client that is still sending would take an early answer for a broken connection.
    let (request, read) = Request::read(parts, body, S::MAX_BODY_BYTES).await;
    if let Some(reply) = of_the_shell(&shared, &request).await {
        return Ok(reply);
    }
    if read.is_ok()
        && let Some(reply) = shared.simulator.control(&request).await
    {
        return Ok(reply);
    }
    let number = shared.log.begin(&request, shared.simulator.detail(&request));
    let span = telemetry::of_request(&request);
    let answered = match read {
        Ok(()) => api(&shared, request).instrument(span.clone()).await,
        Err(refusal) => Ok(shared.simulator.refuse(&refusal)),
    };
    let status = answered.as_ref().ok().map(http::Response::status);
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
        shared.log.answered(number, status);
    }
    if status.is_none_or(|status| status.is_server_error()) {
        span.record("otel.status_code", "ERROR");
    }
    answered
}

/// The API, struck by a fault or not.
async fn api<S: Simulator>(shared: &Shared<S>, request: Request) -> Result<Reply, HangUp> {
    let drawn = shared.switches.draw(|faults| shared.simulator.concerns(&request, faults));
    if !drawn.delay.is_zero() {
        tokio::time::sleep(drawn.delay).await;
    }
    let refusal = match drawn.down {
        Some(Down::Closed) => return Err(HangUp),
        Some(Down::InternalError) => Some(Refusal::InternalError),
        Some(Down::ServerBusy) => Some(Refusal::ServerBusy),
        None => drawn
            .throttled
            .map(|retry_after_seconds| Refusal::TooManyRequests { retry_after_seconds }),
    };
    match refusal {
        Some(refusal) => Ok(shared.simulator.refuse(&refusal)),
        None => shared.simulator.api(request, drawn.faults).await,
    }
}

/// What every simulator has; `None` is for the simulator itself.
async fn of_the_shell<S: Simulator>(shared: &Shared<S>, request: &Request) -> Option<Reply> {
    let allowed = match request.path() {
        "/" | "/page.css" | "/page.js" | "/health" => "GET",
        "/faults" => "GET, PUT, POST",
        "/log" => "GET, DELETE",
        _ => return None,
    };
    Some(match (&request.method, request.path()) {
        (&Method::GET, "/") => page::show(shared, request.query()).await,
        (&Method::GET, "/page.css") => page::style(),
        (&Method::GET, "/page.js") => page::script(),
        (&Method::GET, "/health") => json_reply(StatusCode::OK, &json!({"status": "healthy"})),
        (&Method::GET, "/faults") => json_reply(StatusCode::OK, &shared.switches.faults()),
        (&Method::PUT, "/faults") => put_faults(shared, &request.body),
        (&Method::POST, "/faults") => post_faults(shared, &request.body),
        (&Method::GET, "/log") => log(shared, request),
        (&Method::DELETE, "/log") => {
            shared.log.forget();
            log(shared, request)
        }
        (method, _) => {
            let detail = format!("{method} is none of {allowed}");
            let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, detail);
            refusal.headers_mut().insert(header::ALLOW, http::HeaderValue::from_static(allowed));
            refusal
        }
    })
}

fn put_faults<S: Simulator>(shared: &Shared<S>, body: &[u8]) -> Reply {
    match S::Faults::from_json(body).and_then(|faults| shared.switches.set(faults)) {
        Ok(()) => json_reply(StatusCode::OK, &shared.switches.faults()),
        Err(error) => problem(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// The page's form.
fn post_faults<S: Simulator>(shared: &Shared<S>, body: &[u8]) -> Reply {
    let faults = form::read(&S::Faults::all_fieldsets(), body).map_err(FaultsError::new);
    match faults.and_then(|faults: S::Faults| shared.switches.set(faults)) {
        Ok(()) => see_other("/"),
        Err(error) => problem(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// `GET /log?after=N`: the entries with larger numbers.
fn log<S: Simulator>(shared: &Shared<S>, request: &Request) -> Reply {
    let after = match request.parameter("after").map(|after| after.parse()) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => {
            return problem(StatusCode::BAD_REQUEST, "after is the number of an entry");
        }
    };
    let body = json!({ "requests": shared.log.requests(), "entries": shared.log.after(after) });
    json_reply(StatusCode::OK, &body)
}
