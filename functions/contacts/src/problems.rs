//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml.

use crate::domain::{ContactId, MAX_QUOTES, NotAsked};
use custom_handler::{Problem, problem_kinds};

problem_kinds! {
    pub const NO_SUCH_CONTACT = NotFound, "no-such-contact", "There is no such contact";
    pub const QUOTE_DIFFERS = Conflict, "quote-differs", "Something else was asked for under this id";
    pub const TOO_MANY_QUOTES = Conflict, "too-many-quotes", "The contact asked for too many quotes";
}

pub(crate) fn no_such_contact(id: ContactId) -> Problem {
    Problem::of(&NO_SUCH_CONTACT).detail(format!("there is no contact with the id {id}"))
}

pub(crate) fn not_asked(id: ContactId, why: NotAsked) -> Problem {
    match why {
        NotAsked::NoContact => no_such_contact(id),
        NotAsked::Differs => Problem::of(&QUOTE_DIFFERS)
            .detail("another service was asked for under this id, and that stays"),
        NotAsked::TooMany => Problem::of(&TOO_MANY_QUOTES)
            .detail(format!("a contact has at most {MAX_QUOTES} quotes")),
    }
}
