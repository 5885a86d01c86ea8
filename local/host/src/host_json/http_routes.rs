//! `customHandler.http.routes`: functions of the newest hosts, declared in `host.json` without a `function.json`
//! (host `HttpWorkerFunctionProvider.cs`).

use function_json::{FunctionJson, FunctionJsonError};
use serde_json::json;

use super::{HostJsonError, Reader};

/// The methods such a function answers.
const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];

/// A route and who may call it.
#[derive(Clone, Debug)]
pub(crate) struct HttpRoute {
    route: String,
    level: String,
}

impl HttpRoute {
    /// The function that the host makes of it: trigger `req`, output `res`.
    pub(crate) fn to_function_json(&self) -> Result<FunctionJson, FunctionJsonError> {
        let json = json!({ "bindings": [
            { "type": "httpTrigger", "direction": "in", "name": "req", "route": self.route,
              "authLevel": self.level, "methods": METHODS },
            { "type": "http", "direction": "out", "name": "res" },
        ]});
        FunctionJson::parse(&json.to_string())
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<HttpRoute>, HostJsonError> {
    const KEY: &[&str] = &["customHandler", "http", "routes"];
    let default =
        reader.text(&["customHandler", "http", "defaultAuthorizationLevel"])?.unwrap_or("function");
    let Some(routes) = reader.get(KEY) else { return Ok(Vec::new()) };
    let remedy = "must be a list like [{\"route\": \"hello/{name}\"}]";
    let routes = routes.as_array().ok_or_else(|| reader.error(KEY, remedy))?;
    routes
        .iter()
        .map(|entry| {
            let text = |key: &str| {
                super::find(entry, &[key]).and_then(|value| value.as_str()).map(str::to_owned)
            };
            let route = text("route").ok_or_else(|| reader.error(KEY, remedy))?;
            if route.contains(' ') || route.contains("//") || route.contains("{}") {
                return Err(
                    reader.error(KEY, format!("holds {route:?}; remove spaces, `//` and `{{}}`"))
                );
            }
            let route = route.trim_start_matches('/').to_owned();
            Ok(HttpRoute {
                route,
                level: text("authorizationLevel").unwrap_or_else(|| default.to_owned()),
            })
        })
        .collect()
}
