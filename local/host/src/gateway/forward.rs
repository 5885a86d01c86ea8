//! Forwarded calls: a copy of the request as the real host rebuilds it, with the damage that does (host
//! `HttpRequestExtensions.ToHttpRequestMessage`). Nothing is tried twice, and the handler is not told when the client
//! leaves.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version,
    header::{
        ALLOW, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
        CONTENT_LOCATION, CONTENT_RANGE, EXPIRES, LAST_MODIFIED, TRANSFER_ENCODING, USER_AGENT,
    },
    request::Parts,
    uri::PathAndQuery,
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use tokio::time::timeout;

use super::{Call, headers, proxy};
use crate::{
    Mode,
    handler::{HandlerBody, Lease, Unavailable, empty_body},
    http::{ReplyBody, add_host_headers, body, reply},
    invocation::REPLY_MAX_BYTES,
    invocation::TIMEOUT_GRACE,
    invoker::user_agent,
    query,
};

/// Headers that .NET counts to the content; the host copies only length and type of them.
const CONTENT_HEADERS: [HeaderName; 9] = [
    ALLOW,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LOCATION,
    HeaderName::from_static("content-md5"),
    CONTENT_RANGE,
    EXPIRES,
    LAST_MODIFIED,
];

pub(super) async fn answer(mut call: Call, request: Request<Incoming>) -> Response<ReplyBody> {
    let limit_bytes = call.app().body_max_bytes;
    let length = proxy::declared_length(request.headers()).unwrap_or(0);
    if length > limit_bytes {
        return proxy::too_large(&mut call);
    }
    if length == 0 && request.headers().contains_key(TRANSFER_ENCODING) {
        let why = "a chunked body cannot be forwarded; set enableProxyingHttpRequest in host.json instead";
        return failed(&mut call, why.to_owned());
    }
    let (parts, sent) = request.into_parts();
    let body = match length {
        0 => Bytes::new(),
        _ => match body::read(sent, limit_bytes).await {
            Ok(body) => body,
            Err(error) => return proxy::unread(&mut call, &error),
        },
    };
    call.input.see(&body);
    // The handler is not told of a client that leaves: the call goes on by itself.
    let task = tokio::spawn(async move { exchange(call, parts, body).await });
    task.await.unwrap_or_else(|_| reply::empty(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn exchange(mut call: Call, parts: Parts, body: Bytes) -> Response<ReplyBody> {
    let lease = match call.app().pool.acquire().await {
        Ok(lease) => lease,
        Err(Unavailable::Stopped(why)) => return proxy::stopped(&mut call, &why),
        Err(Unavailable::Gone) => {
            return failed(&mut call, "connection refused: the handler has left".to_owned());
        }
    };
    let sent = send(&call, &lease, parts, body);
    let answered = match call.app().app.host_json.function_timeout {
        None => sent.await,
        Some(limit) => match timeout(limit + TIMEOUT_GRACE, sent).await {
            Ok(answered) => answered,
            Err(_) => {
                lease.recycle();
                lease.death_noticed().await;
                Err("functionTimeout passed; the handler is restarted".to_owned())
            }
        },
    };
    match answered {
        Ok((mut head, body)) => {
            headers::remove_hop_by_hop(&mut head.headers);
            head.version = Version::HTTP_11;
            call.output.announced(&head.headers);
            call.output.see(&body);
            call.answering(head.status);
            call.answered();
            Response::from_parts(
                head,
                Full::new(body).map_err(|never| match never {}).boxed_unsync(),
            )
        }
        Err(why) => failed(&mut call, why),
    }
}

/// The handler's whole answer.
async fn send(
    call: &Call,
    lease: &Lease,
    parts: Parts,
    body: Bytes,
) -> Result<(http::response::Parts, Bytes), String> {
    let request = rebuilt(call, &parts.headers, &parts.method, body);
    let target = target(call, &parts)?;
    let response = match lease.client().send(request, target).await {
        Ok(response) => response,
        Err(error) => {
            lease.death_noticed().await;
            return Err(error.to_string());
        }
    };
    let (head, body) = response.into_parts();
    let body = Limited::new(body, REPLY_MAX_BYTES).collect().await;
    Ok((head, body.map_err(|error| format!("the handler's answer broke off: {error}"))?.to_bytes()))
}

fn rebuilt(
    call: &Call,
    sent: &HeaderMap,
    method: &http::Method,
    body: Bytes,
) -> Request<HandlerBody> {
    let mut headers = sent.clone();
    headers::remove_hop_by_hop(&mut headers);
    CONTENT_HEADERS.iter().for_each(|name| drop(headers.remove(name)));
    if body.is_empty() {
        headers.remove(CONTENT_LENGTH);
    }
    add_host_headers(&mut headers, call.id, &call.trace);
    headers.insert(USER_AGENT, with_host_product(sent.get(USER_AGENT)));
    let has_body = !body.is_empty();
    let full = || Full::new(body).map_err(|never| match never {}).boxed_unsync();
    let mut request = Request::new(if has_body { full() } else { empty_body() });
    *request.method_mut() = method.clone();
    *request.headers_mut() = headers;
    request
}

/// The host's own product stands behind the client's.
fn with_host_product(client: Option<&HeaderValue>) -> HeaderValue {
    let Some(client) = client else { return user_agent() };
    let joined = [client.as_bytes(), b" ", user_agent().as_bytes()].concat();
    HeaderValue::from_bytes(&joined).unwrap_or_else(|_| user_agent())
}

fn target(call: &Call, parts: &Parts) -> Result<PathAndQuery, String> {
    let path = match call.function.mode {
        Mode::ForwardedToName => format!("/{}", call.function.name),
        _ => parts.uri.path().to_owned(),
    };
    let target = path + &rebuilt_query(parts.uri.query().unwrap_or_default());
    target.parse().map_err(|_| "the rebuilt address is not one that HTTP can carry".to_owned())
}

/// The query as the host writes it again: repeated keys are joined with commas, everything is escaped anew.
fn rebuilt_query(query: &str) -> String {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (key, value) in query::pairs(query) {
        match joined.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&key)) {
            Some((_, values)) => values.extend([",", &value]),
            None => joined.push((key, value)),
        }
    }
    let escaped = |(key, value): &(String, String)| {
        format!("{}={}", query::escape(key), query::escape(value))
    };
    let pairs: Vec<_> = joined.iter().map(escaped).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn failed(call: &mut Call, why: String) -> Response<ReplyBody> {
    call.failed(StatusCode::INTERNAL_SERVER_ERROR, why);
    reply::empty(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_query_keys_are_joined_with_an_escaped_comma() {
        assert_eq!(rebuilt_query("a=1&a=2"), "?a=1%2C2");
        assert_eq!(rebuilt_query("q=a+b&x=%C3%BC&flag"), "?q=a%20b&x=%C3%BC&flag=");
        assert_eq!(rebuilt_query(""), "");
    }

    #[test]
    fn the_hosts_product_stands_behind_the_clients() {
        let client = HeaderValue::from_static("curl/8");
        let expected = format!("curl/8 Azure-Functions-Host/{}", crate::http::HOST_VERSION);
        assert_eq!(with_host_product(Some(&client)), expected.as_str());
    }
}
