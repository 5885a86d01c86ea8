//! What is wrong with a request, as a problem document (RFC 9457) in the form of the platform's own apps.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";
/// How many mistakes are named at most.
const MISTAKES_MAX: usize = 100;
/// Stands before the kind where a contract explains none.
const UNEXPLAINED: &str = "urn:problem#";

/// A kind of problem: status, the last part of its type, title.
pub(crate) type Kind = (StatusCode, &'static str, &'static str);

pub(crate) const INVALID_JSON: Kind =
    (StatusCode::BAD_REQUEST, "invalid-json", "The body is not JSON");
pub(crate) const INVALID_PARAMETER: Kind =
    (StatusCode::BAD_REQUEST, "invalid-parameter", "A parameter is not valid");
pub(crate) const INVALID_HEADER: Kind =
    (StatusCode::BAD_REQUEST, "invalid-header", "A header is not valid");
pub(crate) const NOT_SIGNED_IN: Kind =
    (StatusCode::UNAUTHORIZED, "not-signed-in", "You are not signed in");
pub(crate) const NOT_FOUND: Kind =
    (StatusCode::NOT_FOUND, "not-found", "There is nothing at this path");
pub(crate) const METHOD_NOT_ALLOWED: Kind =
    (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The path does not take this method");
pub(crate) const NOT_ACCEPTABLE: Kind =
    (StatusCode::NOT_ACCEPTABLE, "not-acceptable", "There is no answer of this type");
pub(crate) const UNSUPPORTED_MEDIA_TYPE: Kind =
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body has the wrong type");
pub(crate) const INVALID_BODY: Kind =
    (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The body does not have the expected shape");
pub(crate) const PRECONDITION_REQUIRED: Kind =
    (StatusCode::PRECONDITION_REQUIRED, "precondition-required", "The request must be conditional");
pub(crate) const NO_EXAMPLE: Kind =
    (StatusCode::INTERNAL_SERVER_ERROR, "no-example", "The contract has no answer to show");

/// Where a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// In the body, at a JSON pointer.
    Pointer,
    /// A path, query or cookie parameter.
    Parameter,
    /// A header.
    Header,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) place: Place,
    /// The pointer, or the name of the parameter or header.
    pub(crate) at: String,
    /// What would be right.
    pub(crate) detail: String,
}

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) detail: String,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// How a contract names its problems.
#[derive(Debug)]
pub(crate) struct Problems {
    /// The page of the contract, which explains them.
    docs: Option<String>,
    explained: BTreeSet<String>,
}

impl Mistake {
    pub(crate) fn new(place: Place, at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place, at: at.into(), detail: detail.into() }
    }

    fn to_json(&self) -> Value {
        let key = match self.place {
            Place::Pointer => "pointer",
            Place::Parameter => "parameter",
            Place::Header => "header",
        };
        json!({ key: self.at, "detail": self.detail })
    }

    /// In one line, for the detail of the problem.
    fn in_words(&self) -> String {
        match (self.place, self.at.as_str()) {
            (Place::Pointer, "") => format!("the body {}", self.detail),
            (Place::Pointer, at) => format!("{at} {}", self.detail),
            (_, at) => format!("{at}: {}", self.detail),
        }
    }
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), mistakes: Vec::new(), headers: Vec::new() }
    }

    /// Names everything that is wrong.
    pub(crate) fn of(kind: Kind, mut mistakes: Vec<Mistake>) -> Self {
        let more = mistakes.len().saturating_sub(MISTAKES_MAX);
        mistakes.truncate(MISTAKES_MAX);
        let detail = match mistakes.as_slice() {
            [one] => one.in_words(),
            several => {
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("correct the {} places named in `errors`{more}", several.len())
            }
        };
        Self { mistakes, ..Self::new(kind, detail) }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}

impl Problems {
    pub(crate) fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let docs = paths.map(|(path, _)| path).find(|path| path.ends_with("/docs")).cloned();
        let explained = document["x-problems"].as_object().into_iter().flatten();
        Self { docs, explained: explained.map(|(slug, _)| slug.clone()).collect() }
    }

    pub(crate) fn response(&self, problem: Problem) -> Response<Bytes> {
        let (status, slug, title) = problem.kind;
        let base = match &self.docs {
            Some(docs) if self.explained.contains(slug) => format!("{docs}#"),
            _ => UNEXPLAINED.to_owned(),
        };
        let mut document = Map::new();
        document.insert("type".to_owned(), json!(format!("{base}{slug}")));
        document.insert("title".to_owned(), json!(title));
        document.insert("status".to_owned(), json!(status.as_u16()));
        document.insert("detail".to_owned(), json!(problem.detail));
        if !problem.mistakes.is_empty() {
            let errors = problem.mistakes.iter().map(Mistake::to_json).collect();
            document.insert("errors".to_owned(), errors);
        }
        let mut response = Response::new(Bytes::from(Value::Object(document).to_string()));
        *response.status_mut() = status;
        response.headers_mut().extend(problem.headers);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}
