//! The one place that turns what went wrong into a problem document (RFC 9457). Every kind is listed under
//! `x-problems` in openapi.yaml.

use crate::domain::{CaseRefused, PhotoId, PhotoState, ProfileId};
use custom_handler::{ErrorStatus, Problem, header};
use iommi_app::{CosmosFailure, Refusal, StorageFailure};
use std::time::Duration;

/// When to come back if others changed the same thing again and again.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);
/// When to come back if the app `profiles` does not answer.
const PROFILES_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Fields of the body that are wrong: JSON pointer and what would be right.
pub(crate) fn invalid_body(errors: Vec<(&'static str, String)>) -> Problem {
    let title = "The body does not have the expected shape";
    let named: Vec<String> = errors.iter().map(|(at, error)| format!("{at} {error}")).collect();
    let problem = Problem::new(ErrorStatus::UnprocessableContent, "invalid-body", title)
        .detail(named.join("; "));
    errors.into_iter().fold(problem, |problem, (at, error)| problem.pointer(at, error))
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-profile", "There is no such profile")
        .detail(format!("no profile has the id {id}; it never existed or was erased"))
}

/// The same answer for what does not exist and for what may not be seen: whoever asks learns nothing.
pub(crate) fn no_such_photo(id: PhotoId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-photo", "There is no such photo")
        .detail(format!("no photo with the id {id} can be seen here"))
}

/// A file of the console's pages.
pub(crate) fn no_such_asset(name: &str) -> Problem {
    Problem::new(ErrorStatus::NotFound, "not-found", "There is nothing at this path")
        .detail(format!("the console has no file {name:?}; open its page again"))
}

pub(crate) fn too_many_photos(most: u32) -> Problem {
    let title = "The profile has all the photos it may have";
    Problem::new(ErrorStatus::Conflict, "too-many-photos", title)
        .detail(format!("the limit is {most}; delete another photo first"))
}

pub(crate) fn upload_not_expected(state: PhotoState) -> Problem {
    let title = "The photo does not wait for an upload";
    Problem::new(ErrorStatus::Conflict, "upload-not-expected", title)
        .detail(format!("the photo is {state}; ask for a new ticket to upload another picture"))
}

/// The upload is not what the ticket says: header and what would be right.
pub(crate) fn upload_differs(header: &'static str, expected: String) -> Problem {
    let title = "The upload is not what the ticket says";
    Problem::new(ErrorStatus::UnprocessableContent, "upload-differs", title)
        .detail(format!("{header} must be {expected}, as in the ticket"))
        .header_error(header, format!("must be {expected}"))
}

pub(crate) fn not_appealable() -> Problem {
    Problem::new(ErrorStatus::Conflict, "not-appealable", "The photo cannot be appealed").detail(
        "only a photo that was rejected for what it shows can be appealed, once; upload another one",
    )
}

pub(crate) fn no_such_case() -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-case", "There is no such case")
        .detail("no case has this id; list the open ones with GET /moderation/v1/cases")
}

pub(crate) fn no_picture() -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-picture", "The case has no picture")
        .detail("the photo is gone, or was never decoded")
}

/// The case does not allow this now; the detail says what would be needed.
pub(crate) fn case_refused(refused: CaseRefused) -> Problem {
    let problem = match refused {
        CaseRefused::NotOpen(_) => {
            Problem::new(ErrorStatus::Conflict, "case-not-open", "The case is not open")
        }
        CaseRefused::HeldByAnother { .. } => {
            Problem::new(ErrorStatus::Conflict, "case-held", "Another moderator looks at the case")
        }
        CaseRefused::NotHeld => {
            Problem::new(ErrorStatus::Conflict, "case-not-held", "The case was not taken")
        }
        CaseRefused::OwnDecision => {
            let title = "The appeal is against your decision";
            Problem::new(ErrorStatus::Conflict, "own-decision", title)
        }
        CaseRefused::NoPicture => {
            let title = "There is no picture that could be shown";
            Problem::new(ErrorStatus::Conflict, "nothing-to-approve", title)
        }
        CaseRefused::NothingToUndo | CaseRefused::TooLate { .. } => {
            let title = "There is no decision to take back";
            Problem::new(ErrorStatus::Conflict, "not-undoable", title)
        }
    };
    problem.detail(refused.to_string())
}

pub(crate) fn range_not_satisfiable(length: u64) -> Problem {
    let title = "The range lies outside of the content";
    Problem::new(ErrorStatus::RangeNotSatisfiable, "range-not-satisfiable", title)
        .detail(format!("the content has {length} bytes; ask for some of them, or leave Range out"))
        .header_error("Range", "lies outside of the content")
        .response_header(header::CONTENT_RANGE, format!("bytes */{length}"))
}

pub(crate) fn busy() -> Problem {
    Problem::new(ErrorStatus::Conflict, "busy", "Too many changes at once")
        .detail("others kept changing the same thing; try again after Retry-After seconds")
        .retry_after(BUSY_RETRY_AFTER)
}

/// Cosmos DB did not do what we asked: the client may try again, the log gets the cause.
pub(crate) fn unavailable(failure: CosmosFailure) -> Problem {
    match failure.retry_after() {
        Some(time) => not_answering("the data store", time).because(failure),
        None => Problem::internal(failure),
    }
}

/// As [`unavailable`], of Blob and Queue.
pub(crate) fn storage_unavailable(failure: StorageFailure) -> Problem {
    match failure.retry_after() {
        Some(time) => not_answering("the storage", time).because(failure),
        None => Problem::internal(failure),
    }
}

/// Whether the profile exists cannot be found out.
pub(crate) fn profiles_unavailable(cause: impl std::fmt::Display) -> Problem {
    not_answering("the profiles API", PROFILES_RETRY_AFTER).because(cause)
}

pub(crate) fn not_changed(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Changed => busy(),
        Refusal::Failed(failure) => unavailable(failure),
    }
}

fn not_answering(what: &str, retry_after: Duration) -> Problem {
    let title = "Something we depend on does not answer";
    Problem::new(ErrorStatus::ServiceUnavailable, "unavailable", title)
        .detail(format!("{what} does not answer; try again after Retry-After seconds"))
        .retry_after(retry_after)
}
