//! The `http` output of an enveloped HTTP function. Sources: `HttpOutputBindingResponse.cs`, `HttpBinding.cs`,
//! `RawScriptResult.cs` of the host.

use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::{OutputError, OutputValue};
use crate::envelope::json_net;

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// The answer to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Headers in order, `Content-Type` first.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpReply {
    fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// The answer of a function that has no `http` output, or gave it nothing through `$return`.
    pub(crate) fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new() }
    }

    /// The answer to a failed invocation: no word about why.
    pub fn failure() -> Self {
        Self { status: 500, headers: Vec::new(), body: Vec::new() }
    }
}

/// The answer of an `http` output with a name. No value at all is **200 with the body `{}`**, because the host then
/// shows its own empty object; **`status` without `statusCode` is ignored**.
pub fn named(binding: &str, value: Option<&Value>) -> Result<HttpReply, OutputError> {
    let empty = || Ok(HttpReply::new(200, TEXT, "{}"));
    let parsed = match value {
        None | Some(Value::Null) => return empty(),
        Some(Value::String(text)) if text.trim().is_empty() => return empty(),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Null) => return empty(),
            Ok(value) => value,
            Err(error) => {
                return Err(refused(
                    binding,
                    format!("the value is a string that is not JSON ({error})"),
                ));
            }
        },
        Some(value) => value.clone(),
    };
    let Value::Object(response) = parsed else {
        return Err(refused(binding, "the value is not an object".to_owned()));
    };
    let status = named_status(binding, member(&response, "statusCode"))?;
    with_headers(
        binding,
        &response,
        HttpReply::new(status, TEXT, shown_body(member(&response, "body"))),
    )
}

/// The answer of an `http` output called `$return`: an object with `body` is a response, where `status` works too;
/// other values are the body itself, strings that are JSON included. Bytes (base64) are the body as they are.
pub fn returned(value: Option<&OutputValue>) -> Result<HttpReply, OutputError> {
    const RETURN: &str = "$return";
    let json = match value {
        None => return Ok(HttpReply::no_content()),
        Some(OutputValue::Bytes(bytes)) => return Ok(HttpReply::new(200, BYTES, bytes.clone())),
        Some(OutputValue::Json(Value::String(text))) => match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) => return Ok(HttpReply::new(200, TEXT, text.clone())),
        },
        Some(OutputValue::Json(value)) => value.clone(),
    };
    let response = json.as_object().and_then(|object| Some((object, member(object, "body")?)));
    let Some((object, body)) = response else {
        return Ok(HttpReply::new(200, JSON, json_net::compact(&json)));
    };
    let status =
        member(object, "statusCode").or(member(object, "status")).and_then(integer).unwrap_or(200);
    let reply = match body {
        Value::Null => HttpReply::new(status, TEXT, ""),
        Value::String(text) => HttpReply::new(status, TEXT, text.clone()),
        other => HttpReply::new(status, JSON, json_net::compact(other)),
    };
    with_headers(RETURN, object, reply)
}

/// A member by name in any case.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A text is written as it is, whatever it looks like; containers are indented, scalars in .NET's words.
fn shown_body(body: Option<&Value>) -> String {
    body.map(json_net::display).unwrap_or_default()
}

/// `statusCode` becomes a string first: a container cannot, and what is no integer then counts as none.
fn named_status(binding: &str, value: Option<&Value>) -> Result<u16, OutputError> {
    match value {
        Some(Value::Array(_) | Value::Object(_)) => {
            Err(refused(binding, "`statusCode` is not a number".to_owned()))
        }
        Some(value) => Ok(integer(value).unwrap_or(200)),
        None => Ok(200),
    }
}

fn integer(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Adds the response's headers. Each is one line of text: an array becomes its indented text, which no header can
/// hold, and the invocation fails.
fn with_headers(
    binding: &str,
    response: &Map<String, Value>,
    mut reply: HttpReply,
) -> Result<HttpReply, OutputError> {
    let headers = match member(response, "headers") {
        None | Some(Value::Null) => return Ok(reply),
        Some(Value::Object(headers)) => headers,
        Some(_) => return Err(refused(binding, "`headers` is not an object".to_owned())),
    };
    for (name, value) in headers {
        let text = json_net::display(value);
        let invalid = HeaderName::from_bytes(name.as_bytes()).is_err()
            || HeaderValue::from_str(&text).is_err();
        let is_content_type = name.eq_ignore_ascii_case("content-type");
        if invalid || (is_content_type && text.is_empty()) {
            return Err(refused(binding, format!("header `{name}` is not a single line of text")));
        }
        if is_content_type {
            reply.headers[0].1 = with_charset(&text);
        } else {
            reply.headers.push((name.clone(), text));
        }
    }
    Ok(reply)
}

fn with_charset(content_type: &str) -> String {
    match content_type.to_ascii_lowercase().contains("charset=") {
        true => content_type.to_owned(),
        false => format!("{content_type}; charset=utf-8"),
    }
}

fn refused(binding: &str, why: String) -> OutputError {
    OutputError::NotAResponse { binding: binding.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reply(status: u16, content_type: &str, body: &str) -> HttpReply {
        HttpReply::new(status, content_type, body)
    }

    fn res(value: Value) -> Result<HttpReply, OutputError> {
        named("res", Some(&value))
    }

    fn ret(value: Value) -> HttpReply {
        returned(Some(&OutputValue::bind(&value, None))).unwrap()
    }

    #[test]
    fn status_headers_and_body_are_taken_in_any_case() {
        let value = json!({"STATUSCODE": "201", "Headers": {"content-type": "application/json", "x-a": "b"}, "BODY": "{}"});
        let mut expected = reply(201, JSON, "{}");
        expected.headers.push(("x-a".into(), "b".into()));
        assert_eq!(res(value), Ok(expected));
    }

    #[test]
    fn no_value_is_200_with_an_empty_object() {
        for value in [None, Some(&json!(null)), Some(&json!("")), Some(&json!("null"))] {
            assert_eq!(named("res", value), Ok(reply(200, TEXT, "{}")), "{value:?}");
        }
    }

    #[test]
    fn status_alone_is_ignored() {
        assert_eq!(res(json!({"status": 404, "body": "x"})), Ok(reply(200, TEXT, "x")));
    }

    #[test]
    fn a_status_code_that_is_no_number_counts_as_none_and_a_container_fails() {
        for code in [json!("many"), json!(201.5), json!(true), json!(null)] {
            assert_eq!(
                res(json!({"statusCode": code, "body": "x"})),
                Ok(reply(200, TEXT, "x")),
                "{code}"
            );
        }
        assert!(res(json!({"statusCode": [201]})).is_err());
    }

    #[test]
    fn a_body_is_shown_as_dotnet_shows_it() {
        for (body, text) in [
            (json!("aGk="), "aGk="),
            (json!("{\"a\":1}"), "{\"a\":1}"),
            (json!({"a": 1}), "{\n  \"a\": 1\n}"),
            (json!([1]), "[\n  1\n]"),
            (json!(1), "1"),
            (json!(true), "True"),
            (json!(null), ""),
        ] {
            assert_eq!(res(json!({ "body": body })), Ok(reply(200, TEXT, text)), "{body}");
        }
        assert_eq!(res(json!({"statusCode": 202})), Ok(reply(202, TEXT, "")));
    }

    #[test]
    fn a_string_that_holds_an_object_is_one() {
        assert_eq!(res(json!("{\"statusCode\":404}")), Ok(reply(404, TEXT, "")));
    }

    #[test]
    fn anything_else_is_refused() {
        for value in [json!("hello"), json!(1), json!(true), json!([1]), json!("[1]"), json!("5")] {
            assert!(matches!(res(value.clone()), Err(OutputError::NotAResponse { .. })), "{value}");
        }
    }

    #[test]
    fn headers_are_single_strings() {
        let with = |value: Value| res(json!({"headers": {"set-cookie": value}, "body": ""}));
        assert!(with(json!(["a=1", "b=2"])).is_err());
        assert!(with(json!({"a": 1})).is_err());
        assert!(with(json!("a\nb")).is_err());
        assert_eq!(with(json!(5)).unwrap().headers[1], ("set-cookie".into(), "5".into()));
        assert!(res(json!({"headers": {"bad name": "x"}})).is_err());
        assert!(res(json!({"headers": ["x"]})).is_err());
        assert!(res(json!({"headers": {"content-type": null}})).is_err());
    }

    #[test]
    fn a_given_charset_is_kept() {
        let given = |text: &str| {
            res(json!({"headers": {"Content-Type": text}})).unwrap().headers[0].1.clone()
        };
        assert_eq!(given("text/html"), "text/html; charset=utf-8");
        assert_eq!(given("text/html; Charset=ISO-8859-1"), "text/html; Charset=ISO-8859-1");
    }

    #[test]
    fn through_return_an_object_with_a_body_is_a_response_and_status_works() {
        assert_eq!(ret(json!({"status": 404, "body": "x"})), reply(404, TEXT, "x"));
        assert_eq!(
            ret(json!({"statusCode": "201", "body": {"a": 1}})),
            reply(201, JSON, "{\"a\":1}")
        );
    }

    #[test]
    fn through_return_other_values_are_the_body() {
        assert_eq!(ret(json!({"status": 404})), reply(200, JSON, "{\"status\":404}"));
        assert_eq!(ret(json!("{\"a\": 1}")), reply(200, JSON, "{\"a\":1}"));
        assert_eq!(ret(json!("hello")), reply(200, TEXT, "hello"));
        assert_eq!(ret(json!([1])), reply(200, JSON, "[1]"));
    }

    #[test]
    fn through_return_text_that_is_base64_by_accident_is_garbled() {
        assert_eq!(ret(json!("test")), HttpReply::new(200, BYTES, vec![0xb5, 0xeb, 0x2d]));
        assert_eq!(returned(None), Ok(HttpReply::no_content()));
    }
}
