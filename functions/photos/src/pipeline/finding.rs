//! What an examination ends with.

use crate::domain::{Check, Decision, Reason};
use crate::store::Content;
use std::time::Duration;

/// The end of an examination: what to write.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) check: Check,
    pub(super) contents: Vec<Content>,
}

/// Something did not answer. If there is no more time to try again, `instead` is what to write: a person looks.
#[derive(Debug)]
pub(super) struct Hindrance {
    pub(super) why: String,
    /// When it wants to be asked again.
    pub(super) retry_after: Option<Duration>,
    pub(super) instead: Finding,
}

impl Finding {
    /// A refusal of the upload: there is nothing to keep.
    pub(super) fn refused(reason: Reason) -> Self {
        Self::plain(Decision::Reject(reason))
    }

    /// For a person to look at, without a picture.
    pub(super) fn without_picture(reason: Reason) -> Self {
        Self::plain(Decision::Review(reason))
    }

    fn plain(to: Decision) -> Self {
        let check = Check { to, picture: None, model: None, severities: None };
        Self { check, contents: Vec::new() }
    }
}

impl Hindrance {
    pub(super) fn before_decoding(why: impl ToString) -> Self {
        let instead = Finding::without_picture(Reason::NOT_PROCESSED);
        Self { why: why.to_string(), retry_after: None, instead }
    }
}
