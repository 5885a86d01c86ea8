//! What the pages of the moderators' console share: who may see them, the frame around them, their forms and words.

mod case_view;
mod form;
mod frame;
mod history;
mod queue;
mod visitor;
mod words;

pub(crate) use case_view::{CaseView, Holder, Standing};
pub(crate) use form::{Action, MAX_FORM_BYTES, Sent};
pub(crate) use frame::{Frame, page, refusal, see_other, words_of};
pub(crate) use queue::{Queue, take_next};
pub(crate) use visitor::{Visitor, enter, greyscale_cookie};
pub(crate) use words::{Moment, case_name, judged, lasting, person};
