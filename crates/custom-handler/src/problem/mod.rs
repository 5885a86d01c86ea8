//! Problem details: errors that say what to fix (RFC 9457).

mod kind;
pub mod problems;
mod status;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use kind::ProblemKind;
pub use status::ErrorStatus;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error answer as problem details (RFC 9457).
///
/// The slug names the kind of problem for ever; behind the base of
/// [`Handler::problem_types`](crate::Handler::problem_types) it becomes the `type` URI. `instance`
/// is `urn:uuid:<invocation id>`, which leads from a complaint to the log. What only the log should
/// know goes through [`Problem::because`] and never reaches the client.
///
/// ```
/// use custom_handler::{ErrorStatus, Problem, problem_kinds};
///
/// problem_kinds! {
///     pub const EMAIL_TAKEN = Conflict, "email-taken", "The e-mail address is taken";
/// }
///
/// let problem = Problem::of(&EMAIL_TAKEN)
///     .detail("another profile uses it; choose another one or recover that profile")
///     .pointer("/account/emailAddress", "is used by another profile")
///     .because("reservation held by profile 0192f0c1");
/// assert_eq!(problem.status(), ErrorStatus::Conflict);
/// ```
///
/// What the crate's own checks answer is in [`problems`](crate::problems); an app documents those it
/// can give.
pub struct Problem(Box<Parts>);

struct Parts {
    status: ErrorStatus,
    slug: Cow<'static, str>,
    title: Cow<'static, str>,
    detail: Option<String>,
    errors: Vec<FieldError>,
    members: Vec<(String, Value)>,
    headers: HeaderMap,
    because: Option<String>,
}

/// One entry of the `errors` extension.
struct FieldError {
    kind: &'static str,
    place: String,
    detail: String,
}

impl Problem {
    /// 400 `invalid-parameter`: a route or query parameter that cannot be used, and what it should be.
    pub fn invalid_parameter(name: &str, detail: impl fmt::Display) -> Self {
        Self::of(&problems::INVALID_PARAMETER)
            .detail(format!("{name}: {detail}"))
            .parameter(name, detail.to_string())
    }

    /// A problem of a kind.
    pub fn of(kind: &ProblemKind) -> Self {
        Self::new(kind.status, kind.slug, kind.title)
    }

    /// A problem of a kind that has no name; better [`Problem::of`], whose kinds the handler knows.
    /// The title says what the kind is and does not vary between occurrences.
    pub fn new(
        status: ErrorStatus,
        slug: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Parts {
            status,
            slug: slug.into(),
            title: title.into(),
            detail: None,
            errors: Vec::new(),
            members: Vec::new(),
            headers: HeaderMap::new(),
            because: None,
        }))
    }

    /// 500 `internal-error` for a failure that only the log should know.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::of(&problems::INTERNAL_ERROR)
            .detail("try again later; when it persists, report the instance")
            .because(cause)
    }

    /// 413 `content-too-large`, naming the limit.
    pub(crate) fn content_too_large(limit_bytes: usize) -> Self {
        Self::of(&problems::CONTENT_TOO_LARGE)
            .detail(format!("send at most {limit_bytes} bytes"))
            .with("maxBodyBytes", limit_bytes)
    }

    /// What happened this time and what to do about it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds to `errors` a place in the body, as a JSON pointer (RFC 6901), and what is wrong there.
    #[must_use]
    pub fn pointer(self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.error("pointer", pointer.into(), detail.into())
    }

    /// Adds to `errors` a route or query parameter and what is wrong with it.
    #[must_use]
    pub fn parameter(self, parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        self.error("parameter", parameter.into(), detail.into())
    }

    /// Adds to `errors` a request header and what is wrong with it.
    #[must_use]
    pub fn header_error(self, header: impl Into<String>, detail: impl Into<String>) -> Self {
        self.error("header", header.into(), detail.into())
    }

    /// Adds an extension member. Standard members and `errors` cannot be replaced; a value that
    /// does not serialise becomes null.
    #[must_use]
    pub fn with(mut self, member: impl Into<String>, value: impl Serialize) -> Self {
        self.0.members.push((member.into(), serde_json::to_value(value).unwrap_or(Value::Null)));
        self
    }

    /// Adds a header to the answer, such as `Allow` or `ETag`. A value that HTTP cannot carry is left out.
    #[must_use]
    pub fn response_header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.0.headers.append(name, value);
        }
        self
    }

    /// Says when to try again, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.response_header(RETRY_AFTER, seconds)
    }

    /// The cause, for the log only.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.because = Some(cause.to_string());
        self
    }

    /// The status.
    pub fn status(&self) -> ErrorStatus {
        self.0.status
    }

    /// The kind of problem.
    pub fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The cause given with [`Problem::because`].
    pub fn cause(&self) -> Option<&str> {
        self.0.because.as_deref()
    }

    fn error(mut self, kind: &'static str, place: String, detail: String) -> Self {
        self.0.errors.push(FieldError { kind, place, detail });
        self
    }

    /// The document as clients see it.
    pub(crate) fn to_json(&self, types: &str, invocation: Option<&str>) -> Value {
        let parts = &self.0;
        let mut document: Map<String, Value> = parts.members.iter().cloned().collect();
        document.insert("type".to_owned(), json!(format!("{types}{}", parts.slug)));
        document.insert("title".to_owned(), json!(parts.title));
        document.insert("status".to_owned(), json!(parts.status.code().as_u16()));
        if let Some(detail) = &parts.detail {
            document.insert("detail".to_owned(), json!(detail));
        }
        if let Some(invocation) = invocation {
            document.insert("instance".to_owned(), json!(format!("urn:uuid:{invocation}")));
        }
        if !parts.errors.is_empty() {
            let errors = parts
                .errors
                .iter()
                .map(|error| json!({ error.kind: error.place, "detail": error.detail }));
            document.insert("errors".to_owned(), errors.collect());
        }
        Value::Object(document)
    }

    /// Its headers, the content type included.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = self.0.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        write!(f, "{} {}: ", parts.status.code().as_u16(), parts.slug)?;
        f.write_str(parts.detail.as_deref().unwrap_or(&parts.title))?;
        parts.because.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({self})")
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_problem_reads_as_the_rfc_asks() {
        let problem = Problem::new(
            ErrorStatus::UnprocessableContent,
            "invalid-profile",
            "The profile is not valid",
        )
        .detail("correct the two fields")
        .pointer("/age", "must be at least 18")
        .parameter("limit", "must be at most 100")
        .header_error("If-Match", "is not an entity tag")
        .with("minimumAge", 18)
        .with("status", "cannot be replaced")
        .because("rule 7");
        assert_eq!(
            problem.to_json("/v1/docs#", Some("6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11")),
            json!({
                "type": "/v1/docs#invalid-profile",
                "title": "The profile is not valid",
                "status": 422,
                "detail": "correct the two fields",
                "instance": "urn:uuid:6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11",
                "errors": [
                    { "pointer": "/age", "detail": "must be at least 18" },
                    { "parameter": "limit", "detail": "must be at most 100" },
                    { "header": "If-Match", "detail": "is not an entity tag" },
                ],
                "minimumAge": 18,
            })
        );
        assert_eq!(problem.to_string(), "422 invalid-profile: correct the two fields (rule 7)");
    }

    #[test]
    fn the_cause_is_for_the_log_only() {
        let problem = Problem::internal("connection string is wrong");
        assert!(!problem.to_json("", None).to_string().contains("connection"));
        assert_eq!(problem.cause(), Some("connection string is wrong"));
        assert!(problem.status().is_server_error());
    }

    #[test]
    fn retry_after_rounds_up_to_whole_seconds() {
        let problem = Problem::new(ErrorStatus::ServiceUnavailable, "busy", "Busy")
            .retry_after(Duration::from_millis(1200));
        assert_eq!(problem.headers()[RETRY_AFTER], "2");
        assert_eq!(problem.headers()[CONTENT_TYPE], PROBLEM_JSON);
    }
}
