//! What was sent, where it lies in the lake, and what of it is meant. No Azure, no HTTP, no clock.

mod capture_name;
mod event;
mod hour;
mod progress;
mod replay;
mod shelf;

pub(crate) use capture_name::CaptureName;
pub(crate) use event::Event;
pub(crate) use hour::Hour;
pub(crate) use progress::{Checkpoint, Progress, Standing};
pub(crate) use replay::{Cursor, LeftOut, Replay, ReplayState, Wish};
pub(crate) use shelf::{Shelf, Source};
