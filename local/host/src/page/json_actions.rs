//! What programs and `iommi fault` do over `/admin`, in JSON:
//!
//! - `POST /admin/faults` with `{"fault": "cosmos=throttle:next:5"}`, `DELETE /admin/faults`, `DELETE /admin/faults/<id>`
//! - `POST /admin/apps/<app>/kill` with `{}` or `{"pid": 1}`, `POST /admin/apps/<app>/restart`
//! - `POST /admin/clock` with `{"advance": "31d"}`, `{"set": "2027-01-01T00:00:00Z"}` or `"reset"`
//! - `POST /admin/simulators/<name>/stop`, `…/start`, `…/kill` with `{}`; `kill` of an app is understood for them too
//!
//! The content type must be `application/json`: no site can make a browser send that here without asking first.

use http::{Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use hyper::body::Incoming;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::{Visit, actions, answers::Refusal, clock::ClockView};
use crate::{
    Journey,
    http::{ReplyBody, body, reply},
};

/// The largest body, in bytes.
const BODY_MAX_BYTES: u64 = 64 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    fault: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kill {
    #[serde(default)]
    pid: Option<u32>,
}

/// Where the clock is to go.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Clock {
    Advance(String),
    Set(String),
    Reset,
}

impl Clock {
    fn journey(self) -> Result<Journey, String> {
        match self {
            Self::Advance(by) => Journey::advance(&by),
            Self::Set(moment) => Journey::set(&moment),
            Self::Reset => Ok(Journey::Reset),
        }
    }
}

pub(super) async fn act(
    visit: &Visit,
    segments: &[&str],
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Refusal> {
    let (is_post, is_delete) =
        (*request.method() == Method::POST, *request.method() == Method::DELETE);
    let told = match segments {
        ["faults"] if is_post => {
            let Fault { fault } = read(request).await?;
            actions::switch_on(visit, &fault)?
        }
        ["faults"] if is_delete => actions::switch_all_off(visit),
        ["faults", id] if is_delete => actions::switch_off(visit, id)?,
        ["clock"] if is_post => {
            let journey = read::<Clock>(request).await?.journey().map_err(Refusal::bad)?;
            let told = actions::move_clock(visit, journey)?;
            let answer = json!({ "done": told, "clock": ClockView::of(visit) });
            return Ok(reply::json(StatusCode::OK, &answer));
        }
        ["apps", app, "kill"] if is_post => {
            let Kill { pid } = read(request).await?;
            if visit.page.platform.simulators.get(app).is_some() {
                actions::act_on_simulator(visit, app, "kill")?
            } else {
                actions::kill_handlers(visit, app, pid).await?
            }
        }
        ["apps", app, "restart"] if is_post => {
            read::<serde_json::Map<String, serde_json::Value>>(request).await?;
            actions::restart_app(visit, app).await?
        }
        ["simulators", name, action] if is_post => {
            read::<serde_json::Map<String, serde_json::Value>>(request).await?;
            actions::act_on_simulator(visit, name, action)?
        }
        _ => return Err(Refusal::not_found()),
    };
    let faults = visit.page.faults.list();
    Ok(reply::json(StatusCode::OK, &json!({ "done": told, "faults": faults })))
}

async fn read<T: DeserializeOwned>(request: Request<Incoming>) -> Result<T, Refusal> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json =
        content_type.is_some_and(|kind| kind.trim_start().starts_with("application/json"));
    if !is_json {
        let message = "send `Content-Type: application/json`";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let body = body::read(request.into_body(), BODY_MAX_BYTES).await.map_err(Refusal::body)?;
    serde_json::from_slice(&body)
        .map_err(|error| Refusal::bad(format_args!("reading the body: {error}")))
}
