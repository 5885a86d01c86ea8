//! What is sent to the mainframe, where each profile stands with it, and what becomes of what failed: plain values
//! and decisions. No Azure, no HTTP, no clock and no random ids of its own: times and ids come in as arguments.

mod answer;
mod change;
mod ids;
mod letter;
mod message;
#[cfg(test)]
mod model;
pub(crate) mod moment;
mod newest;
mod profile;
mod resend;
mod sync;
#[cfg(test)]
mod sync_tests;

pub(crate) use answer::Answer;
pub(crate) use change::{Change, ChangeDocument, Erased, State};
pub(crate) use ids::{ProfileId, Revision};
pub(crate) use letter::{Letter, LetterState, Occurrence, Reason};
pub(crate) use message::{Message, Origin, payload_prefix};
pub(crate) use newest::newest;
pub(crate) use resend::{Always, Phase, Resend, ResendState, Scope};
pub(crate) use sync::{Dispatch, Patience, Standing, Sync};
