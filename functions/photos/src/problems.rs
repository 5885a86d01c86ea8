//! What can go wrong in this app only, as problem documents (RFC 9457). Every kind is explained under `x-problems` in
//! openapi.yaml; those that all apps share are in `public_api::problems`.

use crate::domain::{CaseRefused, PhotoId, PhotoState, ProfileId};
use custom_handler::{Problem, header, problem_kinds, problems::INVALID_BODY};
use public_api::problems::{not_answering, not_found};
use std::time::Duration;

problem_kinds! {
    /// It never existed, or was erased.
    const NO_SUCH_PROFILE = NotFound, "no-such-profile", "There is no such profile";
    /// Does not exist, or may not be seen.
    const NO_SUCH_PHOTO = NotFound, "no-such-photo", "There is no such photo";
    /// Another photo has to go first.
    const TOO_MANY_PHOTOS = Conflict, "too-many-photos", "The profile has all the photos it may have";
    /// The ticket was used, or its time is over.
    const UPLOAD_NOT_EXPECTED = Conflict, "upload-not-expected", "The photo does not wait for an upload";
    /// Another type or length.
    const UPLOAD_DIFFERS = UnprocessableContent, "upload-differs", "The upload is not what the ticket says";
    /// Not rejected for what it shows, or appealed before.
    const NOT_APPEALABLE = Conflict, "not-appealable", "The photo cannot be appealed";
    /// No case has the id.
    const NO_SUCH_CASE = NotFound, "no-such-case", "There is no such case";
    /// Its photo is gone, or was never decoded.
    const NO_PICTURE = NotFound, "no-picture", "The case has no picture";
    /// It was decided or closed.
    const CASE_NOT_OPEN = Conflict, "case-not-open", "The case is not open";
    /// Somebody else has the lease.
    const CASE_HELD = Conflict, "case-held", "Another moderator looks at the case";
    /// Nobody has the lease.
    const CASE_NOT_HELD = Conflict, "case-not-held", "The case was not taken";
    /// Another moderator must look.
    const OWN_DECISION = Conflict, "own-decision", "The appeal is against your decision";
    /// The photo can only be rejected.
    const NOTHING_TO_APPROVE = Conflict, "nothing-to-approve", "There is no picture that could be shown";
    /// There is none, or it is too old.
    const NOT_UNDOABLE = Conflict, "not-undoable", "There is no decision to take back";
    /// It starts behind the end.
    const RANGE_NOT_SATISFIABLE = RangeNotSatisfiable, "range-not-satisfiable", "The range lies outside of the content";
}

/// When to come back if the app `profiles` does not answer.
const PROFILES_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Fields of the body that are wrong, all in the detail: JSON pointer and what would be right.
pub(crate) fn invalid_body(errors: impl IntoIterator<Item = (&'static str, String)>) -> Problem {
    let errors: Vec<_> = errors.into_iter().collect();
    let named: Vec<String> = errors.iter().map(|(at, error)| format!("{at} {error}")).collect();
    let problem = Problem::of(&INVALID_BODY).detail(named.join("; "));
    errors.into_iter().fold(problem, |problem, (at, error)| problem.pointer(at, error))
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::of(&NO_SUCH_PROFILE)
        .detail(format!("no profile has the id {id}; it never existed or was erased"))
}

/// The same answer for what does not exist and for what may not be seen: whoever asks learns nothing.
pub(crate) fn no_such_photo(id: PhotoId) -> Problem {
    Problem::of(&NO_SUCH_PHOTO).detail(format!("no photo with the id {id} can be seen here"))
}

/// A file of the console's pages.
pub(crate) fn no_such_asset(name: &str) -> Problem {
    not_found(format!("the console has no file {name:?}; open its page again"))
}

pub(crate) fn too_many_photos(most: u32) -> Problem {
    Problem::of(&TOO_MANY_PHOTOS).detail(format!("the limit is {most}; delete another photo first"))
}

pub(crate) fn upload_not_expected(state: PhotoState) -> Problem {
    Problem::of(&UPLOAD_NOT_EXPECTED)
        .detail(format!("the photo is {state}; ask for a new ticket to upload another picture"))
}

/// The upload is not what the ticket says: header and what would be right.
pub(crate) fn upload_differs(header: &'static str, expected: String) -> Problem {
    Problem::of(&UPLOAD_DIFFERS)
        .detail(format!("{header} must be {expected}, as in the ticket"))
        .header_error(header, format!("must be {expected}"))
}

pub(crate) fn not_appealable() -> Problem {
    Problem::of(&NOT_APPEALABLE).detail(
        "only a photo that was rejected for what it shows can be appealed, once; upload another one",
    )
}

pub(crate) fn no_such_case() -> Problem {
    Problem::of(&NO_SUCH_CASE)
        .detail("no case has this id; list the open ones with GET /moderation/v1/cases")
}

pub(crate) fn no_picture() -> Problem {
    Problem::of(&NO_PICTURE).detail("the photo is gone, or was never decoded")
}

/// The case does not allow this now; the detail says what would be needed.
pub(crate) fn case_refused(refused: CaseRefused) -> Problem {
    let problem = match refused {
        CaseRefused::NotOpen(_) => Problem::of(&CASE_NOT_OPEN),
        CaseRefused::HeldByAnother { .. } => Problem::of(&CASE_HELD),
        CaseRefused::NotHeld => Problem::of(&CASE_NOT_HELD),
        CaseRefused::OwnDecision => Problem::of(&OWN_DECISION),
        CaseRefused::NoPicture => Problem::of(&NOTHING_TO_APPROVE),
        CaseRefused::NothingToUndo | CaseRefused::TooLate { .. } => Problem::of(&NOT_UNDOABLE),
    };
    problem.detail(refused.to_string())
}

pub(crate) fn range_not_satisfiable(length: u64) -> Problem {
    Problem::of(&RANGE_NOT_SATISFIABLE)
        .detail(format!("the content has {length} bytes; ask for some of them, or leave Range out"))
        .header_error("Range", "lies outside of the content")
        .response_header(header::CONTENT_RANGE, format!("bytes */{length}"))
}

/// Whether the profile exists cannot be found out.
pub(crate) fn profiles_unavailable(cause: impl std::fmt::Display) -> Problem {
    not_answering("the profiles API", PROFILES_RETRY_AFTER).because(cause)
}
