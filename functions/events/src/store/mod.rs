//! How it is kept: which event lies in which file, which capture files were worked at, who was erased, and how far replays are.

mod captures;
mod erasures;
mod lake;
mod replays;
mod shelves;

pub(crate) use captures::{Captures, Position, Worked};
pub(crate) use erasures::Erasures;
pub(crate) use lake::{Lake, LakeError};
pub(crate) use replays::{NotAdvanced, Replays};
pub(crate) use shelves::{Entry, FileOnShelf, Found, Shelves};
