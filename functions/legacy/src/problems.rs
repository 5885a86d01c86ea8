//! The one place that turns what went wrong into a problem document (RFC 9457). Every kind is listed under
//! `x-problems` in openapi.yaml.

use crate::domain::{LetterState, ProfileId};
use crate::lag::Unknown;
use crate::outbox::SendError;
use crate::store::StoreError;
use custom_handler::{EntityTag, ErrorStatus, Problem};
use http::header::ETAG;
use iommi_app::{CosmosFailure, StorageFailure};
use std::fmt::Display;
use std::time::Duration;

/// When to come back if others changed the same thing again and again.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

pub(crate) fn no_such_dead_letter(id: &str) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-dead-letter", "There is no such dead letter")
        .detail(format!(
            "no dead letter has the id {id}; those that were dealt with go after 90 days"
        ))
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-profile", "Nothing was sent for this profile")
        .detail(format!(
            "nothing was sent or answered for {id}; the change feed may not have brought it yet"
        ))
}

pub(crate) fn no_such_resend(id: &str) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-resend", "There is no such resend")
        .detail(format!("no resend has the id {id}; they are kept for 30 days"))
}

pub(crate) fn not_open(state: LetterState) -> Problem {
    Problem::new(ErrorStatus::Conflict, "not-open", "The dead letter was dealt with")
        .detail(format!("it is {}; only an open one can be changed or discarded", state.name()))
}

pub(crate) fn unsendable(detail: impl Display) -> Problem {
    Problem::new(
        ErrorStatus::UnprocessableContent,
        "unsendable",
        "The message cannot be sent as it is",
    )
    .detail(format!("{detail}; edit the message and try again, or discard it with a reason"))
}

pub(crate) fn precondition_failed(tag: &EntityTag) -> Problem {
    Problem::new(ErrorStatus::PreconditionFailed, "precondition-failed", "The resource has changed")
        .detail(format!(
            "the current ETag is {tag}; read again, decide again, and send If-Match: {tag}"
        ))
        .with("currentETag", tag.to_string())
        .response_header(ETAG, tag.to_string())
}

pub(crate) fn busy() -> Problem {
    Problem::new(ErrorStatus::Conflict, "busy", "Too many changes at once")
        .detail("others kept changing the same thing; try again after Retry-After seconds")
        .retry_after(BUSY_RETRY_AFTER)
}

pub(crate) fn invalid_body(pointer: &str, detail: &str) -> Problem {
    let title = "The body does not have the expected shape";
    Problem::new(ErrorStatus::UnprocessableContent, "invalid-body", title)
        .detail(format!("{pointer} {detail}").trim_start().to_owned())
        .pointer(pointer, detail)
}

/// Cosmos DB did not do what we asked: the caller may try again, the log gets the cause.
pub(crate) fn unavailable(failure: CosmosFailure) -> Problem {
    let after = failure.retry_after();
    later(after, failure)
}

pub(crate) fn storage_unavailable(failure: StorageFailure) -> Problem {
    let after = failure.retry_after();
    later(after, failure)
}

pub(crate) fn not_measured(unknown: Unknown) -> Problem {
    match unknown {
        Unknown::Cosmos(failure) => unavailable(failure),
        Unknown::Storage(failure) => storage_unavailable(failure),
    }
}

pub(crate) fn not_sent(error: SendError) -> Problem {
    match error {
        SendError::Storage(failure) => storage_unavailable(failure),
        SendError::Store(StoreError::Busy(_)) => busy(),
        SendError::Store(StoreError::Failed(failure)) => unavailable(failure),
    }
}

fn later(after: Option<Duration>, cause: impl Display) -> Problem {
    let Some(after) = after else { return Problem::internal(cause) };
    let title = "Something we depend on does not answer";
    Problem::new(ErrorStatus::ServiceUnavailable, "unavailable", title)
        .detail("a data store does not answer; try again after Retry-After seconds")
        .retry_after(after)
        .because(cause)
}
