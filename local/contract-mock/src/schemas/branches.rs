//! Which of several schemas was meant: a value that fits none of `oneOf` is told what is wrong with it as the one that
//! it comes closest to.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::{Deviation, words};
use crate::reading::escaped;

/// What an error says, each place for itself.
pub(super) fn deviations(error: &ValidationError<'_>) -> Vec<Deviation> {
    let at = error.instance_path().to_string();
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => closest(&at, context),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Deviation { pointer: below(&at, name), detail: "is required".to_owned() }]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let of = |name: &String| Deviation {
                pointer: below(&at, name),
                detail: "is not known; take it away".to_owned(),
            };
            unexpected.iter().map(of).collect()
        }
        Kind::PropertyNames { error } => {
            vec![Deviation {
                pointer: at,
                detail: format!("has a name that cannot be one: {error}"),
            }]
        }
        kind => {
            let detail = words::of(kind).unwrap_or_else(|| error.to_string());
            vec![Deviation { pointer: at, detail }]
        }
    }
}

fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escaped(name))
}

fn closest(at: &str, branches: &[Vec<ValidationError<'static>>]) -> Vec<Deviation> {
    if let Some(choice) = choice(at, branches) {
        return vec![choice];
    }
    let is_type_here = |error: &ValidationError<'_>| {
        matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str() == at
    };
    let is_choice = |error: &ValidationError<'_>| {
        matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. })
    };
    let distance = |errors: &&Vec<ValidationError<'static>>| {
        let of = |is: &dyn Fn(&ValidationError<'_>) -> bool| {
            errors.iter().filter(|error| is(error)).count()
        };
        (of(&is_type_here), of(&is_choice), errors.len())
    };
    let all_of_another_type = branches.iter().all(|errors| errors.iter().any(is_type_here));
    if all_of_another_type {
        let types = branches.iter().flatten().filter(|error| is_type_here(error));
        let types: Vec<String> = types.flat_map(|error| words::types(error.kind())).collect();
        return vec![Deviation {
            pointer: at.to_owned(),
            detail: format!("must be {}", words::any(types)),
        }];
    }
    let closest = branches.iter().min_by_key(distance);
    closest.into_iter().flatten().flat_map(deviations).collect()
}

/// All schemas want another value at the same place: these are what there is to choose from.
fn choice(at: &str, branches: &[Vec<ValidationError<'static>>]) -> Option<Deviation> {
    let first = branches.first()?;
    let places = first.iter().filter(|error| !options(error).is_empty());
    for place in places.map(|error| error.instance_path().as_str()).filter(|place| *place != at) {
        let of = |errors: &Vec<ValidationError<'static>>| {
            let here = errors.iter().filter(|error| error.instance_path().as_str() == place);
            here.flat_map(options).collect::<Vec<Value>>()
        };
        let all: Vec<Vec<Value>> = branches.iter().map(of).collect();
        if all.iter().all(|options| !options.is_empty()) {
            let texts = all.concat().iter().map(words::value).collect();
            let detail = format!("must be {}", words::any(texts));
            return Some(Deviation { pointer: place.to_owned(), detail });
        }
    }
    None
}

fn options(error: &ValidationError<'_>) -> Vec<Value> {
    match error.kind() {
        Kind::Constant { expected_value } => vec![expected_value.as_ref().clone()],
        Kind::Enum { options } => options.as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    }
}
