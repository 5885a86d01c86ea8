//! Invoking a function with an input given by hand.

use std::time::Duration;

use askama::Template;
use bytes::Bytes;
use function_json::Trigger;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;

use super::Fields;
use crate::{
    exchanges::BodyHead,
    http::{ReplyBody, Trace},
    page::{
        Visit,
        answers::{self, Refusal},
        body_text::BodyText,
        frame::Frame,
        function,
    },
    triggers::{self, Delivered},
};

/// How long the page waits for the end; the invocation itself has its own limit.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Template)]
#[template(path = "invoked.html")]
struct Invoked {
    frame: Frame,
    app: String,
    function: String,
    /// `good` or `bad`.
    verdict: &'static str,
    result: String,
    body: Option<BodyText>,
    trace_id: Option<String>,
}

pub(super) async fn invoke(visit: &Visit, fields: &Fields) -> Result<Response<ReplyBody>, Refusal> {
    let (app, name) = (fields.need("app")?, fields.need("function")?);
    let (_, function) = function::find(visit, app, name)?;
    let invoked = match &function.json.trigger {
        Trigger::Http(_) => over_http(visit, fields, app, name).await?,
        _ => by_hand(visit, fields, app, name).await?,
    };
    answers::page(StatusCode::OK, &invoked)
}

/// As a client does it: through the gateway, with all its rules.
async fn over_http(
    visit: &Visit,
    fields: &Fields,
    app: &str,
    name: &str,
) -> Result<Invoked, Refusal> {
    let (method, path) = (fields.need("method")?, fields.need("path")?);
    if !path.starts_with('/') {
        return Err(Refusal::bad("a path begins with /"));
    }
    let input = fields.get("input").unwrap_or_default().to_owned();
    let trace = Trace::continued(None);
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", visit.page.platform.endpoints.gateway))
        .header("traceparent", trace.traceparent());
    if !input.is_empty() {
        let content_type = fields.get("contentType").unwrap_or("application/json");
        request = request.header(CONTENT_TYPE, content_type);
    }
    for line in
        fields.get("headers").unwrap_or_default().lines().filter(|line| !line.trim().is_empty())
    {
        let pair = line
            .split_once(':')
            .ok_or_else(|| Refusal::bad("write headers as `name: value`, one a line"))?;
        request = request.header(pair.0.trim(), pair.1.trim());
    }
    if let Some(keys) = &visit.page.keys {
        request = request.header("x-functions-key", &keys.master);
    }
    let request = request.body(Full::new(Bytes::from(input))).map_err(|error| {
        Refusal::bad(format_args!(
            "{error}; escape what may not stand in a path, and replace the parts in braces"
        ))
    })?;
    let operation = format!("calling {app}/{name}");
    let answer = visit.page.services.http().send(&operation, request).await;
    let answer = answer.map_err(Refusal::service)?;
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let body = BodyText::of(&BodyHead::of(content_type, answer.body()));
    let verdict = if answer.status().is_server_error() { "bad" } else { "good" };
    let result = format!("{method} {path} was answered with {}", answer.status());
    let trace_id = Some(trace.id().to_string());
    Ok(Invoked { body: Some(body), trace_id, ..told(visit, app, name, verdict, result) })
}

/// As `POST /admin/functions/<name>` does it, and waiting for the end.
async fn by_hand(
    visit: &Visit,
    fields: &Fields,
    app: &str,
    name: &str,
) -> Result<Invoked, Refusal> {
    let of_app = visit.page.triggers.iter().find(|triggers| triggers.runner.app == app);
    let target =
        of_app.and_then(|app| Some((app, app.targets.iter().find(|target| target.name == name)?)));
    let Some((triggers, target)) = target else {
        return Err(Refusal::bad("a disabled function is not invoked"));
    };
    let (runner, target) = (triggers.runner.clone(), target.clone());
    let input = fields.get("input").unwrap_or_default().to_owned();
    // It goes on when the page gives up.
    let running =
        tokio::spawn(async move { triggers::admin::invoke(&runner, &target, &input).await });
    let (verdict, result) = match tokio::time::timeout(PATIENCE, running).await {
        Err(_) => ("odd", format!("It is still running after {PATIENCE:?}; see the invocations.")),
        Ok(Ok(Ok(Delivered::Succeeded(_)))) => ("good", "It succeeded.".to_owned()),
        Ok(Ok(Ok(Delivered::Failed(reason)))) => ("bad", format!("It failed: {reason}")),
        Ok(Ok(Ok(Delivered::Stopped)) | Err(_)) => ("bad", "The host is stopping.".to_owned()),
        Ok(Ok(Err(error))) => return Err(Refusal::bad(error)),
    };
    Ok(told(visit, app, name, verdict, result))
}

fn told(visit: &Visit, app: &str, name: &str, verdict: &'static str, result: String) -> Invoked {
    Invoked {
        frame: Frame::new(visit, format!("{app}/{name} invoked"), "overview"),
        app: app.to_owned(),
        function: name.to_owned(),
        verdict,
        result,
        body: None,
        trace_id: None,
    }
}
