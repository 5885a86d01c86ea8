//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml; those of every app are
//! `public_api::problems`.

use crate::store::LakeError;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::storage_unavailable;

problem_kinds! {
    pub const NO_SUCH_TYPE = NotFound, "no-such-event-type", "There is no such event type";
    pub const NO_SUCH_REPLAY = NotFound, "no-such-replay", "There is no such replay";
    pub const NO_SUCH_ERASURE = NotFound, "no-such-erasure", "There is no such erasure";
    pub const FILE_SPOILT = InternalServerError, "lake-file-spoilt", "A file of the lake cannot be read";
}

pub(crate) fn no_such_type(name: &str) -> Problem {
    Problem::of(&NO_SUCH_TYPE)
        .detail(format!("there is no event type {name:.200}; GET events/v1/types lists all"))
}

pub(crate) fn no_such_replay(id: &str) -> Problem {
    Problem::of(&NO_SUCH_REPLAY).detail(format!("there is no replay with the id {id:.100}"))
}

pub(crate) fn no_such_erasure(id: &str) -> Problem {
    Problem::of(&NO_SUCH_ERASURE).detail(format!(
        "there is no erasure with the id {id:.100}, or it is more than 60 days old"
    ))
}

pub(crate) fn not_read(error: LakeError) -> Problem {
    match error {
        LakeError::Storage(failure) => storage_unavailable(failure),
        spoilt @ LakeError::File { .. } => Problem::of(&FILE_SPOILT).detail(spoilt.to_string()),
    }
}
