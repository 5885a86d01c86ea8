//! What is sent to the mainframe and where each profile stands with it: plain values and decisions. No Azure, no HTTP,
//! no clock and no random ids of its own: times and ids come in as arguments.

mod answer;
mod answering;
mod behind;
#[cfg(test)]
mod behind_tests;
mod change;
mod ids;
mod newest;
mod profile;
mod resend;
mod sending;
#[cfg(test)]
mod sending_tests;
mod sync;
#[cfg(test)]
mod sync_tests;

pub(crate) use answer::{Answer, Answered};
pub(crate) use answering::Next;
pub(crate) use behind::Judgement;
#[cfg(test)]
pub(crate) use behind::Version;
pub(crate) use change::{Change, ChangeDocument, Erased, State};
pub(crate) use ids::{ProfileId, Revision};
pub(crate) use newest::newest;
pub(crate) use resend::{Always, Phase, Resend, ResendState, Scope};
pub(crate) use sending::{Dispatch, Forward};
pub(crate) use sync::{Patience, Standing, Sync};
