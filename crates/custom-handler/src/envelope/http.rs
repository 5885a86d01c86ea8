use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use function_json::RouteParams;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

use super::EnvelopeError;
use crate::outputs::looks_like_a_date;

/// The client's request inside an envelope (`HttpRequestExtensions.cs` of the host).
#[derive(Debug)]
pub(crate) struct WrappedRequest {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) params: RouteParams,
    pub(crate) body: Bytes,
}

pub(crate) fn decode_request(value: &Value) -> Result<WrappedRequest, EnvelopeError> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let wrong = |problem: &str| EnvelopeError(format!("the wrapped request: {problem}"));
    let method = text("Method").and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let (path, query) = split_url(text("Url").unwrap_or_default());
    let headers = decode_headers(value.get("Headers"));
    let body = decode_body(value.get("Body"), &headers).map_err(|problem| wrong(&problem))?;
    Ok(WrappedRequest {
        method: method.ok_or_else(|| wrong("`Method` is missing or no method"))?,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        params: decode_params(value.get("Params")),
        body,
    })
}

/// Path and query of an absolute URL.
fn split_url(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = after_scheme.find('/').map_or("/", |slash| &after_scheme[slash..]);
    target.split_once('?').unwrap_or((target, ""))
}

fn decode_headers(headers: Option<&Value>) -> HeaderMap {
    let mut decoded = HeaderMap::new();
    for (name, values) in headers.and_then(Value::as_object).into_iter().flatten() {
        let Ok(name) = HeaderName::try_from(name.as_str()) else { continue };
        let values = values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice);
        for value in values.iter().filter_map(Value::as_str) {
            if let Ok(value) = HeaderValue::try_from(value) {
                decoded.append(name.clone(), value);
            }
        }
    }
    decoded
}

/// An optional parameter that the path left out is null.
fn decode_params(params: Option<&Value>) -> RouteParams {
    let params = params.and_then(Value::as_object).into_iter().flatten();
    params.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

fn decode_body(body: Option<&Value>, headers: &HeaderMap) -> Result<Bytes, String> {
    let content_type =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_ascii_lowercase();
    let is_base64 =
        content_type.starts_with("application/octet-stream") || content_type.contains("multipart/");
    match body {
        None | Some(Value::Null) => Ok(Bytes::new()),
        Some(Value::String(text)) if is_base64 => STANDARD
            .decode(text)
            .map(Bytes::from)
            .map_err(|error| format!("`Body` is not base64: {error}")),
        Some(Value::String(text)) => Ok(Bytes::from(text.clone())),
        Some(other) => Ok(Bytes::from(other.to_string())),
    }
}

/// An answer as the value of an `http` output (`HttpBinding.cs` of the host): single strings for
/// headers and a string for the body, which is all it carries.
pub(crate) fn encode_response(response: &http::Response<Bytes>) -> Result<Value, EnvelopeError> {
    let cannot =
        |problem: String| EnvelopeError(format!("putting the answer into an envelope: {problem}"));
    let mut headers = Map::new();
    for name in response.headers().keys() {
        let values: Vec<&HeaderValue> = response.headers().get_all(name).iter().collect();
        if values.len() > 1 && name == SET_COOKIE {
            return Err(cannot(
                "it has several Set-Cookie headers and the host carries one".to_owned(),
            ));
        }
        let values: Result<Vec<&str>, _> = values.iter().map(|value| value.to_str()).collect();
        let value =
            values.map_err(|_| cannot(format!("header {name} is not visible ASCII")))?.join(", ");
        headers.insert(name.as_str().to_owned(), Value::String(value));
    }
    let body = std::str::from_utf8(response.body()).map_err(|_| {
        cannot(
            "its body is not text; a function without further bindings can send bytes".to_owned(),
        )
    })?;
    if looks_like_a_date(body) {
        return Err(cannot(
            "its body is just a date, which the host would rewrite; send it as JSON".to_owned(),
        ));
    }
    let mut value = json!({ "statusCode": response.status().as_u16(), "headers": headers });
    if !body.is_empty() {
        value["body"] = Value::String(body.to_owned());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_url_gives_path_and_query() {
        assert_eq!(
            split_url("http://localhost:7071/api/orders/5?x=1?y"),
            ("/api/orders/5", "x=1?y")
        );
        assert_eq!(split_url("https://a.example"), ("/", ""));
        assert_eq!(split_url("/api"), ("/api", ""));
    }

    #[test]
    fn a_body_is_base64_only_for_binary_types() {
        let request = |content_type: &str, body: Value| {
            let value = json!({ "Url": "http://h/p", "Method": "PUT", "Headers": { "Content-Type": [content_type] },
                "Params": { "id": "5", "rest": null }, "Body": body });
            decode_request(&value)
        };
        assert_eq!(request("text/plain", json!("aGk=")).unwrap().body.as_ref(), b"aGk=");
        assert_eq!(
            request("application/octet-stream", json!("aGk=")).unwrap().body.as_ref(),
            b"hi"
        );
        assert_eq!(
            request("multipart/form-data; boundary=x", json!("aGk=")).unwrap().body.as_ref(),
            b"hi"
        );
        assert!(request("application/octet-stream", json!("hi!")).is_err());
        let params = request("text/plain", Value::Null).unwrap().params;
        assert_eq!((params.get("id"), params.get("rest")), (Some("5"), None));
    }

    #[test]
    fn an_answer_becomes_an_object_with_single_strings() {
        let response = http::Response::builder()
            .status(201)
            .header("vary", "a")
            .header("vary", "b")
            .body(Bytes::from_static(b"{}"))
            .unwrap();
        assert_eq!(
            encode_response(&response).unwrap(),
            json!({ "statusCode": 201, "headers": { "vary": "a, b" }, "body": "{}" })
        );
        let empty = http::Response::builder().status(204).body(Bytes::new()).unwrap();
        assert_eq!(encode_response(&empty).unwrap(), json!({ "statusCode": 204, "headers": {} }));
    }

    #[test]
    fn what_the_host_cannot_carry_is_refused() {
        let response =
            |body: &'static [u8]| http::Response::builder().body(Bytes::from_static(body)).unwrap();
        assert!(encode_response(&response(b"\xff\xfe")).is_err());
        assert!(encode_response(&response(b"2026-01-02T03:04:05Z")).is_err());
        let cookies = http::Response::builder()
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .body(Bytes::new())
            .unwrap();
        assert!(encode_response(&cookies).is_err());
    }
}
