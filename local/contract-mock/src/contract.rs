//! A contract: its operations, and where in the document everything of them is.

use http::Method;
use serde_json::Value;

use crate::{
    problem::Problems,
    reading::{Documents, ReadError, escaped},
    routes::{Captured, Specificity, Template},
    schemas::Schemas,
};

/// The members of a path item that are operations (OpenAPI 3.1, section 4.8.9.1).
const METHODS: [Method; 8] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::OPTIONS,
    Method::HEAD,
    Method::PATCH,
    Method::TRACE,
];
/// Marks an operation that has no function yet, with the month for which it is planned.
const PLANNED: &str = "x-planned";

/// An OpenAPI document that answers requests.
#[derive(Debug)]
pub struct Contract {
    /// `info.title`.
    pub title: String,
    /// Its operations, in its order.
    pub operations: Vec<Operation>,
    pub(crate) requests: Schemas,
    pub(crate) responses: Schemas,
    pub(crate) problems: Problems,
    /// The path of the first server, such as `/v1`; empty if it has none.
    base: String,
}

/// An operation of a contract.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, as the contract writes it.
    pub path: String,
    /// Its `operationId`.
    pub id: Option<String>,
    /// What `x-planned` says: the month for which its function is planned.
    pub planned: Option<String>,
    pub(crate) template: Template,
    /// Where its path item is.
    pub(crate) item: String,
    /// Where it is.
    pub(crate) pointer: String,
}

/// The operations that have a path, and what its parameters are.
pub(crate) struct Found<'a> {
    pub(crate) operations: Vec<&'a Operation>,
    pub(crate) captured: Captured,
}

impl Contract {
    pub(crate) fn new(documents: Documents) -> Result<Self, ReadError> {
        let document = &documents.of_responses;
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| operations_of(path, item)).collect();
        Ok(Self {
            title: document["info"]["title"].as_str().unwrap_or("untitled").to_owned(),
            operations,
            problems: Problems::of(document),
            base: base_path(document),
            requests: Schemas::new(documents.of_requests),
            responses: Schemas::new(documents.of_responses),
        })
    }

    /// How exact the path is that takes this one, as it came, with this method; `None` if no operation does.
    ///
    /// `is_served` tells of operations that a function answers: these are not found.
    pub fn finds(
        &self,
        method: &Method,
        path: &str,
        is_served: impl Fn(&Operation) -> bool,
    ) -> Option<Specificity> {
        let found = self.find(path, &is_served)?;
        let has = |operation: &&&Operation| operation.method == *method;
        found.operations.iter().find(has).map(|operation| operation.template.specificity())
    }

    /// The operations of the most exact path that takes this one.
    pub(crate) fn find(
        &self,
        path: &str,
        is_served: &dyn Fn(&Operation) -> bool,
    ) -> Option<Found<'_>> {
        let within = |path: &str| {
            let mut fitting: Vec<(&Operation, Captured)> = self
                .operations
                .iter()
                .filter_map(|operation| Some((operation, operation.template.captures(path)?)))
                .filter(|(operation, _)| !is_served(operation))
                .collect();
            fitting.sort_by_key(|(operation, _)| operation.template.specificity());
            let (first, captured) = fitting.first().cloned()?;
            let same = fitting.iter().filter(|(operation, _)| operation.path == first.path);
            Some(Found { operations: same.map(|(operation, _)| *operation).collect(), captured })
        };
        within(path)
            .or_else(|| within(path.strip_prefix(&self.base).filter(|_| !self.base.is_empty())?))
    }

    /// The path of the first server, such as `/v1`: it may stand before every path, and may be left out.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base
    }
}

impl Operation {
    /// The operation with the names of its parameters left out: `GET cakes/{}`.
    #[must_use]
    pub fn shape(&self) -> String {
        shape(&self.method, &self.template)
    }

    /// The same for a route of a function.
    #[must_use]
    pub fn shape_of(method: &Method, route: &str) -> String {
        shape(method, &Template::new(route))
    }
}

fn shape(method: &Method, template: &Template) -> String {
    format!("{method} {}", template.shape())
}

fn operations_of(path: &str, item: &Value) -> Vec<Operation> {
    let at = format!("/paths/{}", escaped(path));
    let of = |method: &Method| {
        let key = method.as_str().to_lowercase();
        let operation = item.get(&key).filter(|operation| operation.is_object())?;
        let planned = operation.get(PLANNED).map(|month| match month {
            Value::String(month) => month.clone(),
            other => other.to_string(),
        });
        Some(Operation {
            method: method.clone(),
            path: path.to_owned(),
            id: operation["operationId"].as_str().map(str::to_owned),
            planned,
            template: Template::new(path),
            pointer: format!("{at}/{key}"),
            item: at.clone(),
        })
    };
    METHODS.iter().filter_map(of).collect()
}

fn base_path(document: &Value) -> String {
    let server = &document["servers"][0];
    let mut url = server["url"].as_str().unwrap_or_default().to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap_or_default());
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => &url,
    };
    path.trim_end_matches('/').to_owned()
}
