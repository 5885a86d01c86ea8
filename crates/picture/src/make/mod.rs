//! Everything that is made of one picture, in order. Runs in the decoding process.

mod encode;
mod resize;
mod small;

use crate::pixels::{Pixels, Upright};
use crate::{Format, Inspected, Limits, Refusal, decode, pdq, structure};
use bytes::Bytes;
use encode::{Chroma, encoded, jpeg_within, original};
use image::metadata::Orientation;
use resize::Source;
pub(crate) use resize::stretched;
use small::{blurhash, for_analysis};

/// Sides in pixels.
const LARGE: u32 = 1600;
const THUMB: u32 = 320;
const FRAME_FOR_ANALYSIS: u32 = 1024;

/// The service takes 4 MB; a frame gets less, so that twenty fit into an answer.
const MAX_ANALYSIS_BYTES: usize = 4_000_000;
const MAX_FRAME_BYTES: usize = 768 << 10;

const WHITE: u8 = 255;
const BLACK: u8 = 0;

/// Checks the file, decodes it, and makes all that is asked for.
pub(crate) fn all(format: Format, file: Vec<u8>, limits: &Limits) -> Result<Inspected, Refusal> {
    let facts = structure::read(format, &file, limits)?;
    let picture = decode::picture(format, &file, &facts, limits)?;
    // What is not needed any more goes before more is made: the sum of both is what counts.
    let file = (facts.frames > 1).then_some(file);
    let chroma = if facts.chroma_is_halved { Chroma::Halved } else { Chroma::Full };
    let mut made = of_picture(format, picture, facts.orientation, chroma)?;
    if let Some(file) = file {
        decode::other_frames(format, &file, &facts, limits, |frame| {
            let frame = Source::new(frame).fit(FRAME_FOR_ANALYSIS).over(WHITE);
            made.hashes.push(pdq::hash(&frame));
            made.for_analysis
                .push(Bytes::from(jpeg_within(&for_analysis(frame), MAX_FRAME_BYTES)?));
            Ok(())
        })?;
    }
    Ok(made)
}

fn of_picture(
    format: Format,
    picture: Pixels,
    orientation: Orientation,
    chroma: Chroma,
) -> Result<Inspected, Refusal> {
    let upright = Upright { stored: &picture, orientation };
    let (width, height) = upright.size();
    let original = original(upright, chroma)?;
    let stored = Source::new(picture).fit(LARGE);
    let large = Upright { stored: &stored, orientation }.to_pixels();
    let seen = large.over(WHITE);
    let hashes = vec![pdq::hash(&seen)];
    let thumb = Source::new(large.clone()).fit(THUMB);
    let blurhash = blurhash(&thumb.over(WHITE))?;
    let large_file = encoded(&large)?;
    let mut analysed = Vec::new();
    if !large.alpha && small::fits_analysis(&large) && large_file.bytes.len() <= MAX_ANALYSIS_BYTES
    {
        analysed.push(large_file.bytes.clone());
    } else {
        analysed.push(Bytes::from(jpeg_within(&for_analysis(seen), MAX_ANALYSIS_BYTES)?));
    }
    if large.alpha {
        // White on nothing is invisible on white, and is what a viewer with a dark page shows.
        analysed
            .push(Bytes::from(jpeg_within(&for_analysis(large.over(BLACK)), MAX_ANALYSIS_BYTES)?));
    }
    let thumb = encoded(&thumb)?;
    Ok(Inspected {
        format,
        width,
        height,
        hashes,
        for_analysis: analysed,
        original,
        large: large_file,
        thumb,
        blurhash,
    })
}
