//! A document as YAML that people can read: what is short stands on one line, as in the contracts that people write.

use serde_json::Value;

/// Longest line that a map or a list is put on, in characters.
const MAX_LINE_CHARS: usize = 110;

/// The document in YAML 1.2; reading it again gives the same document.
pub(crate) fn write(document: &Value) -> String {
    let mut text = String::new();
    block(document, 0, &mut text);
    text
}

/// A map or list over several lines, each `indent` spaces in; anything else on one line.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                push_indent(indent, text);
                text.push_str(&scalar(key));
                text.push(':');
                member(value, indent, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                push_indent(indent, text);
                text.push('-');
                let line = flow(item);
                let long = (item.is_object() || item.is_array()) && !fits(item, &line, indent);
                if long && line.len() > "{}".len() {
                    // Its first line stands behind the dash.
                    let mut lines = String::new();
                    block(item, indent + 2, &mut lines);
                    text.push(' ');
                    text.push_str(lines.trim_start());
                } else {
                    member(item, indent, text);
                }
            }
        }
        other => {
            push_indent(indent, text);
            text.push_str(&flow(other));
            text.push('\n');
        }
    }
}

/// What stands behind a key or a dash.
fn member(value: &Value, indent: usize, text: &mut String) {
    let line = flow(value);
    match value {
        Value::String(string) if is_literal(string) => literal(string, indent + 2, text),
        Value::Object(members) if !members.is_empty() && !fits(value, &line, indent) => {
            text.push('\n');
            block(value, indent + 2, text);
        }
        Value::Array(items) if !items.is_empty() && !fits(value, &line, indent) => {
            text.push('\n');
            block(value, indent + 2, text);
        }
        _ => {
            text.push(' ');
            text.push_str(&line);
            text.push('\n');
        }
    }
}

/// Whether a map or list is short and simple enough for one line.
fn fits(value: &Value, line: &str, indent: usize) -> bool {
    let top = indent == 0 && value.is_object();
    let short = indent + line.chars().count() <= MAX_LINE_CHARS;
    !top && short && depth(value) <= 2 && !has_literals(value)
}

fn has_literals(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_literals),
        Value::Array(items) => items.iter().any(has_literals),
        Value::String(text) => is_literal(text),
        _ => false,
    }
}

fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    1 + deepest.unwrap_or_default()
}

/// Any value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// Lines of text, each on a line of its own.
fn is_literal(text: &str) -> bool {
    let printable = text.chars().all(|c| c == '\n' || !c.is_control());
    text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && !text.contains(" \n")
        && printable
        && text.len() > 1
}

fn literal(lines: &str, indent: usize, text: &mut String) {
    text.push_str(" |\n");
    for line in lines.lines() {
        if !line.is_empty() {
            push_indent(indent, text);
        }
        text.push_str(line);
        text.push('\n');
    }
}

/// A text as it is where nothing can be mistaken, in quotes otherwise.
fn scalar(text: &str) -> String {
    let first = text.chars().next();
    let plain = first.is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-./$;()".contains(c))
        && !text.ends_with(' ')
        && !is_word_of_yaml(text);
    if plain || is_version(text) {
        text.to_owned()
    } else if text.chars().any(char::is_control) || text.contains('\u{feff}') {
        Value::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// `3.1.0`, which is no number.
fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text.matches('.').count() == 2
}

/// What YAML, in one version or another, reads as something else than text.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn push_indent(indent: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_is_short_stands_on_one_line_and_prose_over_several() {
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "Cakes", "description": "One: two.\n\nThree.\n" },
            "paths": { "/v1/cakes": { "get": { "responses": { "200": { "$ref": "#/x" } } } } },
            "tags": [{ "name": "it's" }],
        });
        assert_eq!(
            write(&document),
            "openapi: 3.1.0\n\
             info:\n  title: Cakes\n  description: |\n    One: two.\n\n    Three.\n\
             paths:\n  /v1/cakes:\n    get:\n      responses: { '200': { $ref: '#/x' } }\n\
             tags: [{ name: 'it''s' }]\n"
        );
    }

    fn document() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "[ -~\\n\\t'\"#:{}é\u{85}\u{2028}]{0,12}",
            Just("no".to_owned()),
            Just("1.0".to_owned()),
            Just("1.0.0".to_owned()),
            Just("2026-03-01".to_owned()),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(text.clone(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(document in document()) {
            let text = write(&document);
            let again: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            prop_assert_eq!(again, document, "{}", text);
        }
    }
}
