//! From an upload to a decision. The functions `uploaded` and `check` both run it, as often as they are called:
//! whatever was done before is found in the photo's document.

mod conclusion;
mod examination;
mod finding;
mod outcome;
mod picture_of;
mod places;
mod run;
mod start;

pub(crate) use outcome::RunError;
pub(crate) use places::Places;
pub(crate) use run::{give_up, run};
