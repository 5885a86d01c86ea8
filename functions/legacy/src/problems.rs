//! The one place that turns what went wrong into a problem document (RFC 9457); what all apps share is `public_api`'s.
//! Every kind is explained under `x-problems` of openapi.yaml.

use crate::domain::ProfileId;
use crate::lag::Unknown;
use crate::outbox::SendError;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::{not_changed, storage_unavailable, unavailable};

problem_kinds! {
    /// The change feed has not brought it, or there is none.
    pub(crate) const NO_SUCH_PROFILE = NotFound, "no-such-profile", "Nothing was sent for this profile";
    /// It has expired, or never was.
    pub(crate) const NO_SUCH_RESEND = NotFound, "no-such-resend", "There is no such resend";
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::of(&NO_SUCH_PROFILE).detail(format!(
        "nothing was sent or answered for {id}; the change feed may not have brought it yet"
    ))
}

pub(crate) fn no_such_resend(id: &str) -> Problem {
    Problem::of(&NO_SUCH_RESEND)
        .detail(format!("no resend has the id {id}; they are kept for 30 days"))
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
        SendError::Store(error) => not_changed(error, |never| match never {}),
    }
}
