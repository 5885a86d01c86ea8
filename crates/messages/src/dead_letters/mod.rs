//! Dead letters: what any function gives up, or the host moves to a poison queue, is kept in the container
//! `dead-letters` until somebody decides; each decision is recorded.

mod acting;
mod api;
mod app;
mod batch;
mod content;
mod deciding;
mod forgetting;
mod functions;
mod keeping;
mod letter;
mod listing;
mod open_letters;
mod pages;
mod problems;
mod query;
mod report;
mod store;

pub use acting::acting;
pub use app::{About, Count, DeadLetterApp, DeadLetterKeys, DeadLetters, Figure, NotSent};
pub use content::{Content, Form};
pub use functions::{DeadLetterFunctions, WithDeadLetters};
pub(crate) use keeping::{POISON_SUFFIX, keep_poison};
pub use keeping::{keep_given_up, keep_rejected};
pub use letter::{Action, Decision, Letter, LetterState};
pub use open_letters::{OpenLetter, OpenLetters};
pub use report::{GIVEN_UP, Origin, POISON, Report, letter_id};
pub use store::NotKept;
