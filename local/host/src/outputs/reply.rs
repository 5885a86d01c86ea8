//! The reply to an enveloped invocation: `{"Outputs":{…},"Logs":[…],"ReturnValue":…}`.

use serde_json::{Map, Value};

/// Media types that the host parses as JSON.
const JSON_TYPES: [&str; 2] = ["application/json", "text/json"];

/// What the host makes of a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The handler succeeded.
    Done(HandlerResult),
    /// **A 2xx reply with nothing in it never ends**: the host waits until `functionTimeout`, fails the invocation and
    /// kills the handler.
    Hang,
    /// The invocation failed.
    Failed(ReplyError),
}

/// Why a reply counts as a failure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Any status that is not 2xx, whatever the body says.
    #[error("the handler answered {0}")]
    Status(u16),
    /// A body without `Content-Type: application/json`.
    #[error(
        "the handler's reply has content type {found}; answer with `Content-Type: application/json`"
    )]
    ContentType {
        /// The header, or `none`.
        found: String,
    },
    /// A body that is not JSON.
    #[error("the handler's reply is not JSON: {0}")]
    Syntax(String),
    /// JSON of another shape.
    #[error(
        "the handler's reply has the wrong shape: {0}; answer with {{\"Outputs\":{{}},\"Logs\":[],\"ReturnValue\":null}}"
    )]
    Shape(String),
}

/// The members of a good reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HandlerResult {
    /// Values by binding name; names are case-sensitive, unknown ones are ignored.
    pub outputs: Map<String, Value>,
    /// Lines for the function's log.
    pub logs: Vec<String>,
    /// The value of the output called `$return`.
    pub return_value: Value,
}

impl Reply {
    /// Judges a reply by status, `Content-Type` header and body.
    pub fn read(status: u16, content_type: Option<&str>, body: &[u8]) -> Self {
        if !(200..300).contains(&status) {
            return Self::Failed(ReplyError::Status(status));
        }
        if body.is_empty() {
            return Self::Hang;
        }
        let media_type = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
        if !media_type
            .is_some_and(|found| JSON_TYPES.iter().any(|json| json.eq_ignore_ascii_case(found)))
        {
            let found = content_type.unwrap_or("none").to_owned();
            return Self::Failed(ReplyError::ContentType { found });
        }
        if body.trim_ascii().is_empty() {
            return Self::Hang;
        }
        match serde_json::from_slice(body) {
            Ok(Value::Null) => Self::Hang,
            Ok(value) => HandlerResult::from_json(value).map_or_else(Self::Failed, Self::Done),
            Err(error) => Self::Failed(ReplyError::Syntax(error.to_string())),
        }
    }
}

impl HandlerResult {
    fn from_json(value: Value) -> Result<Self, ReplyError> {
        let Value::Object(members) = value else {
            return Err(ReplyError::Shape("the body is not an object".to_owned()));
        };
        let mut result = Self::default();
        for (name, value) in members {
            match name.to_ascii_lowercase().as_str() {
                "outputs" => result.outputs = outputs(value)?,
                "logs" => result.logs = logs(value)?,
                "returnvalue" => result.return_value = value,
                _ => {}
            }
        }
        Ok(result)
    }
}

fn outputs(value: Value) -> Result<Map<String, Value>, ReplyError> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(outputs) => Ok(outputs),
        _ => Err(ReplyError::Shape("`Outputs` is not an object".to_owned())),
    }
}

fn logs(value: Value) -> Result<Vec<String>, ReplyError> {
    let wrong = || ReplyError::Shape("`Logs` is not an array of strings".to_owned());
    let line = |line: Value| match line {
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => Err(wrong()),
        scalar => Ok(crate::envelope::json_net::display(&scalar)),
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(lines) => lines.into_iter().map(line).collect(),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const JSON: Option<&str> = Some("application/json");

    fn read(body: &str) -> Reply {
        Reply::read(200, JSON, body.as_bytes())
    }

    #[test]
    fn the_least_legal_reply_is_an_empty_object() {
        assert_eq!(read("{}"), Reply::Done(HandlerResult::default()));
    }

    #[test]
    fn member_names_ignore_case_and_unknown_ones_are_ignored() {
        let Reply::Done(result) =
            read(r#"{"outPUTS":{"a":1},"logs":["x",2,true,null],"RETURNVALUE":"r","more":[]}"#)
        else {
            panic!("not done")
        };
        assert_eq!(result.outputs, *json!({"a": 1}).as_object().unwrap());
        assert_eq!(result.logs, ["x", "2", "True", ""]);
        assert_eq!(result.return_value, json!("r"));
    }

    #[test]
    fn any_status_but_2xx_is_a_failure_whatever_the_body_says() {
        for status in [199, 300, 302, 400, 404, 429, 500, 503] {
            assert_eq!(Reply::read(status, JSON, b"{}"), Reply::Failed(ReplyError::Status(status)));
        }
        for status in [200, 201, 202, 299] {
            assert_eq!(Reply::read(status, JSON, b"{}"), Reply::Done(HandlerResult::default()));
        }
    }

    #[test]
    fn a_2xx_with_an_empty_or_null_body_hangs() {
        assert_eq!(Reply::read(200, None, b""), Reply::Hang);
        assert_eq!(Reply::read(204, None, b""), Reply::Hang);
        assert_eq!(Reply::read(200, Some("text/plain"), b""), Reply::Hang);
        assert_eq!(read("null"), Reply::Hang);
        assert_eq!(read(" \r\n"), Reply::Hang);
    }

    #[test]
    fn a_body_needs_a_json_content_type() {
        for good in ["application/json", "text/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(
                Reply::read(200, Some(good), b"{}"),
                Reply::Done(HandlerResult::default()),
                "{good}"
            );
        }
        for bad in [
            None,
            Some("text/plain"),
            Some("application/problem+json"),
            Some("application/octet-stream"),
        ] {
            let found = bad.unwrap_or("none").to_owned();
            assert_eq!(
                Reply::read(200, bad, b"{}"),
                Reply::Failed(ReplyError::ContentType { found })
            );
        }
    }

    #[test]
    fn another_shape_is_a_failure() {
        for body in [
            "[]",
            "\"x\"",
            "1",
            r#"{"Outputs":[]}"#,
            r#"{"Outputs":"x"}"#,
            r#"{"Logs":"x"}"#,
            r#"{"Logs":[{}]}"#,
        ] {
            assert!(matches!(read(body), Reply::Failed(ReplyError::Shape(_))), "{body}");
        }
        assert!(matches!(read("{"), Reply::Failed(ReplyError::Syntax(_))));
        assert_eq!(read(r#"{"Outputs":null,"Logs":null}"#), Reply::Done(HandlerResult::default()));
    }
}
