//! `httpTrigger` through the envelope: the mode of every HTTP function with a binding more than trigger and reply.
//! Source: `HttpRequestExtensions.cs` of the host, `HttpTriggerAttributeBindingProvider.cs` of the HTTP extension.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{BindingData, Envelope, HostValue};
use crate::query;

/// The query parameter that carries a key, which is not handed on as metadata.
const KEY_PARAMETER: &str = "code";

/// A client's request as the gateway matched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method, upper-case.
    pub method: String,
    /// The whole URL with its query, as the client asked: scheme and host are those of the gateway.
    pub url: String,
    /// Name and value of each header, in the order received; repeated names are repeated here.
    pub headers: Vec<(String, String)>,
    /// The route's values, `None` for an optional parameter that is not there.
    pub params: Vec<(String, Option<String>)>,
    /// The body, read whole.
    pub body: Vec<u8>,
    /// The `Content-Length` header: **without a positive one the handler sees no body**, as with chunked requests.
    pub content_length: Option<u64>,
}

/// The envelope of an HTTP request.
pub fn http_request(name: &str, request: &HttpRequest) -> Envelope {
    let query = joined(&query::pairs(query_of(&request.url)));
    let headers = grouped(&request.headers);
    let body = body_text(request, &headers);
    let mut data = BindingData::default();
    data.set("Query", HostValue::Json(Value::Object(strings(&query))));
    let first_values: Vec<_> =
        headers.iter().map(|(name, values)| (name.clone(), values.join(","))).collect();
    data.set("Headers", HostValue::Json(Value::Object(strings(&first_values))));
    for (key, value) in query.iter().filter(|(key, _)| !key.eq_ignore_ascii_case(KEY_PARAMETER)) {
        data.set(key, HostValue::Text(value.clone()));
    }
    for (key, value) in &request.params {
        data.set_some(key, value.clone().map(HostValue::Text));
    }
    if let Some(text) = &body {
        data.merge_payload(text);
    }
    Envelope::new(name, HostValue::Json(request_object(request, &query, &headers, body)), data)
}

fn request_object(
    request: &HttpRequest,
    query: &[(String, String)],
    headers: &[(String, Vec<String>)],
    body: Option<String>,
) -> Value {
    let headers: Map<String, Value> =
        headers.iter().map(|(name, values)| (name.clone(), json!(values))).collect();
    let params: Map<String, Value> =
        request.params.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut object = Map::new();
    object.insert("Url".into(), request.url.clone().into());
    object.insert("Method".into(), request.method.clone().into());
    object.insert("Query".into(), Value::Object(strings(query)));
    object.insert("Headers".into(), Value::Object(headers));
    object.insert("Params".into(), Value::Object(params));
    object.insert("Identities".into(), json!([anonymous()]));
    if let Some(body) = body {
        object.insert("Body".into(), body.into());
    }
    Value::Object(object)
}

/// The text of the body; binary content types as base64.
fn body_text(request: &HttpRequest, headers: &[(String, Vec<String>)]) -> Option<String> {
    request.content_length.filter(|length| *length > 0)?;
    let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type =
        content_type.and_then(|(_, values)| values.first()).map(|text| text.to_ascii_lowercase());
    let is_binary = content_type.is_some_and(|text| {
        text.split(';').next().is_some_and(|media| media.trim() == "application/octet-stream")
            || text.contains("multipart/")
    });
    Some(match is_binary {
        true => STANDARD.encode(&request.body),
        false => String::from_utf8_lossy(&request.body).into_owned(),
    })
}

/// What stands between the question mark and the fragment.
fn query_of(url: &str) -> &str {
    let without_fragment = url.split_once('#').map_or(url, |(url, _)| url);
    without_fragment.split_once('?').map_or("", |(_, query)| query)
}

/// Repeated keys become one, their values joined with commas.
fn joined(pairs: &[(String, String)]) -> Vec<(String, String)> {
    grouped(pairs).into_iter().map(|(key, values)| (key, values.join(","))).collect()
}

/// Values by key; keys ignore case and keep their first spelling.
fn grouped(pairs: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in pairs {
        match groups.iter_mut().find(|(existing, _)| existing.eq_ignore_ascii_case(key)) {
            Some((_, values)) => values.push(value.clone()),
            None => groups.push((key.clone(), vec![value.clone()])),
        }
    }
    groups
}

fn strings(pairs: &[(String, String)]) -> Map<String, Value> {
    pairs.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect()
}

/// The claims identity of a caller without a key.
fn anonymous() -> Value {
    json!({
        "AuthenticationType": null,
        "IsAuthenticated": false,
        "Actor": null,
        "BootstrapContext": null,
        "Claims": [],
        "Label": null,
        "Name": null,
        "NameClaimType": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "RoleClaimType": "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Stamp;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn request(url: &str) -> HttpRequest {
        HttpRequest {
            method: "GET".into(),
            url: url.into(),
            headers: Vec::new(),
            params: Vec::new(),
            body: Vec::new(),
            content_length: None,
        }
    }

    fn built(request: &HttpRequest) -> (Value, Value) {
        let stamp = Stamp { function: "F", utc_now: Timestamp::UNIX_EPOCH, random: Uuid::nil() };
        let body: Value =
            serde_json::from_slice(&http_request("req", request).body(&stamp, None)).unwrap();
        (body["Data"]["req"].clone(), body["Metadata"].clone())
    }

    #[test]
    fn repeated_query_keys_are_joined_and_the_key_parameter_is_no_metadata() {
        let (seen, metadata) = built(&request("http://h/a?a=1&A=2&b=x%20y+z&flag&code=KEY#frag"));
        assert_eq!(seen["Query"], json!({"a": "1,2", "b": "x y z", "flag": "", "code": "KEY"}));
        assert_eq!(metadata["a"], json!("\"1,2\""));
        assert_eq!(metadata["b"], json!("\"x y z\""));
        assert_eq!(metadata.get("code"), None);
    }

    #[test]
    fn repeated_headers_are_an_array() {
        let mut repeated = request("http://h/");
        repeated.headers = vec![("X-A".into(), "1".into()), ("x-a".into(), "2".into())];
        assert_eq!(built(&repeated).0["Headers"], json!({"X-A": ["1", "2"]}));
    }

    #[test]
    fn an_optional_parameter_that_is_not_there_is_null_and_no_metadata() {
        let mut optional = request("http://h/");
        optional.params = vec![("id".into(), None)];
        let (seen, metadata) = built(&optional);
        assert_eq!(seen["Params"], json!({"id": null}));
        assert_eq!(metadata.get("id"), None);
    }

    #[test]
    fn a_body_without_a_positive_length_vanishes() {
        let mut chunked = request("http://h/");
        chunked.body = b"{\"n\":1}".to_vec();
        for length in [None, Some(0)] {
            chunked.content_length = length;
            let (seen, metadata) = built(&chunked);
            assert_eq!(seen.get("Body"), None);
            assert_eq!(metadata.get("n"), None);
        }
    }

    #[test]
    fn binary_bodies_are_base64_and_others_are_plain_text() {
        for (content_type, expected) in [
            ("application/octet-stream", "aGk="),
            ("multipart/form-data; boundary=x", "aGk="),
            ("image/png", "hi"),
            ("text/plain", "hi"),
        ] {
            let mut sent = request("http://h/");
            sent.headers = vec![("Content-Type".into(), content_type.into())];
            sent.body = b"hi".to_vec();
            sent.content_length = Some(2);
            assert_eq!(built(&sent).0["Body"], json!(expected), "{content_type}");
        }
    }

    #[test]
    fn a_field_or_parameter_called_trigger_is_dropped() {
        let (_, metadata) = built(&request("http://h/?trigger=1&myTrigger=2&x=3"));
        assert_eq!(
            metadata.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["Query", "Headers", "x", "sys"]
        );
    }
}
