//! What an examination ends with.

use crate::domain::{Check, Decision, Reason};
use crate::store::Content;
use std::time::Duration;

/// The end of an examination: what to write.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) check: Check,
    pub(super) contents: Vec<Content>,
    /// SHA-256 of the upload in hexadecimal, if it was read.
    pub(super) upload_digest: Option<String>,
}

/// Something did not answer. If there is no more time to try again, `instead` is what to write: a person looks.
#[derive(Debug)]
pub(super) struct Hindrance {
    pub(super) why: String,
    /// When it wants to be asked again.
    pub(super) retry_after: Option<Duration>,
    /// The machine ended the decoding. If it does so again and again, that may be because of the picture.
    pub(super) decoder_stopped: bool,
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

    pub(super) fn made(check: Check, contents: Vec<Content>) -> Self {
        Self { check, contents, upload_digest: None }
    }

    /// Of this upload.
    pub(super) fn of_upload(self, digest: &str) -> Self {
        Self { upload_digest: Some(digest.to_owned()), ..self }
    }

    fn plain(to: Decision) -> Self {
        let check = Check { to, picture: None, model: None, severities: None };
        Self::made(check, Vec::new())
    }
}

impl Hindrance {
    pub(super) fn before_decoding(why: impl ToString) -> Self {
        let instead = Finding::without_picture(Reason::NOT_PROCESSED);
        Self { why: why.to_string(), retry_after: None, decoder_stopped: false, instead }
    }

    /// About this upload.
    pub(super) fn of_upload(self, digest: &str) -> Self {
        Self { instead: self.instead.of_upload(digest), ..self }
    }

    pub(super) fn decoder_stopped(why: String) -> Self {
        Self { decoder_stopped: true, ..Self::before_decoding(why) }
    }

    /// Content Safety, or the memory of pictures, did not answer about a picture that was decoded.
    pub(super) fn after_decoding(
        why: String,
        retry_after: Option<Duration>,
        instead: Finding,
    ) -> Self {
        Self { why, retry_after, decoder_stopped: false, instead }
    }
}
