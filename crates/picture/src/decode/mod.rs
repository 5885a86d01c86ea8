//! From a file to pixels in sRGB. Runs in the decoding process.

mod animation;
mod apng;
mod colour;
mod jpeg;
mod png;

use crate::pixels::Pixels;
use crate::refusal::Code;
use crate::structure::Facts;
use crate::{Format, Limits, Refusal};
pub(crate) use animation::other_frames;
use std::error::Error;
use std::io;

/// The picture to publish: of an animation the first.
pub(crate) fn picture(
    format: Format,
    file: &[u8],
    facts: &Facts,
    limits: &Limits,
) -> Result<Pixels, Refusal> {
    let (mut pixels, profile) = match format {
        Format::Jpeg => (jpeg::decode(file, limits)?, None),
        Format::Png => png::decode(file, limits)?,
        Format::Webp | Format::Gif => (animation::first_frame(format, file, limits)?, None),
    };
    if (pixels.width, pixels.height) != (facts.width, facts.height) {
        return Err(Code::Corrupt.because("its header and its content differ in size"));
    }
    if let Some(profile) = profile.as_deref().or(facts.icc.as_deref()) {
        colour::to_srgb(&mut pixels, profile);
    }
    pixels.settle_alpha();
    Ok(pixels)
}

/// A decoder's error. Its text goes no further: it may quote the file.
fn failed(error: &(dyn Error + 'static)) -> Refusal {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let ended = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if ended == Some(io::ErrorKind::UnexpectedEof) {
            return Code::Truncated.because("its content ends before the picture does");
        }
        cause = error.source();
    }
    Code::Corrupt.because("its content cannot be decoded")
}
