//! The trace that a message, an event or a document carries: CloudEvents have `traceparent` and `tracestate` among their
//! members, and so has whatever else of ours passes a trace on.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::envelope::Payload;
use crate::trace::TraceContext;

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    traceparent: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    tracestate: Option<Cow<'a, str>>,
}

/// Of one message, event or document.
pub(crate) fn carried(payload: &Payload) -> Option<TraceContext> {
    match payload {
        Payload::Json(value) => carried_by(value),
        _ => carried_in(&payload.bytes()),
    }
}

/// Of a trigger's value, which is a batch if it is an array: then of its only element. Of several each has its own trace.
pub(crate) fn carried_alone(payload: &Payload) -> Option<TraceContext> {
    match payload {
        Payload::Json(Value::Array(several)) => match several.as_slice() {
            [Value::String(body)] => {
                carried_in(body.as_bytes()).or_else(|| carried_in(&STANDARD.decode(body).ok()?))
            }
            [only] => carried_by(only),
            _ => None,
        },
        one => carried(one),
    }
}

pub(crate) fn carried_by(value: &Value) -> Option<TraceContext> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    TraceContext::parse(text("traceparent")?, text("tracestate"))
}

fn carried_in(json: &[u8]) -> Option<TraceContext> {
    let members: Members<'_> = serde_json::from_slice(json).ok()?;
    TraceContext::parse(&members.traceparent?, members.tracestate.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_trace_is_found_in_each_form_a_message_has() {
        let event = json!({ "id": "1", "traceparent": PARENT, "tracestate": "x=1", "data": {} });
        let text = event.to_string();
        let expected = TraceContext::parse(PARENT, Some("x=1"));
        for payload in [
            Payload::Json(event.clone()),
            Payload::Text(text.clone()),
            Payload::Bytes(text.clone().into()),
        ] {
            assert_eq!(carried(&payload), expected, "{payload}");
        }
        for only in [json!([event]), json!([text]), json!([STANDARD.encode(&text)])] {
            assert_eq!(carried_alone(&Payload::Json(only.clone())), expected, "{only}");
        }
    }

    #[test]
    fn several_have_no_trace_together_and_what_carries_none_has_none() {
        let event = json!({ "traceparent": PARENT });
        for none in [
            json!([event, event]),
            json!([]),
            json!({ "traceparent": 7 }),
            json!({ "traceparent": "00-1" }),
            json!("text"),
        ] {
            assert_eq!(carried_alone(&Payload::Json(none.clone())), None, "{none}");
        }
        assert_eq!(carried(&Payload::Text("no JSON".to_owned())), None);
    }
}
