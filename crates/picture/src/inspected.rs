//! What is made of a picture.

use crate::Format;
use bytes::Bytes;
use std::fmt;

/// A picture that was taken: new files made from its pixels, and what is needed to judge it.
#[derive(Clone)]
pub struct Inspected {
    /// Of the uploaded file.
    pub format: Format,
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// One for each frame, in order; the first is of the published picture.
    pub hashes: Vec<FrameHash>,
    /// JPEG files for Azure AI Content Safety: at most 2048 pixels a side and 4 MB each. The first is
    /// the published picture; then, if that is partly transparent, the same over black instead of
    /// white; then the other frames.
    pub for_analysis: Vec<Bytes>,
    /// The picture in full: JPEG, or PNG if it is partly transparent.
    pub original: Encoded,
    /// At most 1600 pixels a side.
    pub large: Encoded,
    /// At most 320 pixels a side.
    pub thumb: Encoded,
    /// A blurred stand-in of about 30 characters (<https://blurha.sh>).
    pub blurhash: String,
}

/// Without its content: a log is no place for somebody's picture.
impl fmt::Debug for Inspected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, width, height, hashes, .. } = self;
        write!(f, "{format:?} of {width} x {height} pixels and {} frames", hashes.len())
    }
}

/// A new file: upright, in sRGB, without any metadata.
#[derive(Clone)]
pub struct Encoded {
    /// `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// The PDQ hash of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHash {
    /// 256 bits, in the order in which PDQ hashes are written as hexadecimal digits.
    pub hash: [u8; 32],
    /// 0 to 100; below [`MIN_QUALITY`](crate::MIN_QUALITY) the picture has too few features to be recognised.
    pub quality: u8,
}
