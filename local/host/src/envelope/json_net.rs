//! JSON text as Json.NET writes it, which is how every text in an envelope and in an output is made.

use serde_json::Value;

/// `Formatting.None`.
pub(crate) fn compact(value: &Value) -> String {
    escape_line_ends(value.to_string())
}

/// `Formatting.Indented`: two spaces a level and, on Linux, `\n`.
pub(crate) fn indented(value: &Value) -> String {
    escape_line_ends(format!("{value:#}"))
}

/// `JToken.ToString()`: strings as they are, scalars in .NET's words, containers indented.
pub(crate) fn display(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => indented(value),
    }
}

/// Json.NET escapes three characters more than serde_json: those that end a line in JavaScript. Outside of a string
/// they cannot occur.
fn escape_line_ends(text: String) -> String {
    const ESCAPED: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];
    if !text.contains(ESCAPED) {
        return text;
    }
    text.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn line_ends_of_javascript_are_escaped_and_other_unicode_is_not() {
        assert_eq!(
            compact(&json!("a\u{2028}\u{2029}\u{85}é😀\u{7f}")),
            "\"a\\u2028\\u2029\\u0085é😀\u{7f}\""
        );
        assert_eq!(compact(&json!("\"\\/\n\t\u{1}")), r#""\"\\/\n\t\u0001""#);
    }

    #[test]
    fn indented_text_has_two_spaces_and_keeps_empty_containers_on_one_line() {
        assert_eq!(
            indented(&json!({"b":[1,{}],"a":[]})),
            "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": []\n}"
        );
    }

    #[test]
    fn scalars_are_shown_as_dotnet_shows_them() {
        assert_eq!(display(&json!(true)), "True");
        assert_eq!(display(&json!(null)), "");
        assert_eq!(display(&json!(1.5)), "1.5");
        assert_eq!(display(&json!("as is")), "as is");
        assert_eq!(display(&json!([1])), "[\n  1\n]");
    }
}
