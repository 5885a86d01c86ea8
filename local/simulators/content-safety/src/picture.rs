//! From the bytes of a request to pixels, within the published limits.

use crate::api::Refused;
use image::{ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The largest picture, in bytes: 4 MB.
pub(crate) const MAX_PICTURE_BYTES: usize = 4 << 20;
/// The smallest and largest width and height, in pixels.
pub(crate) const MIN_SIDE: u32 = 50;
pub(crate) const MAX_SIDE: u32 = 7200;
/// Memory that decoding one picture may take: the largest side squared in 32 bits, and what a decoder needs besides.
const MAX_DECODE_BYTES: u64 = 320 << 20;

/// A decoded picture; of a moving one, its first frame.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) format: &'static str,
    pub(crate) pixels: RgbImage,
}

/// Decodes; takes as long as the picture is large, so it belongs on a thread of its own.
pub(crate) fn decode(bytes: &[u8]) -> Result<Picture, Refused> {
    if bytes.is_empty() {
        return Err(Refused::body("the image is empty"));
    }
    if bytes.len() > MAX_PICTURE_BYTES {
        let size = bytes.len();
        return Err(Refused::body(format!(
            "the image has {size} bytes, more than the {MAX_PICTURE_BYTES} that are allowed"
        )));
    }
    let format = recognised(bytes)?;
    let (width, height) = reader(bytes, format).into_dimensions().map_err(unreadable)?;
    let allowed = MIN_SIDE..=MAX_SIDE;
    if !allowed.contains(&width) || !allowed.contains(&height) {
        return Err(Refused::body(format!(
            "the image has {width} x {height} pixels: each side must be from {MIN_SIDE} to {MAX_SIDE}"
        )));
    }
    let picture = reader(bytes, format).decode().map_err(unreadable)?;
    // Transparency goes: a hidden pixel has a colour too.
    Ok(Picture { format: name(format), pixels: picture.into_rgb8() })
}

fn reader(bytes: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    reader.limits(limits);
    reader
}

fn recognised(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    match image::guess_format(bytes) {
        Ok(
            format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP),
        ) => Ok(format),
        // Azure takes these two as well; no client of ours sends them.
        Ok(ImageFormat::Bmp | ImageFormat::Tiff) => {
            Err(Refused::body("this simulator does not decode BMP and TIFF"))
        }
        _ => Err(Refused::body(
            "the image's format is not supported: send JPEG, PNG, GIF, BMP, TIFF or WEBP",
        )),
    }
}

fn unreadable(error: image::ImageError) -> Refused {
    match error {
        image::ImageError::Limits(_) => {
            Refused::body(format!("decoding the image takes more than {MAX_DECODE_BYTES} bytes"))
        }
        other => Refused::body(format!("the image cannot be decoded: {other}")),
    }
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        ImageFormat::Gif => "GIF",
        _ => "WebP",
    }
}
