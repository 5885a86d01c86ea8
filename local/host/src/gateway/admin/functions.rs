//! `GET /admin/functions…`: what is loaded.

use function_json::Trigger;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::super::Gateway;
use crate::{
    Function,
    http::{ReplyBody, reply},
    platform::RunningApp,
};

/// `GET /admin/functions`
pub(super) fn list(gateway: &Gateway) -> Response<ReplyBody> {
    let apps = gateway.platform.apps.iter();
    let functions = apps.flat_map(|running| {
        running.app.functions.iter().map(|function| metadata(gateway, running, function))
    });
    reply::json(StatusCode::OK, &functions.collect::<Vec<_>>())
}

/// `GET /admin/functions/<name>`
pub(super) fn one(
    gateway: &Gateway,
    running: &RunningApp,
    function: &Function,
) -> Response<ReplyBody> {
    reply::json(StatusCode::OK, &metadata(gateway, running, function))
}

/// `GET /admin/functions/<name>/status`: `{}`, or the errors of a function that could not be loaded.
pub(super) fn status(gateway: &Gateway, app: Option<&str>, name: &str) -> Response<ReplyBody> {
    let apps = || {
        gateway.platform.apps.iter().filter(|running| app.is_none_or(|app| running.app.name == app))
    };
    let broken = apps().flat_map(|running| &running.app.broken).find(|broken| broken.name == name);
    if let Some(broken) = broken {
        return reply::json(StatusCode::OK, &json!({ "errors": [broken.problem] }));
    }
    super::found(gateway, app, name, |_, _, _| reply::json(StatusCode::OK, &json!({})))
}

fn metadata(gateway: &Gateway, running: &RunningApp, function: &Function) -> Value {
    let origin = &gateway.platform.endpoints.gateway;
    let (app, name) = (&running.app.name, &function.name);
    json!({
        "name": name.as_str(),
        "app": app,
        "href": format!("{origin}/admin/functions/{app}/{name}"),
        "script_root_path_href": running.app.root.join(name.as_str()),
        "invoke_url_template": invoke_url(origin, running, function),
        "language": "Custom",
        "isDisabled": !function.enabled,
        "isDirect": false,
        "isProxy": false,
        "config": {
            "trigger": function.json.trigger.kind(),
            "name": function.json.trigger_name,
            "mode": format!("{:?}", function.mode).to_lowercase(),
        },
    })
}

fn invoke_url(origin: &str, running: &RunningApp, function: &Function) -> Option<String> {
    let Trigger::Http(http) = &function.json.trigger else { return None };
    let route = http.route.with_prefix(&running.app.host_json.route_prefix).ok()?;
    Some(format!("{origin}/{route}"))
}
