//! What would be right, in words.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

/// Longest list of values that is written out.
const VALUES_MAX: usize = 30;

/// `nothing` for what the library says well enough.
pub(super) fn of(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Type { .. } => format!("must be {}", any(types(kind))),
        Kind::Enum { options } => {
            format!("must be {}", any(options.as_array()?.iter().map(value).collect()))
        }
        Kind::Constant { expected_value } => format!("must be {}", value(expected_value)),
        Kind::Format { format } => format!("must be {}", format_in_words(format)),
        Kind::Pattern { pattern } => format!("must match the pattern {pattern}"),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::MinLength { limit } => {
            format!("must have at least {limit} {}", plural(*limit, "character"))
        }
        Kind::MaxLength { limit } => {
            format!("must have at most {limit} {}", plural(*limit, "character"))
        }
        Kind::MinItems { limit } => {
            format!("must have at least {limit} {}", plural(*limit, "item"))
        }
        Kind::MaxItems { limit } => format!("must have at most {limit} {}", plural(*limit, "item")),
        Kind::MinProperties { limit } => {
            format!("must have at least {limit} {}", plural(*limit, "member"))
        }
        Kind::MaxProperties { limit } => {
            format!("must have at most {limit} {}", plural(*limit, "member"))
        }
        Kind::AdditionalItems { limit } => format!("must have at most {limit} items"),
        Kind::UniqueItems => "must not have the same item twice".to_owned(),
        Kind::Contains => "lacks an item that the contract asks for".to_owned(),
        Kind::FalseSchema => "must not be there".to_owned(),
        Kind::Not { .. } => "is what the contract excludes (`not`)".to_owned(),
        Kind::OneOfMultipleValid { .. } => {
            "fits several of the schemas of `oneOf`, and must fit exactly one".to_owned()
        }
        _ => return None,
    })
}

/// The types that an error asks for.
pub(super) fn types(kind: &Kind) -> Vec<String> {
    let Kind::Type { kind } = kind else { return Vec::new() };
    let name = |name: &str| {
        match name {
            "string" => "a string",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "an array",
            "object" => "an object",
            other => other,
        }
        .to_owned()
    };
    match kind {
        TypeKind::Single(one) => vec![name(&one.to_string())],
        TypeKind::Multiple(several) => {
            let mut names: Vec<String> = several.iter().map(|one| name(&one.to_string())).collect();
            // Null is the exception, and is said last.
            names.sort_by_key(|name| name == "null");
            names
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn any(mut names: Vec<String>) -> String {
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    let more = names.len() > VALUES_MAX;
    names.truncate(VALUES_MAX);
    if more {
        return format!("one of {} and more", names.join(", "));
    }
    match names.split_last() {
        None => "something else".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
    }
}

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

fn format_in_words(format: &str) -> String {
    match format {
        "date-time" => "a date and time such as 2027-01-31T12:00:00Z".to_owned(),
        "date" => "a date such as 2027-01-31".to_owned(),
        "time" => "a time such as 12:00:00Z".to_owned(),
        "duration" => "a duration such as P1DT12H".to_owned(),
        "uuid" => "a UUID such as 01980c6e-1111-7000-8000-000000000001".to_owned(),
        "email" => "an e-mail address".to_owned(),
        "uri" => "a URL such as https://example.com/".to_owned(),
        other => format!("of the format {other}"),
    }
}
