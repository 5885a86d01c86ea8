//! What the pages of the moderators' console share: who may see them, the frame around them, their forms and words.

mod assets;
mod case_details;
mod entering;
mod form;
mod frame;
mod history;
mod queue;
mod visitor;
mod words;

pub(crate) use assets::ASSETS;
pub(crate) use case_details::{CaseDetails, Holder, Standing};
pub(crate) use entering::enter;
pub(crate) use form::{Action, MAX_FORM_BYTES, Sent};
pub(crate) use frame::{Frame, page, refusal, words_of};
pub(crate) use queue::{Queue, take_next};
pub(crate) use visitor::{Visitor, greyscale_cookie};
pub(crate) use words::{Moment, case_name, judged, lasting, person};
