//! Why a picture is not taken.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum Failed {
    /// It is the file's fault: trying again changes nothing.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Refusal),
    /// The decoding process could not be started or was busy too long: try again.
    #[error("decoding a picture: {0}")]
    Broken(String),
    /// The decoding process was ended from outside, or kept from working: by the system, which was short of memory, by
    /// the host, which stops, or by a busy machine. Try again, but not for ever: the picture may be what makes the
    /// machine do it.
    #[error("decoding a picture: {0}")]
    Stopped(String),
}

/// A file that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, in kebab case: one of [`Refusal::CODES`].
    pub code: &'static str,
    /// For a person, with what was found and what is allowed. Holds nothing of the file's text.
    pub detail: String,
}

/// Every code of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Code {
    NotAnImage,
    UnsupportedFormat,
    Truncated,
    Corrupt,
    TooManyBytes,
    TooManyPixels,
    TooWideOrHigh,
    TooSmall,
    TooManyFrames,
    TooManyPixelsInAll,
    TooMuchWork,
    TypeMismatch,
    TrailingData,
}

impl Code {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::NotAnImage => "not-an-image",
            Self::UnsupportedFormat => "unsupported-format",
            Self::Truncated => "truncated",
            Self::Corrupt => "corrupt",
            Self::TooManyBytes => "too-many-bytes",
            Self::TooManyPixels => "too-many-pixels",
            Self::TooWideOrHigh => "too-wide-or-high",
            Self::TooSmall => "too-small",
            Self::TooManyFrames => "too-many-frames",
            Self::TooManyPixelsInAll => "too-many-pixels-in-all",
            Self::TooMuchWork => "too-much-work",
            Self::TypeMismatch => "type-mismatch",
            Self::TrailingData => "trailing-data",
        }
    }

    /// A refusal with this code.
    pub(crate) fn because(self, detail: impl Into<String>) -> Refusal {
        Refusal { code: self.name(), detail: detail.into() }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::from(name)).ok()
    }
}

impl Refusal {
    /// Every code there is, for contracts and tests.
    pub const CODES: [&'static str; 13] = [
        Code::NotAnImage.name(),
        Code::UnsupportedFormat.name(),
        Code::Truncated.name(),
        Code::Corrupt.name(),
        Code::TooManyBytes.name(),
        Code::TooManyPixels.name(),
        Code::TooWideOrHigh.name(),
        Code::TooSmall.name(),
        Code::TooManyFrames.name(),
        Code::TooManyPixelsInAll.name(),
        Code::TooMuchWork.name(),
        Code::TypeMismatch.name(),
        Code::TrailingData.name(),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name() {
        for name in Refusal::CODES {
            assert_eq!(Code::named(name).map(Code::name), Some(name));
        }
    }
}
