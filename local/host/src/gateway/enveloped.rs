//! HTTP functions that get the envelope: those with a binding more than trigger and reply, and all of an app that
//! neither proxies nor forwards.

use std::sync::Arc;

use function_json::Output;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::{Call, Gateway, attempts::Attempts, proxy};
use crate::{
    envelope::{self, http_request::HttpRequest},
    http::{ReplyBody, body, reply},
    invocation::Invoke,
    outputs::HttpReply,
    triggers::{Delivered, Event, Runner},
};

pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    mut call: Call,
    params: Vec<(String, Option<String>)>,
    request: Request<Incoming>,
) -> Response<ReplyBody> {
    let limit_bytes = call.app().body_max_bytes;
    if proxy::declared_length(request.headers()).is_some_and(|length| length > limit_bytes) {
        return proxy::too_large(&mut call);
    }
    if let Some(why) = call.app().pool.stopped() {
        return proxy::stopped(&mut call, &why);
    }
    let request = match whole(gateway, &mut call, params, request).await {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let target = call.function.target(&call.app().app.host_json);
    let has_answer = target.json.outputs.iter().any(|output| output.kind == Output::Http);
    let envelope = envelope::http_request(&target.json.trigger_name, &request);
    let runner = gateway.triggers[call.app_index].runner.clone();
    let attempts = Arc::new(Attempts::new(&gateway.platform, &call.trace));
    let runner = Runner { invoke: Arc::clone(&attempts) as Arc<dyn Invoke>, ..runner };
    let (about, place) = call.hand_over();
    let event = Event { trigger: "http", about, envelope };
    // The handler is not told of a client that leaves: the invocation goes on by itself.
    let delivery = async move {
        let _place = place;
        let response = response(runner.deliver(&target, &event).await, has_answer);
        attempts.answer(response.status());
        response
    };
    tokio::spawn(delivery).await.unwrap_or_else(|_| to_response(HttpReply::failure()))
}

fn response(delivered: Delivered, has_answer: bool) -> Response<ReplyBody> {
    match delivered {
        Delivered::Succeeded(Some(answer)) => to_response(answer),
        Delivered::Succeeded(None) if !has_answer => reply::empty(StatusCode::NO_CONTENT),
        Delivered::Succeeded(None) | Delivered::Failed(_) | Delivered::Stopped => {
            to_response(HttpReply::failure())
        }
    }
}

/// The request, read whole.
async fn whole(
    gateway: &Gateway,
    call: &mut Call,
    params: Vec<(String, Option<String>)>,
    request: Request<Incoming>,
) -> Result<HttpRequest, Box<Response<ReplyBody>>> {
    let (parts, sent) = request.into_parts();
    let body = match body::read(sent, call.app().body_max_bytes).await {
        Ok(body) => body.to_vec(),
        Err(error) => return Err(Box::new(proxy::unread(call, &error))),
    };
    Ok(HttpRequest {
        method: parts.method.to_string(),
        url: url(gateway, &parts),
        headers: texts(&parts.headers),
        params,
        body,
        content_length: proxy::declared_length(&parts.headers),
    })
}

/// The whole URL, as the client asked for it.
fn url(gateway: &Gateway, parts: &http::request::Parts) -> String {
    let host = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
    let origin = host.map_or_else(
        || gateway.platform.endpoints.gateway.clone(),
        |host| format!("http://{host}"),
    );
    format!("{origin}{}", parts.uri.path_and_query().map_or("/", |target| target.as_str()))
}

/// Names in the spelling of HTTP/1.1, which arrives here in lower case: what handlers see in Azure.
fn texts(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        (spelled(name.as_str()), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    headers.iter().map(text).collect()
}

fn spelled(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut start = true;
    for c in name.chars() {
        spelled.push(if start { c.to_ascii_uppercase() } else { c });
        start = c == '-';
    }
    spelled
}

fn to_response(answer: HttpReply) -> Response<ReplyBody> {
    let Ok(status) = StatusCode::from_u16(answer.status) else {
        return reply::empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = reply::bytes(status, answer.body);
    for (name, value) in answer.headers {
        // The output rules have refused what no header can hold.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_spelled_as_handlers_see_them_in_azure() {
        assert_eq!(spelled("content-type"), "Content-Type");
        assert_eq!(spelled("x-functions-key"), "X-Functions-Key");
    }
}
