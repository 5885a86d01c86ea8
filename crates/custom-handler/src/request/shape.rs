//! Reading JSON into types, with errors that name the place.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::problem::{Problem, problems};

/// Reads JSON text. 400 `invalid-json` with line and column when it is not JSON, 422
/// `invalid-body` with a JSON pointer when it has another shape.
pub(crate) fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        if error.inner().is_data() {
            misshapen(error.path(), error.inner())
        } else {
            not_json(body, error.inner())
        }
    })?;
    deserializer.end().map_err(|error| not_json(body, &error))?;
    Ok(value)
}

/// Reads a JSON value. 422 `invalid-body` with a JSON pointer when it has another shape.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| misshapen(error.path(), error.inner()))
}

fn not_json(body: &[u8], error: &serde_json::Error) -> Problem {
    let detail = if body.is_empty() {
        "the body is empty; send a JSON document".to_owned()
    } else {
        format!(
            "line {}, column {}: {}; correct the JSON there",
            error.line(),
            error.column(),
            bare(error)
        )
    };
    Problem::of(&problems::INVALID_JSON).detail(detail)
}

fn misshapen(path: &Path, error: &serde_json::Error) -> Problem {
    let problem = bare(error);
    Problem::of(&problems::INVALID_BODY)
        .detail("correct the places named in `errors`")
        .pointer(pointer(path, &problem), problem)
}

/// The message without the position that serde_json appends.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

fn pointer(path: &Path, problem: &str) -> String {
    let mut pointer = String::new();
    let mut last = None;
    for segment in path.iter() {
        let token = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            // A variant is no step in the document, and `Unknown` marks the end.
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer = format!("{pointer}/{}", escape(&token));
        last = Some(token);
    }
    // For a member that is missing or not known serde stops at the object around it.
    match named_member(problem) {
        Some(member) if last.as_deref() != Some(member) => format!("{pointer}/{}", escape(member)),
        _ => pointer,
    }
}

fn named_member(problem: &str) -> Option<&str> {
    let rest = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|p| problem.strip_prefix(p))?;
    rest.split_once('`').map(|(member, _)| member)
}

/// RFC 6901, section 3.
fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Person {
        name: String,
        #[serde(default)]
        address: Option<Address>,
        #[serde(default)]
        tags: Vec<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Address {
        #[serde(rename = "a/b")]
        odd: u8,
    }

    /// Status, pointer and detail of what was refused.
    fn refused(body: &str) -> (u16, String, String) {
        let problem = from_slice::<Person>(body.as_bytes()).unwrap_err().to_json("", None);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let status = problem["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_default();
        match problem.get("errors") {
            Some(errors) => (status, text(&errors[0]["pointer"]), text(&errors[0]["detail"])),
            None => (status, String::new(), text(&problem["detail"])),
        }
    }

    #[test]
    fn a_wrong_shape_names_the_place_by_pointer() {
        let cases = [
            (r#"{"name":7}"#, "/name"),
            (r#"{"name":"a","tags":[1,300]}"#, "/tags/1"),
            (r#"{"name":"a","tags":{}}"#, "/tags"),
            (r#"{"name":"a","address":{"a/b":"x"}}"#, "/address/a~1b"),
            (r#"{"name":"a","address":{}}"#, "/address/a~1b"),
            (r#"{"name":"a","extra":1}"#, "/extra"),
            (r#"{"name":"a","address":{"a/b":1,"zip":1}}"#, "/address/zip"),
            (r#"{"name":"a","name":"b"}"#, "/name"),
            (r"{}", "/name"),
            ("7", ""),
        ];
        for (body, place) in cases {
            let (status, pointer, detail) = refused(body);
            assert_eq!((status, pointer.as_str()), (422, place), "{body}: {detail}");
            assert!(!detail.contains(" at line "), "{detail}");
        }
    }

    #[test]
    fn text_that_is_not_json_names_line_and_column() {
        for (body, place) in [
            ("{\n \"name\": }", "line 2, column 10"),
            ("{\"name\":\"a\"} x", "line 1, column 14"),
            ("{", "line 1, column 1"),
        ] {
            let (status, _, detail) = refused(body);
            assert_eq!(status, 400, "{body}: {detail}");
            assert!(detail.contains(place), "{body}: {detail}");
        }
        assert_eq!(refused("").2, "the body is empty; send a JSON document");
        assert_eq!(refused(&"[".repeat(1000)).0, 422);
    }
}
