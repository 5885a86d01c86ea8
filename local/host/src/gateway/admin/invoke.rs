//! `POST /admin/functions/<name>`: runs a function by hand.

use std::sync::Arc;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use serde::Deserialize;

use super::super::Gateway;
use crate::{
    http::{ReplyBody, body, reply},
    triggers::{self, AppTriggers},
};

/// The largest body, in bytes.
const BODY_MAX_BYTES: u64 = 1 << 20;

/// `{"input": "…"}`
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    input: Option<String>,
}

pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    app: Option<&str>,
    name: &str,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let index = match super::find(gateway, app, name) {
        Ok(index) => index,
        Err(refusal) => return *refusal,
    };
    let body = match body::read(request.into_body(), BODY_MAX_BYTES).await {
        Ok(body) => body,
        Err(error) => return reply::text(error.status(), format!("{error}\n")),
    };
    let input = match serde_json::from_slice::<Body>(&body) {
        Ok(body) => body.input.unwrap_or_default(),
        Err(error) => {
            let text = format!("{error}; send {{\"input\": \"a text\"}}\n");
            return reply::text(StatusCode::BAD_REQUEST, text);
        }
    };
    let AppTriggers { runner, targets, .. } = &gateway.triggers[index];
    // A disabled function is none that can be run.
    let Some(target) = targets.iter().find(|target| target.name == name) else {
        return reply::empty(StatusCode::NOT_FOUND);
    };
    let (runner, target) = (runner.clone(), target.clone());
    // 202 before it ends: failures are only logged, as in Azure.
    tokio::spawn(async move {
        if let Err(error) = triggers::admin::invoke(&runner, &target, &input).await {
            runner.log.error(&format!("{}/{}", runner.app, target.name), error);
        }
    });
    reply::empty(StatusCode::ACCEPTED)
}
