//! `/admin/…`: the host's management interface, as far as tools and people use it on a laptop (host
//! `HostController.cs`, `FunctionsController.cs`).
//!
//! One gateway serves several apps, so a function's name may exist twice: `/admin/functions/<app>/<name>` is always
//! exact, `/admin/functions/<name>` answers 409 when it is not.

mod functions;
mod host;
mod invoke;

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::Gateway;
use crate::{
    Function,
    http::{ReplyBody, reply},
    page,
    platform::RunningApp,
};

pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.trim_matches('/').split('/').skip(1).collect();
    if page::owns(&segments) {
        return page::answer(&gateway.page, &segments, request).await;
    }
    let is_ping = matches!(segments[..], ["host", "ping"]);
    if !is_ping && gateway.keys.as_ref().is_some_and(|keys| !keys.admit_master(&request)) {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    let method = request.method().clone();
    let is_get = method == Method::GET || method == Method::HEAD;
    match (&segments[..], is_get, method == Method::POST) {
        (["host", action], _, _) => host::answer(gateway, action, &method).await,
        (["host", "drain", "status"], true, _) => host::drain_status(gateway),
        (["functions"], true, _) => functions::list(gateway),
        (["functions", name], true, _) => found(gateway, None, name, functions::one),
        (["functions", app, "status"], true, _) if gateway.platform.app(app).is_none() => {
            functions::status(gateway, None, app)
        }
        (["functions", app, name], true, _) => found(gateway, Some(app), name, functions::one),
        (["functions", app, name, "status"], true, _) => {
            functions::status(gateway, Some(app), name)
        }
        (["functions", name], _, true) => invoke::answer(gateway, None, name, request).await,
        (["functions", app, name], _, true) => {
            invoke::answer(gateway, Some(app), name, request).await
        }
        _ => reply::empty(StatusCode::NOT_FOUND),
    }
}

/// Answers with what `then` makes of the function, or why there is not exactly one.
fn found(
    gateway: &Gateway,
    app: Option<&str>,
    name: &str,
    then: impl Fn(&Gateway, &RunningApp, &Function) -> Response<ReplyBody>,
) -> Response<ReplyBody> {
    match find(gateway, app, name) {
        Ok(index) => {
            let running = &gateway.platform.apps[index];
            match running.app.function(name) {
                Some(function) => then(gateway, running, function),
                None => reply::empty(StatusCode::NOT_FOUND),
            }
        }
        Err(refusal) => *refusal,
    }
}

/// The index of the one app that has the function.
fn find(
    gateway: &Gateway,
    app: Option<&str>,
    name: &str,
) -> Result<usize, Box<Response<ReplyBody>>> {
    let apps = gateway.platform.apps.iter().enumerate();
    let with_name = apps.filter(|(_, running)| {
        app.is_none_or(|app| running.app.name == app) && running.app.function(name).is_some()
    });
    let owners: Vec<(usize, &str)> =
        with_name.map(|(index, running)| (index, running.app.name.as_str())).collect();
    match owners[..] {
        [] => Err(Box::new(reply::empty(StatusCode::NOT_FOUND))),
        [(index, _)] => Ok(index),
        _ => {
            let paths: Vec<_> =
                owners.iter().map(|(_, app)| format!("/admin/functions/{app}/{name}")).collect();
            let text =
                format!("{name} is a function of several apps; use {}\n", paths.join(" or "));
            Err(Box::new(reply::text(StatusCode::CONFLICT, text)))
        }
    }
}
