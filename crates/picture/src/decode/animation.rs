//! GIF, WebP and the frames of animations through `image`, which paints frames onto each other.

use super::failed;
use crate::pixels::Pixels;
use crate::refusal::Code;
use crate::structure::Facts;
use crate::{Format, Limits, Refusal};
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
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
    mut each: impl FnMut(Pixels) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if facts.frames < 2 {
        return Ok(());
    }
    let frames = frames(format, file).map_err(|error| failed(&error))?;
    for frame in frames.take(facts.frames as usize).skip(usize::from(facts.first_frame_is_picture))
    {
        let buffer = frame.map_err(|error| failed(&error))?.into_buffer();
        let (width, height) = buffer.dimensions();
        let mut pixels = Pixels { width, height, alpha: true, data: buffer.into_raw() };
        pixels.settle_alpha();
        each(pixels)?;
    }
    Ok(())
}

fn frames(format: Format, file: &[u8]) -> ImageResult<Frames<'_>> {
    let source: Source<'_> = Cursor::new(file);
    Ok(match format {
        Format::Gif => GifDecoder::new(source)?.into_frames(),
        Format::Png => PngDecoder::new(source)?.apng()?.into_frames(),
        Format::Webp | Format::Jpeg => WebPDecoder::new(source)?.into_frames(),
    })
}
