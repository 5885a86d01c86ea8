//! The part of a webhook that is the same for events and for blobs: handshakes, and what a notification holds.

use http::Method;
use serde_json::{Value, json};

use super::{WebhookReply, WebhookRequest};

/// Origins that a CloudEvents handshake echoes; any other is answered with the first.
const ORIGINS: [&str; 5] = [
    "eventgrid.azure.net",
    "eventgrid.azure.us",
    "eventgrid.azure.cn",
    "eventgrid.azure.eaglex.ic.gov",
    "eventgrid.azure.microsoft.scloud",
];

/// What a request to a webhook is.
pub(crate) enum Judged {
    /// Something that is answered without a function.
    Answer(WebhookReply),
    /// Events to deliver.
    Events(Vec<Value>),
}

/// Tells handshakes, notifications and mistakes apart by method and `aeg-event-type`, whose value ignores case.
pub(crate) fn judge(request: &WebhookRequest<'_>) -> Judged {
    if request.method == Method::OPTIONS {
        return Judged::Answer(allow_origin(request));
    }
    let kind = request
        .headers
        .get("aeg-event-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "subscriptionvalidation" => Judged::Answer(validate(request.body)),
        "notification" => match serde_json::from_slice(request.body) {
            Ok(Value::Array(events)) => Judged::Events(events),
            Ok(event @ Value::Object(_)) => Judged::Events(vec![event]),
            Ok(_) => Judged::Answer(WebhookReply::text(
                500,
                "the notification is neither array nor object".to_owned(),
            )),
            Err(error) => Judged::Answer(WebhookReply::text(
                500,
                format!("the notification is not JSON: {error}"),
            )),
        },
        "unsubscribe" => Judged::Answer(WebhookReply::empty(202)),
        _ => Judged::Answer(WebhookReply::empty(400)),
    }
}

fn allow_origin(request: &WebhookRequest<'_>) -> WebhookReply {
    let asked = request
        .headers
        .get("webhook-request-origin")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let allowed =
        ORIGINS.iter().find(|origin| origin.eq_ignore_ascii_case(asked)).unwrap_or(&ORIGINS[0]);
    let headers = vec![("Webhook-Allowed-Origin", (*allowed).to_owned())];
    WebhookReply { headers, ..WebhookReply::empty(200) }
}

/// The code is in the first event of an array or, when the body is one event, in its `data`, which is then a string
/// that holds JSON.
fn validate(body: &[u8]) -> WebhookReply {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = match &body {
        Value::Array(_) => body.pointer("/0/data/validationCode").cloned(),
        _ => body.get("data").and_then(Value::as_str).and_then(|text| {
            serde_json::from_str::<Value>(text)
                .ok()
                .and_then(|data| data.get("validationCode").cloned())
        }),
    };
    match code {
        Some(code) => WebhookReply::text(200, json!({ "validationResponse": code }).to_string()),
        None => {
            WebhookReply::text(500, "the validation event holds no data.validationCode".to_owned())
        }
    }
}
