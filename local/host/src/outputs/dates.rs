//! Texts that Json.NET takes for dates and rewrites on their way through the host.
//!
//! The local host keeps them as they are and says so: whoever depends on the rewriting would depend on an accident.

use function_json::OutputBinding;
use regex_lite::Regex;
use serde_json::Value;
use std::sync::LazyLock;

use super::HandlerResult;

/// What Json.NET reads as a date: ISO 8601 with a time, and Microsoft's old form.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?|/Date\(.*\)/)$")
        .expect("the pattern is a constant")
});

/// Dates that come out of the rewriting as they went in, unless they are the whole output.
static UNCHANGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{0,6}[1-9])?Z?$")
        .expect("the pattern is a constant")
});

/// A warning for each output in which Azure would rewrite a text.
pub(super) fn warnings(result: &HandlerResult, bindings: &[OutputBinding]) -> Vec<String> {
    let outputs = bindings
        .iter()
        .filter_map(|binding| result.outputs.get(&binding.name).map(|v| (&*binding.name, v)));
    let mut found = Vec::new();
    for (name, value) in outputs.chain([("ReturnValue", &result.return_value)]) {
        let whole = value.as_str().is_some_and(|text| DATE.is_match(text));
        if whole || holds_rewritten(value) {
            found.push(format!(
                "output `{name}` holds a text that looks like a date; Azure writes it in another form: send the text \
                 as base64, or the date in UTC without trailing zeros"
            ));
        }
    }
    found
}

fn holds_rewritten(value: &Value) -> bool {
    match value {
        Value::String(text) => DATE.is_match(text) && !UNCHANGED.is_match(text),
        Value::Array(elements) => elements.iter().any(holds_rewritten),
        Value::Object(members) => members.values().any(holds_rewritten),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use function_json::Output;
    use serde_json::json;

    fn warned(value: Value) -> bool {
        let binding = OutputBinding { name: "out".into(), data_type: None, kind: Output::Http };
        let outputs = json!({ "out": value }).as_object().unwrap().clone();
        !warnings(&HandlerResult { outputs, ..HandlerResult::default() }, &[binding]).is_empty()
    }

    #[test]
    fn a_date_that_is_the_whole_output_is_warned_of() {
        assert!(warned(json!("2026-01-02T03:04:05Z")));
        assert!(warned(json!("/Date(1)/")));
        assert!(!warned(json!("2026-01-02")));
        assert!(!warned(json!("at 2026-01-02T03:04:05Z")));
    }

    #[test]
    fn a_nested_date_is_warned_of_when_it_would_change() {
        assert!(warned(json!({"at": "2026-01-02T03:04:05.500Z"})));
        assert!(warned(json!([{"at": "2026-01-02T03:04:05+02:00"}])));
        assert!(warned(json!({"at": "2026-01-02T03:04:05.12345678Z"})));
        assert!(!warned(json!({"at": "2026-01-02T03:04:05.5Z"})));
        assert!(!warned(json!({"at": "2026-01-02T03:04:05"})));
    }
}
