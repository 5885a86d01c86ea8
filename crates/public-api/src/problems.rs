//! What can go wrong in any app, as problem documents (RFC 9457). An app's own kinds stand in its `problems.rs`; every
//! kind is explained under `x-problems` of a contract, these in this crate's `openapi.yaml`.

use azure_data::{ChangeError, CosmosFailure, Exhausted, StorageFailure, WriteError};
use custom_handler::problems::{
    INVALID_BODY, INVALID_HEADER, NOT_FOUND, PRECONDITION_FAILED, PRECONDITION_REQUIRED,
};
use custom_handler::{EntityTag, Problem, header, problem_kinds};
use std::{fmt::Display, time::Duration};
use values::{Violation, Violations};

problem_kinds! {
    /// Others changed the same thing again and again.
    pub const BUSY = Conflict, "busy", "Too many changes at once";
    /// A data store or another service does not answer.
    pub const UNAVAILABLE = ServiceUnavailable, "unavailable", "Something we depend on does not answer";
}

/// Most entries in the `errors` of a problem.
pub const MAX_ERRORS: usize = 50;
/// When to come back if others changed the same thing again and again.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// 422 `invalid-body`: everything that is wrong with a body, each with its place.
#[must_use]
pub fn invalid_body(violations: Violations) -> Problem {
    let detail = match violations.as_slice() {
        [one] => one.to_string(),
        many if many.len() > MAX_ERRORS => {
            format!("{} fields are wrong; the first {MAX_ERRORS} are listed", many.len())
        }
        many => format!("{} fields are wrong", many.len()),
    };
    with_errors(Problem::of(&INVALID_BODY).detail(detail), violations)
}

/// Puts at most [`MAX_ERRORS`] violations into the `errors` of a problem.
#[must_use]
pub fn with_errors(problem: Problem, violations: impl IntoIterator<Item = Violation>) -> Problem {
    violations
        .into_iter()
        .take(MAX_ERRORS)
        .fold(problem, |problem, Violation { pointer, detail }| problem.pointer(pointer, detail))
}

/// 404 `not-found`: the path has a route, and still nothing is there, such as a file of a page that no longer exists.
#[must_use]
pub fn not_found(detail: impl Into<String>) -> Problem {
    Problem::of(&NOT_FOUND).detail(detail)
}

/// 412 `precondition-failed`, and which version would match.
#[must_use]
pub fn precondition_failed(current: &EntityTag) -> Problem {
    Problem::of(&PRECONDITION_FAILED)
        .detail(format!(
            "the current ETag is {current}; read again, decide again, and send If-Match: {current}"
        ))
        .with("currentETag", current.to_string())
        .response_header(header::ETAG, current.to_string())
}

/// 428 `precondition-required` for a PUT that may add or replace; `thing` is what, such as `the service`.
#[must_use]
pub fn add_or_replace(thing: &str) -> Problem {
    Problem::of(&PRECONDITION_REQUIRED)
        .detail(format!(
            "send If-Match with the ETag to replace {thing}, or If-None-Match: * to add it"
        ))
        .header_error("If-Match", "is missing")
}

/// 400 `invalid-header` for a PUT that says both, or names versions that must not be.
#[must_use]
pub fn one_condition() -> Problem {
    Problem::of(&INVALID_HEADER)
        .detail("send either If-Match with an ETag or If-None-Match: *, not both and nothing else")
        .header_error("If-None-Match", "may only be *, and not together with If-Match")
}

/// 409 `busy`: the client may try again in a second.
#[must_use]
pub fn busy() -> Problem {
    Problem::of(&BUSY)
        .detail("others kept changing the same thing; try again after Retry-After seconds")
        .retry_after(BUSY_RETRY_AFTER)
}

/// 409 `busy`, of a change that met others too often.
#[must_use]
pub fn exhausted(exhausted: Exhausted) -> Problem {
    busy().because(exhausted)
}

/// 503 `unavailable`: Cosmos DB did not do what we asked. The client may try again, the log gets the cause; 500 if
/// trying again will not help.
#[must_use]
pub fn unavailable(failure: CosmosFailure) -> Problem {
    match failure.retry_after() {
        Some(time) => not_answering("the data store", time).because(failure),
        None => Problem::internal(failure),
    }
}

/// As [`unavailable`], of Blob and Queue Storage.
#[must_use]
pub fn storage_unavailable(failure: StorageFailure) -> Problem {
    match failure.retry_after() {
        Some(time) => not_answering("the storage", time).because(failure),
        None => Problem::internal(failure),
    }
}

/// 503 `unavailable`: `what` does not answer, such as `the profiles API`. Give it a cause for the log.
#[must_use]
pub fn not_answering(what: impl Display, retry_after: Duration) -> Problem {
    Problem::of(&UNAVAILABLE)
        .detail(format!("{what} does not answer; try again after Retry-After seconds"))
        .retry_after(retry_after)
}

/// Of a write that is not tried again: somebody else was faster, or the data store failed.
#[must_use]
pub fn not_written(error: WriteError) -> Problem {
    match error {
        WriteError::Conflict => busy(),
        WriteError::Failed(failure) => unavailable(failure),
    }
}

/// Of a change that was tried again and again; `refused` answers the app's own reason.
///
/// ```
/// # use azure_data::ChangeError;
/// # use custom_handler::Problem;
/// # use public_api::problems;
/// # struct SoldOut;
/// # fn sold_out(_: SoldOut) -> Problem { problems::busy() }
/// fn taken(change: Result<u32, ChangeError<SoldOut>>) -> Result<u32, Problem> {
///     change.map_err(|error| problems::not_changed(error, sold_out))
/// }
/// ```
#[must_use]
pub fn not_changed<E>(error: ChangeError<E>, refused: impl FnOnce(E) -> Problem) -> Problem {
    match error {
        ChangeError::Refused(reason) => refused(reason),
        ChangeError::Exhausted(reason) => exhausted(reason),
        ChangeError::Failed(failure) => unavailable(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(count: usize) -> Violations {
        let violation = |n| Violation { pointer: format!("/{n}"), detail: "is required".into() };
        Violations::collect((0..count).map(violation).collect()).unwrap_err()
    }

    #[test]
    fn one_mistake_is_told_in_the_detail_and_many_are_counted() {
        let told = |count| invalid_body(violations(count)).to_string();
        assert_eq!(told(1), "422 invalid-body: /0 is required");
        assert_eq!(told(2), "422 invalid-body: 2 fields are wrong");
        assert_eq!(told(51), "422 invalid-body: 51 fields are wrong; the first 50 are listed");
        let whole = Violations::one("", "the body must be a JSON object, not null");
        assert_eq!(
            invalid_body(whole).to_string(),
            "422 invalid-body: the body must be a JSON object, not null"
        );
    }

    #[test]
    fn a_stale_version_is_told_the_current_one() {
        let tag = EntityTag::strong("3").unwrap();
        assert_eq!(
            precondition_failed(&tag).to_string(),
            "412 precondition-failed: the current ETag is \"3\"; read again, decide again, and send If-Match: \"3\""
        );
    }

    #[test]
    fn the_app_answers_its_own_reason_and_we_the_others() {
        let refused = |_: ()| add_or_replace("the cake");
        let own = not_changed(ChangeError::Refused(()), refused);
        assert!(own.to_string().starts_with("428 precondition-required: send If-Match with"));
        assert_eq!(not_written(WriteError::Conflict).slug(), "busy");
    }
}
