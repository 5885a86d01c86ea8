//! Which operations of a contract have a function, and which are planned: a contract is written first, and
//! `x-planned: 2027-01` on an operation says that its function comes later.

use crate::{BundleError, bundle};
use serde_json::Value;
use std::{collections::BTreeSet, fmt, path::Path};

/// Marks an operation that may have no function yet; its value is the month for which it is planned.
pub const PLANNED: &str = "x-planned";

/// The members of a path item that are operations (OpenAPI 3.1, section 4.8.9.1).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `METHOD /path`, as the contract writes the path.
    pub route: String,
    /// Whether and for when it is planned.
    pub planned: Planned,
}

/// What `x-planned` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// There is none: the operation has a function.
    No,
    /// For this month, `YYYY-MM`.
    For(String),
    /// Something else than a month; the value as JSON.
    IllFormed(String),
}

/// What is wrong between an operation and the functions, in words that say what to write where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// It has no function and is not planned.
    Unanswered(String),
    /// It is planned and has a function.
    Answered(String),
    /// Its `x-planned` is no month.
    IllFormed {
        /// The operation.
        route: String,
        /// What stands there, as JSON.
        value: String,
    },
}

impl Operation {
    /// Every operation of an OpenAPI document, in its order.
    #[must_use]
    pub fn all(document: &Value) -> Vec<Self> {
        let paths = document["paths"].as_object().into_iter().flatten();
        let members = paths.flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(key, value)| (path, key, value))
        });
        let operations = members.filter(|(_, method, _)| METHODS.contains(&method.as_str()));
        operations
            .map(|(path, method, operation)| Self {
                route: format!("{} {path}", method.to_uppercase()),
                planned: Planned::of(operation),
            })
            .collect()
    }
}

impl Planned {
    fn of(operation: &Value) -> Self {
        match operation.get(PLANNED) {
            None => Self::No,
            Some(Value::String(month)) if is_month(month) => Self::For(month.clone()),
            Some(other) => Self::IllFormed(other.to_string()),
        }
    }
}

/// `2027-01`: four digits, a hyphen and a month from 01 to 12.
fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
}

/// Every operation of a contract that may refer to parts in other files.
///
/// # Errors
/// As of [`bundle()`].
pub fn operations(contract: &Path) -> Result<Vec<Operation>, BundleError> {
    let text = bundle(contract, &mut Vec::new())?.text;
    let document: Value = serde_saphyr::from_str(&text).map_err(|error| BundleError::NotYaml {
        file: contract.to_owned(),
        cause: error.to_string(),
    })?;
    Ok(Operation::all(&document))
}

/// Every `METHOD /path` of a function, as a contract writes it: `cakes/{id:guid}` is `/cakes/{id}`.
#[must_use]
pub fn routes_of(methods: &[String], route: &str) -> Vec<String> {
    let segments = route.split('/').map(|segment| match segment.split_once(':') {
        Some((name, constraint)) if name.starts_with('{') && constraint.ends_with('}') => {
            format!("{name}}}")
        }
        _ => segment.to_owned(),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    methods.iter().map(|method| format!("{} /{path}", method.to_uppercase())).collect()
}

/// What is wrong between the operations and what functions serve, each `METHOD /path`; empty if nothing. A planned
/// operation without a function is no gap.
#[must_use]
pub fn gaps(operations: &[Operation], served: &BTreeSet<String>) -> Vec<Gap> {
    let gap = |Operation { route, planned }: &Operation| match planned {
        Planned::IllFormed(value) => {
            Some(Gap::IllFormed { route: route.clone(), value: value.clone() })
        }
        Planned::For(_) if served.contains(route) => Some(Gap::Answered(route.clone())),
        Planned::No if !served.contains(route) => Some(Gap::Unanswered(route.clone())),
        Planned::For(_) | Planned::No => None,
    };
    operations.iter().filter_map(gap).collect()
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(route) => write!(
                f,
                "openapi.yaml has {route}, which no function answers: write a function.json with this route and \
                 method, say for when it is planned (`{PLANNED}: 2027-01`), or strike it from paths"
            ),
            Self::Answered(route) => write!(
                f,
                "openapi.yaml says that {route} is planned, and a function answers it: take {PLANNED} away"
            ),
            Self::IllFormed { route, value } => write!(
                f,
                "openapi.yaml has {PLANNED}: {value} at {route}: write the month as YYYY-MM, such as 2027-01"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    fn operations(members: Value) -> Vec<Operation> {
        Operation::all(&json!({ "paths": { "/cakes/{id}": members } }))
    }

    fn served(routes: &[&str]) -> BTreeSet<String> {
        routes.iter().map(|route| (*route).to_owned()).collect()
    }

    #[test]
    fn an_operation_has_a_function_or_is_planned() {
        let all = operations(json!({
            "parameters": [], "summary": "Cakes",
            "get": {}, "put": { "x-planned": "2027-01" }, "post": {}, "delete": { "x-planned": "2027-12" },
        }));
        let found = gaps(&all, &served(&["GET /cakes/{id}", "DELETE /cakes/{id}"]));
        let expected = [
            Gap::Unanswered("POST /cakes/{id}".to_owned()),
            Gap::Answered("DELETE /cakes/{id}".to_owned()),
        ];
        assert_eq!(found, expected);
        assert!(found[1].to_string().ends_with("take x-planned away"));
    }

    #[test]
    fn what_is_no_month_is_said_with_what_would_be_one() {
        for value in [
            json!("2027"),
            json!("2027-13"),
            json!("2027-00"),
            json!("2027-1"),
            json!("soon"),
            json!("27-01"),
            json!("2027-01-01"),
            json!(" 2027-01"),
            json!(2027),
            json!(true),
            json!(null),
            json!(["2027-01"]),
        ] {
            let all = operations(json!({ "get": { "x-planned": value } }));
            let found = gaps(&all, &served(&[]));
            let text = format!(
                "openapi.yaml has x-planned: {value} at GET /cakes/{{id}}: write the month as YYYY-MM, such as 2027-01"
            );
            assert_eq!(found.iter().map(Gap::to_string).collect::<Vec<_>>(), [text]);
        }
    }

    #[test]
    fn a_function_is_a_route_without_constraints_for_each_method() {
        let methods = ["get".to_owned(), "put".to_owned()];
        assert_eq!(
            routes_of(&methods, "cakes/{id:guid}/eat"),
            ["GET /cakes/{id}/eat", "PUT /cakes/{id}/eat"]
        );
    }
}
