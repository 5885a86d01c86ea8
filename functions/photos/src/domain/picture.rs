//! What is known about a picture once it was decoded.

use super::severity::Verdict;
use super::ticket::ContentType;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A form in which a picture is kept and served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Variant {
    /// All its pixels, without metadata.
    Original,
    Large,
    Thumb,
}

impl Variant {
    pub(crate) const ALL: [Self; 3] = [Self::Original, Self::Large, Self::Thumb];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Large => "large",
            Self::Thumb => "thumb",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Variant {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|variant| variant.as_str() == text);
        found.ok_or("must be one of: original, large, thumb")
    }
}

/// One stored variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stored {
    pub(crate) content_type: String,
    pub(crate) bytes: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// SHA-256 of the bytes in hexadecimal: the entity tag, which holds whatever container they lie in.
    pub(crate) digest: String,
}

/// A perceptual hash (PDQ) of one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FrameHash {
    /// 64 hexadecimal digits.
    pub(crate) hash: String,
    /// 0 to 100; below 50 the picture has too little in it to be recognised.
    pub(crate) quality: u8,
    /// What the frame would be without the others; `None` if nothing has looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alone: Option<FrameVerdict>,
}

/// What the bands say of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FrameVerdict {
    Harmless,
    Doubtful,
    Forbidden,
}

impl From<Verdict> for FrameVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Approve => Self::Harmless,
            Verdict::Review(_) => Self::Doubtful,
            Verdict::Reject(_) => Self::Forbidden,
        }
    }
}

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Picture {
    /// What the bytes were, whatever the ticket said.
    pub(crate) format: ContentType,
    pub(crate) original: Stored,
    pub(crate) large: Stored,
    pub(crate) thumb: Stored,
    pub(crate) blurhash: String,
    pub(crate) hashes: Vec<FrameHash>,
}

impl Picture {
    /// The frames that are recognised from now on if the picture is rejected for what it shows. The verdict is about
    /// the whole; a frame that is harmless by itself must not become forbidden because of its neighbours.
    ///
    /// Every frame that the bands reject by itself; and where a moderator rejects, also the published frame, which is
    /// the only one that moderators see, unless what was in doubt was another frame.
    pub(crate) fn condemned(&self, by_moderator: bool) -> Vec<FrameHash> {
        let doubted = |frame: &FrameHash| frame.alone >= Some(FrameVerdict::Doubtful);
        let none_doubted = !self.hashes.iter().any(doubted);
        let only_one = self.hashes.len() == 1;
        let condemned = |(at, frame): &(usize, &FrameHash)| match frame.alone {
            Some(FrameVerdict::Forbidden) => true,
            None if only_one => true,
            _ => by_moderator && *at == 0 && (doubted(frame) || none_doubted),
        };
        let frames = self.hashes.iter().enumerate().filter(condemned);
        frames.map(|(_, frame)| frame.clone()).collect()
    }

    pub(crate) fn variant(&self, variant: Variant) -> &Stored {
        match variant {
            Variant::Original => &self.original,
            Variant::Large => &self.large,
            Variant::Thumb => &self.thumb,
        }
    }
}
