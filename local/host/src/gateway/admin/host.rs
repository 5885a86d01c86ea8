//! `/admin/host/…`: state, drain and restart.

use futures::future::join_all;
use http::{Method, Response, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use super::super::Gateway;
use crate::{
    Lifecycle,
    http::{HOST_VERSION, ReplyBody, reply},
    log::HOST,
};

pub(super) async fn answer(
    gateway: &Gateway,
    action: &str,
    method: &Method,
) -> Response<ReplyBody> {
    let is_get = *method == Method::GET || *method == Method::HEAD;
    let is_post = *method == Method::POST;
    match action {
        "ping" if is_get || is_post => reply::empty(StatusCode::OK),
        "status" if is_get => status(gateway),
        "drain" if is_post => {
            gateway.platform.lifecycle.set(Lifecycle::Draining);
            gateway
                .platform
                .log
                .info(HOST, "draining: triggers take nothing new until POST /admin/host/resume");
            reply::empty(StatusCode::ACCEPTED)
        }
        "resume" if is_post => {
            gateway.platform.lifecycle.set(Lifecycle::Running);
            gateway.platform.log.info(HOST, "resumed");
            reply::json(StatusCode::OK, &json!({ "state": "Running" }))
        }
        "restart" if is_post => {
            join_all(gateway.platform.apps.iter().map(|running| running.pool.restart())).await;
            reply::json(StatusCode::OK, &json!({}))
        }
        "synctriggers" if is_post => reply::json(StatusCode::OK, &json!({ "status": "success" })),
        _ => reply::empty(StatusCode::NOT_FOUND),
    }
}

fn status(gateway: &Gateway) -> Response<ReplyBody> {
    let platform = &gateway.platform;
    let uptime_ms = Timestamp::now().duration_since(platform.started_at).as_millis();
    let stopped = platform.apps.iter().filter_map(|running| {
        running.pool.stopped().map(|why| format!("{}: {why}", running.app.name))
    });
    let mut errors: Vec<String> = stopped.collect();
    let state = if errors.is_empty() { "Running" } else { "Error" };
    errors.extend(platform.apps.iter().flat_map(|running| {
        let name = &running.app.name;
        running.app.broken.iter().map(move |broken| format!("{name}: {}", broken.problem))
    }));
    let mut status = json!({
        "id": "iommi",
        "state": state,
        "version": HOST_VERSION,
        "versionDetails": HOST_VERSION,
        "instanceId": "local",
        "processUptime": i64::try_from(uptime_ms).unwrap_or(i64::MAX),
        "apps": platform.apps.iter().map(|running| &running.app.name).collect::<Vec<_>>(),
    });
    if !errors.is_empty() {
        status["errors"] = errors.into();
    }
    reply::json(StatusCode::OK, &status)
}

/// How far a drain has come.
pub(super) fn drain_status(gateway: &Gateway) -> Response<ReplyBody> {
    let busy = gateway.platform.apps.iter().filter(|running| running.pool.is_busy()).count();
    let state = match (gateway.platform.lifecycle.get(), busy) {
        (Lifecycle::Running, _) => "Disabled",
        (_, 0) => "Completed",
        _ => "InProgress",
    };
    reply::json(
        StatusCode::OK,
        &json!({ "state": state, "outstandingInvocations": busy, "outstandingRetries": 0 }),
    )
}
