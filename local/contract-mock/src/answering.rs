//! A request in, a response out.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, header::ALLOW};

use crate::{
    Contract, Operation,
    problem::{METHOD_NOT_ALLOWED, NO_EXAMPLE, NOT_FOUND, Problem},
    request::{self, Refusal, prefer::Prefer},
    response,
};

/// Says on every answer that it came from a contract.
pub const MOCK: HeaderName = HeaderName::from_static("iommi-mock");

/// How many paths are named to whoever asks for one that is not there.
const NEAR_MAX: usize = 5;

impl Contract {
    /// Answers a request from the contract: with an example, or with what is wrong.
    ///
    /// `is_served` tells of operations that a function answers: these are passed over. The second value is something
    /// that the contract's author should know, such as an example that is not as its schema says.
    pub fn answer(
        &self,
        request: &Request<Bytes>,
        is_served: impl Fn(&Operation) -> bool,
    ) -> (Response<Bytes>, Option<String>) {
        let (mut response, complaint) = match self.respond(request, &is_served) {
            Ok(answer) => answer,
            Err(Refusal::Client(problem)) => (self.problems.response(problem), None),
            Err(Refusal::Contract(bad)) => {
                (self.problems.response(Problem::new(NO_EXAMPLE, bad.0.clone())), Some(bad.0))
            }
        };
        response.headers_mut().insert(MOCK, HeaderValue::from_static("true"));
        (response, complaint)
    }

    /// Whether a path, as it came, is that of operations without a function only: then its wrong methods are answered here.
    pub fn owns(&self, path: &str, is_served: impl Fn(&Operation) -> bool) -> bool {
        let found = self.find(path, &|_| false);
        found.is_some_and(|found| !found.operations.iter().any(|operation| is_served(operation)))
    }

    /// The methods of a path, as it came; none if the contract does not have it.
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let operations =
            self.find(path, &|_| false).map(|found| found.operations).unwrap_or_default();
        operations.iter().map(|operation| operation.method.clone()).collect()
    }

    fn respond(
        &self,
        request: &Request<Bytes>,
        is_served: &dyn Fn(&Operation) -> bool,
    ) -> Result<(Response<Bytes>, Option<String>), Refusal> {
        let (method, path) = (request.method(), request.uri().path());
        let Some(found) = self.find(path, is_served) else {
            return Err(Refusal::Client(self.nothing_at(path)));
        };
        let Some(operation) = found.operations.iter().find(|operation| operation.method == *method)
        else {
            let methods: Vec<&str> =
                found.operations.iter().map(|operation| operation.method.as_str()).collect();
            let problem =
                Problem::new(METHOD_NOT_ALLOWED, format!("{path} takes {}", methods.join(", ")));
            return Err(Refusal::Client(problem.header(ALLOW, &methods.join(", "))));
        };
        request::check(self, operation, &found.captured, request)?;
        response::respond(self, operation, request, &Prefer::of(request.headers()))
    }

    fn nothing_at(&self, path: &str) -> Problem {
        let mut paths: Vec<&str> =
            self.operations.iter().map(|operation| operation.path.as_str()).collect();
        paths.dedup();
        paths.sort_by_key(|known| distance(known, path));
        paths.truncate(NEAR_MAX);
        let detail = if paths.is_empty() {
            "the contract has no paths".to_owned()
        } else {
            format!("near it are {}", paths.join(", "))
        };
        Problem::new(NOT_FOUND, detail)
    }
}

/// How far a path is from one of the contract: by segments, then by letters.
fn distance(known: &str, path: &str) -> (usize, usize) {
    let split =
        |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (known, path) = (split(known), split(path));
    let differing = known
        .iter()
        .zip(&path)
        .filter(|(known, given)| !known.starts_with('{') && known != given)
        .count();
    let letters = known.iter().zip(&path).filter(|(known, _)| !known.starts_with('{'));
    let letters = letters.map(|(known, given)| differing_letters(known, given)).sum();
    (differing + known.len().abs_diff(path.len()), letters)
}

fn differing_letters(one: &str, other: &str) -> usize {
    let same = one.chars().filter(|letter| other.contains(*letter)).count();
    one.chars().count().max(other.chars().count()).saturating_sub(same)
}
