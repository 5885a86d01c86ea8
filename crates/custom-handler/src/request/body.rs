use http::HeaderName;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Request, shape};
use crate::merge_patch::MergePatch;
use crate::problem::{Problem, problems};

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
/// RFC 5789, section 3.1.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

impl Request {
    /// The body as a type. 415 unless it is `application/json`, 400 `invalid-json` with line and
    /// column when it is not JSON, 422 `invalid-body` with a JSON pointer when it does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.require_type(JSON)?;
        shape::from_slice(&self.body)
    }

    /// The body as any JSON value: 415 and 400 as for [`Request::json`].
    pub fn json_value(&self) -> Result<Value, Problem> {
        self.json()
    }

    /// The body as a merge patch (RFC 7396): 415 unless it is `application/merge-patch+json`, 400
    /// when it is not JSON, 422 when it is not an object.
    pub fn merge_patch(&self) -> Result<MergePatch, Problem> {
        self.require_type(MERGE_PATCH)
            .map_err(|problem| problem.response_header(ACCEPT_PATCH, MERGE_PATCH))?;
        shape::from_slice::<Map<String, Value>>(&self.body).map(MergePatch::from)
    }

    fn require_type(&self, expected: &'static str) -> Result<(), Problem> {
        let given = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if is_type(given, expected) {
            return Ok(());
        }
        let problem =
            if given.is_empty() { "is missing".to_owned() } else { format!("is {given}") };
        Err(Problem::of(&problems::UNSUPPORTED_MEDIA_TYPE)
            .detail(format!("send the body with Content-Type: {expected}"))
            .header_error("Content-Type", problem)
            .response_header(ACCEPT, expected))
    }
}

/// The same type and, if a charset is given, UTF-8: JSON has no other (RFC 8259, section 8.1).
fn is_type(given: &str, expected: &str) -> bool {
    let mut parts = given.split(';').map(str::trim);
    let right = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    right
        && parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset")
                || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_may_carry_utf_8_and_unknown_parameters_but_no_other_charset() {
        for given in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"; v=1",
        ] {
            assert!(is_type(given, JSON), "{given}");
        }
        for given in [
            "",
            "text/json",
            "application/json; charset=latin1",
            "application/merge-patch+json",
            "application/jsonx",
        ] {
            assert!(!is_type(given, JSON), "{given}");
        }
    }
}
