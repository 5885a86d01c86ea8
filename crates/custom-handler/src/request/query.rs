use std::collections::HashSet;

use form_urlencoded::parse;
use serde::de::DeserializeOwned;

use super::Request;
use crate::problem::{Problem, problems};

impl Request {
    /// The query as a struct; optional parameters are `Option`s or have `#[serde(default)]`, and
    /// `#[serde(deny_unknown_fields)]` refuses what the struct does not know. 400
    /// `invalid-parameter` names the parameter; one that is given twice is refused too.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read(&self.query)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut seen = HashSet::new();
    for (name, _) in parse(query.as_bytes()) {
        if !seen.insert(name.clone()) {
            return Err(refused(Some(name.into_owned()), "is given more than once".to_owned()));
        }
    }
    let deserializer = serde_urlencoded::Deserializer::new(parse(query.as_bytes()));
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let problem = error.inner().to_string();
        let place = error.path().to_string();
        let named = problem.split('`').nth(1).filter(|_| {
            problem.starts_with("missing field") || problem.starts_with("unknown field")
        });
        let name = named.map(str::to_owned).or_else(|| (place != ".").then_some(place));
        refused(name, problem)
    })
}

fn refused(name: Option<String>, problem: String) -> Problem {
    let refusal = Problem::of(&problems::INVALID_PARAMETER);
    match name {
        Some(name) => {
            refusal.detail(format!("query parameter `{name}`: {problem}")).parameter(name, problem)
        }
        None => refusal.detail(format!("query: {problem}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        #[serde(default)]
        limit: Option<u8>,
        #[serde(default)]
        email: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Search {
        #[allow(dead_code)]
        text: String,
    }

    fn refusal<T: DeserializeOwned + std::fmt::Debug>(query: &str) -> (String, String) {
        let document = read::<T>(query).unwrap_err().to_json("", None);
        assert_eq!(document["status"], 400);
        let error = &document["errors"][0];
        (
            error["parameter"].as_str().unwrap_or_default().to_owned(),
            error["detail"].as_str().unwrap_or_default().to_owned(),
        )
    }

    #[test]
    fn parameters_are_decoded_into_their_types() {
        let page: Page = read("limit=25&email=ada%2Bx%40example.org").unwrap();
        assert_eq!(page, Page { limit: Some(25), email: Some("ada+x@example.org".to_owned()) });
        assert_eq!(read::<Page>("").unwrap(), Page { limit: None, email: None });
        assert_eq!(read::<Page>("email=a+b").unwrap().email.as_deref(), Some("a b"));
    }

    #[test]
    fn a_refusal_names_the_parameter() {
        assert_eq!(
            refusal::<Page>("limit=many"),
            ("limit".to_owned(), "invalid digit found in string".to_owned())
        );
        assert_eq!(refusal::<Page>("limit=300").0, "limit");
        assert_eq!(refusal::<Page>("limit=").0, "limit");
        assert_eq!(
            refusal::<Page>("limit=1&limit=2"),
            ("limit".to_owned(), "is given more than once".to_owned())
        );
        let (name, problem) = refusal::<Page>("sort=name");
        assert_eq!(name, "sort");
        assert!(problem.contains("expected `limit` or `email`"), "{problem}");
        assert_eq!(refusal::<Search>("").0, "text");
    }
}
