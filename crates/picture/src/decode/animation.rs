//! GIF and WebP through `image`, which paints the frames of animations onto each other.

use super::{apng, failed};
use crate::pixels::Pixels;
use crate::refusal::Code;
use crate::structure::Facts;
use crate::{Format, Limits, Refusal};
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, ColorType, Frames, ImageDecoder, ImageResult};
use std::io::Cursor;

type Source<'a> = Cursor<&'a [u8]>;

pub(super) fn first_frame(format: Format, file: &[u8], limits: &Limits) -> Result<Pixels, Refusal> {
    let decoded = match format {
        Format::Gif => GifDecoder::new(Cursor::new(file)).and_then(|decoder| read(decoder, limits)),
        _ => WebPDecoder::new(Cursor::new(file)).and_then(|decoder| read(decoder, limits)),
    };
    decoded
        .map_err(|error| failed(&error))?
        .ok_or_else(|| Code::Corrupt.because("its colours make no sense"))
}

fn read(mut decoder: impl ImageDecoder, limits: &Limits) -> ImageResult<Option<Pixels>> {
    let mut most = image::Limits::default();
    most.max_alloc = Some(limits.max_memory_bytes);
    decoder.set_limits(most)?;
    let (width, height) = decoder.dimensions();
    let alpha = match decoder.color_type() {
        ColorType::Rgb8 => false,
        ColorType::Rgba8 => true,
        _ => return Ok(None),
    };
    let length = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    let mut data = vec![0; length];
    decoder.read_image(&mut data)?;
    Ok(Some(Pixels { width, height, alpha, data }))
}

/// Every frame but the published one, each as it is seen, one after the other.
pub(crate) fn other_frames(
    format: Format,
    file: &[u8],
    facts: &Facts,
    limits: &Limits,
    mut each: impl FnMut(Pixels) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if facts.frames < 2 {
        return Ok(());
    }
    let mut each = |mut pixels: Pixels| {
        pixels.settle_alpha();
        each(pixels)
    };
    if format == Format::Png {
        return apng::other_frames(file, facts, limits, each);
    }
    let frames = frames(format, file).map_err(|error| failed(&error))?;
    for frame in frames.take(facts.frames as usize).skip(1) {
        let buffer = frame.map_err(|error| failed(&error))?.into_buffer();
        let (width, height) = buffer.dimensions();
        each(Pixels { width, height, alpha: true, data: buffer.into_raw() })?;
    }
    Ok(())
}

fn frames(format: Format, file: &[u8]) -> ImageResult<Frames<'_>> {
    let source: Source<'_> = Cursor::new(file);
    Ok(match format {
        Format::Gif => GifDecoder::new(source)?.into_frames(),
        Format::Webp | Format::Png | Format::Jpeg => WebPDecoder::new(source)?.into_frames(),
    })
}
