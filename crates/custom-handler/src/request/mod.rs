//! An HTTP request as a function reads it.

mod body;
mod headers;
mod query;
pub(crate) mod shape;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use function_json::RouteParams;
use http::{HeaderMap, Method};

use crate::envelope::Payload;
use crate::problem::Problem;
use crate::trace::TraceContext;

/// An HTTP request, the same whether the host passed it on or wrapped it in an envelope.
///
/// Reading a part of it gives the value or the problem to answer with, so that a function reads as
/// a list of what it needs, each line ending in `?`.
pub struct Request {
    pub(crate) function: &'static str,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) params: RouteParams,
    pub(crate) body: Bytes,
    pub(crate) invocation_id: String,
    pub(crate) trace: TraceContext,
    pub(crate) inputs: BTreeMap<String, Payload>,
}

impl Request {
    /// The function that was called.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as it came: percent-encoded, with the route prefix, without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it came, without its question mark; empty when there is none.
    pub fn query_string(&self) -> &str {
        &self.query
    }

    /// The headers, among them what the platform adds, such as `X-MS-CLIENT-PRINCIPAL`.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's first value, when it is visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The host's id of this invocation, a UUID; the `instance` of problems is `urn:uuid:` and it.
    pub fn invocation_id(&self) -> &str {
        &self.invocation_id
    }

    /// Where in a distributed trace this request stands.
    pub fn trace(&self) -> &TraceContext {
        &self.trace
    }

    /// A route parameter. 400 `invalid-parameter` with the type's own words when it does not parse.
    pub fn param<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<T, Problem> {
        self.optional_param(name)?.ok_or_else(|| {
            let function = self.function;
            Problem::internal(format!(
                "reading route parameter `{name}`: the route of {function} has none of that name"
            ))
        })
    }

    /// A route parameter that the path may leave out, `{name?}` in the route.
    pub fn optional_param<T: FromStr<Err: fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, Problem> {
        let parsed = self.params.get(name).map(str::parse).transpose();
        parsed.map_err(|error| Problem::invalid_parameter(name, error))
    }

    /// What an input binding besides the trigger read, by binding name.
    pub fn input(&self, name: &str) -> Option<&Payload> {
        self.inputs.get(name)
    }
}

/// Without header values, query and body, which may hold personal data and secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("function", &self.function)
            .field("method", &self.method)
            .field("invocation_id", &self.invocation_id)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
