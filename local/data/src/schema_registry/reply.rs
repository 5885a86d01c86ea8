//! Answers of the registry.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use http_body_util::Full;
use serde_json::{Value, json};
use uuid::Uuid;

use super::registry::Found;

/// An answer, whole.
pub(super) type Reply = Response<Full<Bytes>>;

const JSON: &str = "application/json; charset=utf-8";

/// JSON.
pub(super) fn json(status: StatusCode, value: &Value) -> Reply {
    with_body(status, JSON, value.to_string())
}

/// Why something is not done. The reference documents `error`, the service has been seen to send `Code` and `Detail`: clients
/// read one or the other.
pub(crate) fn refused(status: StatusCode, why: &str) -> Reply {
    let code = status.as_u16();
    let detail = format!("SubCode={code}00, {why}. TrackingId:{}", Uuid::new_v4());
    let error = json!({ "code": code.to_string(), "message": detail });
    json(status, &json!({ "Code": code, "Detail": detail, "error": error }))
}

/// What is said of a version, without its schema.
pub(super) fn properties(found: &Found, host: &str, api_version: &str) -> Reply {
    about(with_body(StatusCode::NO_CONTENT, "", ""), found, host, api_version)
}

/// A version with its schema.
pub(super) fn schema(found: &Found, host: &str, api_version: &str) -> Reply {
    let content_type = found.schema_type.content_type();
    let reply = with_body(StatusCode::OK, content_type, found.version.text.clone());
    about(reply, found, host, api_version)
}

fn about(mut reply: Reply, found: &Found, host: &str, api_version: &str) -> Reply {
    let Found { group, schema, number, version, .. } = found;
    let at = |path: String| format!("http://{host}/$schemagroups/{path}?api-version={api_version}");
    let headers = [
        (LOCATION, at(format!("{group}/schemas/{schema}/versions/{number}"))),
        (HeaderName::from_static("schema-id"), version.id.clone()),
        (HeaderName::from_static("schema-id-location"), at(format!("$schemas/{}", version.id))),
        (HeaderName::from_static("schema-group-name"), group.clone()),
        (HeaderName::from_static("schema-name"), schema.clone()),
        (HeaderName::from_static("schema-version"), number.to_string()),
    ];
    for (name, value) in headers {
        // A name that no header can hold is left out.
        reply.headers_mut().extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
    }
    reply
}

fn with_body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    if !content_type.is_empty() {
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    reply
}
