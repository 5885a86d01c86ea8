//! What others see: the mainframe, and those who call the API.

mod behind;
mod event;
mod letter;
mod standing;

pub(crate) use behind::{BEHIND, revision_behind};
pub(crate) use event::{Message, SENT, is_erasure, payload_prefix};
pub(crate) use letter::LetterView;
pub(crate) use standing::StandingView;
