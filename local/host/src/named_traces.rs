//! The traces that a trigger's input names: a message or a document that carries the `traceparent` of who wrote it.
//! Handlers get no trace of it from the real host and take it from the payload; so does the page.

use memchr::memmem::Finder;

/// The property that is looked for.
const PROPERTY: &str = "traceparent";

/// How many characters may stand between the property and its value: quotes, a colon, spaces, and the backslashes of
/// a JSON text within a JSON text.
const GAP_MAX_BYTES: usize = 24;

/// How many traces of one input are remembered: a page of a change feed has up to 100 documents.
const TRACES_MAX: usize = 128;

/// A trace id, 32 hexadecimal digits.
const ID_BYTES: usize = 32;

/// The ids of the traces that `input` names, each once.
pub(crate) fn in_input(input: &[u8]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for at in Finder::new(PROPERTY).find_iter(input) {
        if ids.len() == TRACES_MAX {
            break;
        }
        if let Some(id) = id_after(&input[at + PROPERTY.len()..])
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// The id in `…": "00-<id>-…`.
fn id_after(rest: &[u8]) -> Option<String> {
    let gap = rest.iter().take(GAP_MAX_BYTES).position(u8::is_ascii_hexdigit)?;
    let value = &rest[gap..];
    let (version, rest) = value.split_at_checked(3)?;
    let (id, rest) = rest.split_at_checked(ID_BYTES)?;
    let is_id = id.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
        && id.iter().any(|b| *b != b'0');
    let fits = version[2] == b'-' && rest.first() == Some(&b'-') && is_id;
    fits.then(|| String::from_utf8_lossy(id).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIRST: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SECOND: &str = "0af7651916cd43dd8448eb211c80319c";

    fn parent(id: &str) -> String {
        format!("00-{id}-00f067aa0ba902b7-01")
    }

    #[test]
    fn traces_are_found_in_json_and_in_json_within_json() {
        let event = json!({ "specversion": "1.0", "traceparent": parent(FIRST) }).to_string();
        assert_eq!(in_input(event.as_bytes()), [FIRST]);
        let documents =
            json!([{ "traceparent": parent(FIRST) }, { "traceparent": parent(SECOND) }]);
        let pretty = serde_json::to_string_pretty(&documents).unwrap();
        let envelope = json!({ "Data": { "a": event, "b": json!(pretty).to_string() } });
        assert_eq!(in_input(envelope.to_string().as_bytes()), [FIRST, SECOND]);
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
            assert!(in_input(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
