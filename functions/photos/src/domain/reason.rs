//! Why a photo is where it is: stable codes that clients may depend on.

use super::severity::Category;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// A stable code in kebab-case, such as `too-many-pixels` or `content-violence`; all of them are listed in
/// docs/photos.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Reason(Cow<'static, str>);

impl Reason {
    /// It looks like a picture that was rejected before.
    pub(crate) const KNOWN_IMAGE: Self = Self(Cow::Borrowed("known-image"));
    /// The upload has another length than the ticket.
    pub(crate) const LENGTH_MISMATCH: Self = Self(Cow::Borrowed("length-mismatch"));
    /// The upload has another content type than the ticket.
    pub(crate) const TYPE_MISMATCH: Self = Self(Cow::Borrowed("type-mismatch"));
    /// The upload is larger than any ticket.
    pub(crate) const TOO_MANY_BYTES: Self = Self(Cow::Borrowed("too-many-bytes"));
    /// The upload vanished before it was looked at.
    pub(crate) const UPLOAD_MISSING: Self = Self(Cow::Borrowed("upload-missing"));
    /// Content Safety did not answer for so long that a person must look.
    pub(crate) const NOT_CHECKED: Self = Self(Cow::Borrowed("not-checked"));
    /// Our own pipeline failed again and again; a person must look.
    pub(crate) const NOT_PROCESSED: Self = Self(Cow::Borrowed("not-processed"));

    /// A refusal of the picture itself, by the code that the picture library gives.
    pub(crate) fn picture(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    pub(crate) fn content(category: Category) -> Self {
        Self(Cow::Owned(format!("content-{}", category.slug())))
    }

    /// A moderator's reason from the list; `code` is kebab-case already.
    pub(crate) fn moderator(code: &str) -> Self {
        Self(Cow::Owned(format!("moderator-{code}")))
    }

    /// Whether a moderator found it.
    pub(crate) fn is_moderators(&self) -> bool {
        self.0.starts_with("moderator-")
    }

    /// Whether the picture was rejected for what it shows: such pictures are recognised from then on.
    pub(crate) fn is_about_content(&self) -> bool {
        self.0.starts_with("content-") || self.0.starts_with("moderator-")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
