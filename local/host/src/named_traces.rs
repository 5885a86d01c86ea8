//! The traces that a trigger's input names: a message or a document that carries the `traceparent` of who wrote it.
//! Handlers get no trace of it from the real host and take it from the payload; so does the page, to show an invocation
//! in the trace that it works for.

use memchr::memmem::Finder;

use crate::trace_ids::SpanContext;

/// The property that is looked for.
const PROPERTY: &str = "traceparent";

/// How many characters may stand between the property and its value: quotes, a colon, spaces, and the backslashes of
/// a JSON text within a JSON text.
const GAP_MAX_BYTES: usize = 24;

/// How many spans of one input are remembered: a page of a change feed has up to 100 documents.
const SPANS_MAX: usize = 128;

/// The length of a `traceparent` of version 00.
const VALUE_BYTES: usize = 55;

/// The spans that `input` names, each once.
pub(crate) fn in_input(input: &[u8]) -> Vec<SpanContext> {
    let mut spans: Vec<SpanContext> = Vec::new();
    for at in Finder::new(PROPERTY).find_iter(input) {
        if spans.len() == SPANS_MAX {
            break;
        }
        if let Some(span) = span_after(&input[at + PROPERTY.len()..])
            && !spans.contains(&span)
        {
            spans.push(span);
        }
    }
    spans
}

/// The span in `…": "00-<trace>-<span>-01"`.
fn span_after(rest: &[u8]) -> Option<SpanContext> {
    let gap = rest.iter().take(GAP_MAX_BYTES).position(u8::is_ascii_hexdigit)?;
    let value = rest.get(gap..gap + VALUE_BYTES)?;
    SpanContext::parse(std::str::from_utf8(value).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIRST: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const SECOND: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn found(input: &str) -> Vec<String> {
        in_input(input.as_bytes()).iter().map(SpanContext::traceparent).collect()
    }

    #[test]
    fn traces_are_found_in_json_and_in_json_within_json() {
        let event = json!({ "specversion": "1.0", "traceparent": FIRST }).to_string();
        assert_eq!(found(&event), [FIRST]);
        let documents = json!([{ "traceparent": FIRST }, { "traceparent": SECOND }]);
        let pretty = serde_json::to_string_pretty(&documents).unwrap();
        let envelope = json!({ "Data": { "a": event, "b": json!(pretty).to_string() } });
        assert_eq!(found(&envelope.to_string()), [FIRST, SECOND]);
    }

    #[test]
    fn what_is_no_trace_is_left_alone() {
        for text in [
            "",
            "traceparent",
            r#"{"traceparent":null}"#,
            r#"{"traceparent":"00-0-0-0"}"#,
            r#"{"traceparent":"00-00000000000000000000000000000000-00f067aa0ba902b7-01"}"#,
            r#"{"traceparent":"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"}"#,
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
