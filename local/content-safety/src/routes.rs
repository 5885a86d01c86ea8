//! Which request goes where.

use crate::{
    Faults, Judged, Measure, Seen, api,
    api::{ImageRequest, Refused},
    faults::{self, Drawn},
    page, picture,
    reply::{self, HangUp, Reply},
    simulator::State,
};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// The largest body that is read: the largest picture in base64, and the JSON around it.
const MAX_BODY_BYTES: usize = picture::MAX_PICTURE_BYTES / 3 * 4 + (64 << 10);
/// A body that has not arrived by then is given up.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

pub(crate) async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Reply, HangUp> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    match (&parts.method, path) {
        (&Method::POST, api::PATH) => analyze(&state, &parts, body).await,
        (&Method::GET, "/") => Ok(page::show(&state)),
        (&Method::GET, "/page.css") => Ok(page::style()),
        (&Method::GET, "/health") => Ok(reply::json(StatusCode::OK, &json!({"status": "healthy"}))),
        (&Method::GET, "/faults") => Ok(reply::json(StatusCode::OK, state.switches().faults())),
        (&Method::PUT | &Method::POST, "/faults") => change_faults(&state, &parts, body).await,
        (&Method::GET, "/requests") => Ok(requests(&state)),
        _ => Ok(Refused::not_found().into()),
    }
}

/// The API, struck by a fault or not, and noted.
async fn analyze(state: &State, parts: &Parts, body: Incoming) -> Result<Reply, HangUp> {
    let ticket = state.record().begin(seen(&parts.headers));
    let drawn = state.switches().draw();
    let answered = judge_unless_struck(state, parts, body, drawn).await?;
    state.record().answered(ticket, answered.status().as_u16());
    Ok(answered)
}

async fn judge_unless_struck(
    state: &State,
    parts: &Parts,
    body: Incoming,
    drawn: Drawn,
) -> Result<Reply, HangUp> {
    // Read first: a client that is still sending would take an early answer for a broken connection.
    let body = read(body).await;
    tokio::time::sleep(drawn.delay).await;
    match drawn.down {
        Some(crate::Down::Closed) => return Err(HangUp),
        Some(crate::Down::InternalError) => return Ok(Refused::internal_error().into()),
        Some(crate::Down::ServerBusy) => return Ok(Refused::server_busy().into()),
        None => {}
    }
    if let Some(throttled) = drawn.throttled {
        return Ok(Refused::too_many_requests(throttled.retry_after_seconds).into());
    }
    if let Some(wrong) = drawn.wrong {
        return Ok(api::spoiled(wrong));
    }
    let checked = api::admitted(&parts.headers, &parts.uri, state.key.as_deref());
    let body = match checked.and(body) {
        Ok(body) => body,
        Err(refused) => return Ok(refused.into()),
    };
    // Decoding takes its time, and the other connections theirs.
    let judged = tokio::task::spawn_blocking(move || judge(&body, drawn)).await;
    Ok(match judged {
        Ok(Ok((judged, reply))) => {
            state.record().judged(judged);
            reply
        }
        Ok(Err(refused)) => refused.into(),
        Err(error) => {
            tracing::error!(%error, "judging a picture");
            Refused::internal_error().into()
        }
    })
}

fn judge(body: &[u8], drawn: Drawn) -> Result<(Judged, Reply), Refused> {
    let request = ImageRequest::read(body)?;
    let picture = picture::decode(&request.content)?;
    let measure = Measure::of(&picture.pixels);
    let severities = drawn.answer.unwrap_or_else(|| measure.severities());
    let judged = Judged {
        format: picture.format,
        bytes: request.content.len(),
        width: picture.pixels.width(),
        height: picture.pixels.height(),
        measure,
        severities,
        fixed: drawn.answer.is_some(),
    };
    Ok((judged, api::answered(severities, &request.categories)))
}

/// `PUT` with JSON, `POST` with the page's form.
async fn change_faults(state: &State, parts: &Parts, body: Incoming) -> Result<Reply, HangUp> {
    // A page of somebody else must not switch anything here.
    if parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        let message = "faults are switched from this page or from a command line";
        return Ok(Refused::new(StatusCode::FORBIDDEN, "CrossSite", message).into());
    }
    let body = match read(body).await {
        Ok(body) => body,
        Err(refused) => return Ok(refused.into()),
    };
    let by_form = parts.method == Method::POST;
    let faults = if by_form { faults::from_form(&body) } else { Faults::from_json(&body) };
    Ok(match faults {
        Err(error) => Refused::body(error.to_string()).into(),
        Ok(faults) => {
            state.set_faults(faults);
            if by_form {
                reply::see_other("/")
            } else {
                reply::json(StatusCode::OK, state.switches().faults())
            }
        }
    })
}

fn requests(state: &State) -> Reply {
    let record = state.record();
    let body = json!({
        "requests": record.requests(),
        "seen": record.all_seen(),
        "judged": record.last_judged(),
    });
    reply::json(StatusCode::OK, &body)
}

fn seen(headers: &HeaderMap) -> Seen {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    Seen {
        traceparent: text("traceparent"),
        with_key: headers.contains_key(api::KEY_HEADER),
        with_token: api::has_token(headers),
        status: None,
    }
}

async fn read(body: Incoming) -> Result<Bytes, Refused> {
    let body = Limited::new(body, MAX_BODY_BYTES).collect();
    match tokio::time::timeout(BODY_DEADLINE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("the body is larger than {MAX_BODY_BYTES} bytes");
            Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "InvalidRequestBody", message))
        }
        Ok(Err(error)) => Err(Refused::body(format!("reading the body: {error}"))),
        Err(_) => {
            let message = format!("the body did not arrive in {} s", BODY_DEADLINE.as_secs());
            Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message))
        }
    }
}
