use std::fmt;

use http::header::{IF_MATCH, IF_NONE_MATCH};

use super::Request;
use crate::idempotency::IdempotencyKey;
use crate::preconditions::{IfMatch, IfNoneMatch};
use crate::prefer::Prefer;
use crate::problem::{Problem, problems};

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
const PREFER: &str = "Prefer";

impl Request {
    /// `If-Match`, required: 428 `precondition-required` when it is missing, 400 `invalid-header`
    /// when it is malformed.
    pub fn if_match(&self) -> Result<IfMatch, Problem> {
        let value = self.list(IF_MATCH.as_str())?.ok_or_else(|| {
            Problem::of(&problems::PRECONDITION_REQUIRED)
                .detail("send If-Match with the ETag of the version that you read")
                .header_error("If-Match", "is missing")
        })?;
        IfMatch::parse(&value).map_err(|error| invalid("If-Match", error))
    }

    /// `If-None-Match`, if it is there. 400 `invalid-header` when it is malformed.
    pub fn if_none_match(&self) -> Result<Option<IfNoneMatch>, Problem> {
        let value = self.list(IF_NONE_MATCH.as_str())?;
        let parsed = value.map(|value| IfNoneMatch::parse(&value)).transpose();
        parsed.map_err(|error| invalid("If-None-Match", error))
    }

    /// `Idempotency-Key`, if it is there. 400 `invalid-idempotency-key` when it is malformed.
    pub fn idempotency_key(&self) -> Result<Option<IdempotencyKey>, Problem> {
        let parsed =
            match self.headers.get_all(IDEMPOTENCY_KEY).iter().collect::<Vec<_>>().as_slice() {
                [] => return Ok(None),
                [value] => {
                    value.to_str().unwrap_or_default().parse().map_err(|error| format!("{error}"))
                }
                _ => Err("is given more than once; send one".to_owned()),
            };
        parsed.map(Some).map_err(|problem: String| {
            Problem::of(&problems::INVALID_IDEMPOTENCY_KEY)
                .detail(format!("{IDEMPOTENCY_KEY} {problem}"))
                .header_error(IDEMPOTENCY_KEY, problem)
        })
    }

    /// `Prefer`: what the client would like, which no server must do. Never a problem: what is
    /// malformed or not known is ignored (RFC 7240, section 2).
    pub fn prefer(&self) -> Prefer {
        let values = self.headers.get_all(PREFER).iter();
        Prefer::parse(values.filter_map(|value| value.to_str().ok()))
    }

    /// All values of a list header as one list (RFC 9110, section 5.3).
    fn list(&self, name: &'static str) -> Result<Option<String>, Problem> {
        let values: Result<Vec<&str>, _> =
            self.headers.get_all(name).iter().map(|value| value.to_str()).collect();
        let values =
            values.map_err(|_| invalid(name, "holds characters that are not visible ASCII"))?;
        Ok((!values.is_empty()).then(|| values.join(", ")))
    }
}

fn invalid(header: &'static str, problem: impl fmt::Display) -> Problem {
    Problem::of(&problems::INVALID_HEADER)
        .detail(format!("{header}: {problem}"))
        .header_error(header, problem.to_string())
}
