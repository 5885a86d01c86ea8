//! What can go wrong with dead letters, as problem documents (RFC 9457).

use super::letter::{Letter, LetterState};
use custom_handler::{EntityTag, Problem, problem_kinds};
use public_api::problems;
use std::fmt::Display;
use values::Violations;

problem_kinds! {
    /// No letter has the id.
    pub const NO_SUCH_DEAD_LETTER = NotFound, "no-such-dead-letter", "There is no such dead letter";
    /// Somebody has decided about it.
    pub const NOT_OPEN = Conflict, "not-open", "The dead letter was dealt with";
    /// Its message cannot be re-driven.
    pub const UNSENDABLE = UnprocessableContent, "unsendable", "The message cannot be sent as it is";
}

pub(super) fn no_such_dead_letter(id: &str) -> Problem {
    Problem::of(&NO_SUCH_DEAD_LETTER).detail(format!(
        "no dead letter has the id {id}; those that were dealt with go after 90 days"
    ))
}

pub(super) fn not_open(state: LetterState) -> Problem {
    Problem::of(&NOT_OPEN)
        .detail(format!("it is {}; only an open one can be changed or discarded", state.name()))
}

pub(super) fn unsendable(detail: impl Display) -> Problem {
    Problem::of(&UNSENDABLE)
        .detail(format!("{detail}; edit the message and try again, or discard it with a reason"))
}

pub(super) fn entity_tag(letter: &Letter) -> EntityTag {
    EntityTag::strong(letter.version.to_string()).expect("digits are fit for an entity tag")
}

pub(super) fn precondition_failed(letter: &Letter) -> Problem {
    problems::precondition_failed(&entity_tag(letter))
}

pub(super) fn invalid_body(pointer: &str, detail: impl Into<String>) -> Problem {
    problems::invalid_body(Violations::one(pointer, detail))
}
