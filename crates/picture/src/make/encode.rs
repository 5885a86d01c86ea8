//! New files from pixels. They hold nothing else: no profile (they are in sRGB), no text, no Exif.

use super::resize::halved;
use crate::pixels::{Pixels, Upright};
use crate::refusal::Code;
use crate::{Encoded, Refusal};
use bytes::Bytes;
use image::metadata::Orientation;
use jpeg_encoder::{
    ColorType, Encoder, EncodingError, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr,
};
use std::cell::RefCell;
use std::io::{self, Write};

const ORIGINAL_QUALITY: u8 = 90;
const VARIANT_QUALITY: u8 = 82;

/// For a file that must not be larger than so much, one after the other.
const QUALITIES: [u8; 4] = [82, 65, 40, 15];

/// Of the published original. One that would be larger (a WebP of noise, as PNG) is published smaller.
const MAX_ORIGINAL_BYTES: usize = 20 << 20;
const SMALLER_TRIES: u32 = 6;

/// How exactly colour is kept: photos have it at half the resolution already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chroma {
    Halved,
    Full,
}

/// The picture in full, or as much of it as may be.
pub(super) fn original(picture: Upright<'_>, chroma: Chroma) -> Result<Encoded, Refusal> {
    if let Some(file) = file(picture, ORIGINAL_QUALITY, chroma, MAX_ORIGINAL_BYTES)? {
        return Ok(file);
    }
    let mut smaller = halved(picture.stored);
    for _ in 0..SMALLER_TRIES {
        let upright = Upright { stored: &smaller, ..picture };
        if let Some(file) = file(upright, ORIGINAL_QUALITY, chroma, MAX_ORIGINAL_BYTES)? {
            return Ok(file);
        }
        smaller = halved(&smaller);
    }
    Err(unwritable())
}

/// A variant: small enough already.
pub(super) fn encoded(picture: &Pixels) -> Result<Encoded, Refusal> {
    let upright = Upright { stored: picture, orientation: Orientation::NoTransforms };
    file(upright, VARIANT_QUALITY, Chroma::Halved, usize::MAX)?.ok_or_else(unwritable)
}

/// A JPEG of at most so many bytes.
pub(super) fn jpeg_within(picture: &Pixels, most: usize) -> Result<Vec<u8>, Refusal> {
    let upright = Upright { stored: picture, orientation: Orientation::NoTransforms };
    for quality in QUALITIES {
        if let Some(file) = jpeg(upright, quality, Chroma::Halved, most)? {
            return Ok(file);
        }
    }
    Err(unwritable())
}

fn unwritable() -> Refusal {
    Code::TooMuchWork.because("no file of a sensible size can be made of it")
}

/// `None`: it would be longer than `most`.
fn file(
    picture: Upright<'_>,
    quality: u8,
    chroma: Chroma,
    most: usize,
) -> Result<Option<Encoded>, Refusal> {
    let (content_type, bytes) = match picture.stored.alpha {
        true => ("image/png", png(picture, most)?),
        false => ("image/jpeg", jpeg(picture, quality, chroma, most)?),
    };
    let (width, height) = picture.size();
    Ok(bytes.map(|bytes| Encoded { content_type, bytes: Bytes::from(bytes), width, height }))
}

fn jpeg(
    picture: Upright<'_>,
    quality: u8,
    chroma: Chroma,
    most: usize,
) -> Result<Option<Vec<u8>>, Refusal> {
    let mut file = Bounded { bytes: Vec::new(), most };
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(match chroma {
        Chroma::Halved => SamplingFactor::F_2_2,
        Chroma::Full => SamplingFactor::F_1_1,
    });
    let (width, height) = picture.size();
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
        return Err(unwritable());
    };
    let written = if picture.orientation == Orientation::NoTransforms {
        encoder.encode(&picture.stored.data, width, height, ColorType::Rgb)
    } else {
        encoder.encode_image(Turned { picture, width, height, row: RefCell::default() })
    };
    match written {
        Ok(()) => Ok(Some(file.bytes)),
        Err(EncodingError::IoError(_)) => Ok(None),
        Err(_) => Err(unwritable()),
    }
}

/// Hands the encoder upright rows of a picture that is stored otherwise: a turned copy would double
/// the memory that a picture needs.
struct Turned<'a> {
    picture: Upright<'a>,
    width: u16,
    height: u16,
    row: RefCell<Vec<u8>>,
}

impl ImageBuffer for Turned<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let mut row = self.row.borrow_mut();
        self.picture.row(y.into(), &mut row);
        let [luma, blue, red, _] = buffers;
        for pixel in row.chunks_exact(3) {
            let (y, cb, cr) = rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
            luma.push(y);
            blue.push(cb);
            red.push(cr);
        }
    }
}

fn png(picture: Upright<'_>, most: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let mut file = Bounded { bytes: Vec::new(), most };
    match write_png(picture, &mut file) {
        Ok(()) => Ok(Some(file.bytes)),
        Err(png::EncodingError::IoError(_)) => Ok(None),
        Err(_) => Err(unwritable()),
    }
}

/// Row by row, so that no second copy of the picture is made.
fn write_png(picture: Upright<'_>, file: &mut Bounded) -> Result<(), png::EncodingError> {
    let (width, height) = picture.size();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut header = encoder.write_header()?;
    let mut writer = header.stream_writer()?;
    let mut row = Vec::new();
    for y in 0..height {
        picture.row(y, &mut row);
        writer.write_all(&row)?;
    }
    writer.finish()
}

/// A file that does not grow past its limit.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.most.saturating_sub(self.bytes.len()) {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
