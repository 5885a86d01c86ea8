//! What a client may upload: announced before, held to after.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Largest upload, in bytes.
pub(crate) const MAX_PHOTO_BYTES: u64 = 12 * 1024 * 1024;
/// How long an upload may be begun after its ticket was given.
pub(crate) const TICKET_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// The formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ContentType {
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/webp")]
    Webp,
    #[serde(rename = "image/gif")]
    Gif,
}

impl ContentType {
    pub(crate) const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Gif];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContentType {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("must be one of: {known}")
        })
    }
}

/// The right to upload one blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub(crate) content_type: ContentType,
    /// Bytes; the upload must have exactly this many.
    pub(crate) content_length: u64,
    pub(crate) expires_at: Timestamp,
}

impl Ticket {
    pub(crate) fn new(content_type: ContentType, content_length: u64, now: Timestamp) -> Self {
        Self { content_type, content_length, expires_at: now + TICKET_LIFETIME }
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

/// The length that a client announces, in bytes.
pub(crate) fn parse_length(bytes: u64) -> Result<u64, String> {
    if (1..=MAX_PHOTO_BYTES).contains(&bytes) {
        return Ok(bytes);
    }
    Err(format!("must be from 1 to {MAX_PHOTO_BYTES} bytes"))
}
