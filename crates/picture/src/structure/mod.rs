//! What a file's structure says, from its first byte to its last, before anything in it is decoded.
//!
//! The walk costs one pass over the file and allocates nothing but a colour profile's pieces. It knows
//! how large the picture will be, how many there are, and whether the file ends where the picture does.

mod bytes;
mod camera;
mod coded;
mod gif;
mod jpeg;
mod png;
mod webp;

use crate::refusal::Code;
use crate::{Format, Limits, Refusal};
pub(crate) use coded::check as check_coded_data;
use image::metadata::Orientation;

/// What the structure says.
#[derive(Debug)]
pub(crate) struct Facts {
    /// As stored, before the orientation is applied.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Pictures in the file.
    pub(crate) frames: u32,
    /// How often a decoder goes over each of them: more than once for a progressive JPEG.
    pub(crate) passes: u32,
    /// The rows of a PNG come in an order in which they are put together pixel by pixel.
    pub(crate) interlaced: bool,
    pub(crate) orientation: Orientation,
    /// An ICC profile. Of a PNG, which has it compressed, its decoder tells.
    pub(crate) icc: Option<Vec<u8>>,
    /// What the decoder allocates for each pixel, the decoded picture included, in tenths of a byte.
    pub(crate) decoding_tenths_of_bytes_per_pixel: u64,
    /// Colour is stored at half the resolution, so that more need not be kept.
    pub(crate) chroma_is_halved: bool,
}

/// An interlaced picture takes twice as long.
const INTERLACED_COSTS: u64 = 2;

/// What stays the same whatever the picture: buffers of decoders and tables.
const MEMORY_OF_ANY_DECODER_BYTES: u64 = 8 << 20;

/// Reads the structure of a file and refuses what breaks a limit, or has more in it than a picture.
pub(crate) fn read(format: Format, file: &[u8], limits: &Limits) -> Result<Facts, Refusal> {
    let gate = |width, height| check_size(width, height, limits);
    let (facts, end) = match format {
        Format::Jpeg => jpeg::walk(file, &gate)?,
        Format::Png => png::walk(file, &gate)?,
        Format::Webp => webp::walk(file, &gate)?,
        Format::Gif => gif::walk(file, &gate)?,
    };
    if facts.frames > limits.max_frames {
        let detail = format!("{} frames, where {} are allowed", facts.frames, limits.max_frames);
        return Err(Code::TooManyFrames.because(detail));
    }
    check_work(&facts, limits)?;
    check_memory(&facts, file.len(), limits)?;
    check_rest(format, file, end)?;
    Ok(facts)
}

/// A padding of zeros, spaces or line ends after the picture hides nothing.
const MAX_PADDING_BYTES: usize = 64 << 10;

fn check_rest(format: Format, file: &[u8], end: usize) -> Result<(), Refusal> {
    let rest = &file[end..];
    let is_padding = |rest: &[u8]| rest.iter().all(|byte| matches!(byte, 0 | b' ' | b'\r' | b'\n'));
    let known = (rest.len() <= MAX_PADDING_BYTES && is_padding(rest))
        || (format == Format::Jpeg && camera::wrote(file, end));
    if known {
        return Ok(());
    }
    let detail = format!("{} bytes follow the end of the picture", rest.len());
    Err(Code::TrailingData.because(detail))
}

fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Refusal> {
    let size = format!("{width} x {height} pixels");
    if width == 0 || height == 0 {
        return Err(Code::Corrupt.because(format!("its header says {size}")));
    }
    if width > limits.max_side || height > limits.max_side {
        let detail = format!("{size}, where {} a side are allowed", limits.max_side);
        return Err(Code::TooWideOrHigh.because(detail));
    }
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        let detail = format!("{size}, where {} in all are allowed", limits.max_pixels);
        return Err(Code::TooManyPixels.because(detail));
    }
    if width < limits.min_side || height < limits.min_side {
        let detail = format!("{size}, where {} a side are the least", limits.min_side);
        return Err(Code::TooSmall.because(detail));
    }
    Ok(())
}

/// How much there is to do, whatever the machine: a small file may ask for as much as a large one.
fn check_work(facts: &Facts, limits: &Limits) -> Result<(), Refusal> {
    let pixels = u64::from(facts.width) * u64::from(facts.height);
    let times = if facts.interlaced { INTERLACED_COSTS } else { 1 };
    let in_all = pixels * u64::from(facts.frames) * times;
    if in_all > limits.max_pixels_in_all {
        let detail = format!(
            "{in_all} pixels in {} frames, where {} in all are allowed",
            facts.frames, limits.max_pixels_in_all
        );
        return Err(Code::TooManyPixelsInAll.because(detail));
    }
    let in_passes = pixels * u64::from(facts.passes);
    if in_passes > limits.max_pixels_in_passes {
        let detail = format!(
            "{pixels} pixels in {} passes are {in_passes}, where {} in all are allowed",
            facts.passes, limits.max_pixels_in_passes
        );
        return Err(Code::TooMuchWork.because(detail));
    }
    Ok(())
}

fn check_memory(facts: &Facts, file_bytes: usize, limits: &Limits) -> Result<(), Refusal> {
    let pixels = u64::from(facts.width) * u64::from(facts.height);
    let decoded = pixels * facts.decoding_tenths_of_bytes_per_pixel / 10;
    let needed = decoded + file_bytes as u64 + MEMORY_OF_ANY_DECODER_BYTES;
    if needed > limits.max_memory_bytes {
        let (needed, most) = (needed >> 20, limits.max_memory_bytes >> 20);
        let detail = format!(
            "decoding {pixels} pixels of this kind takes {needed} MiB, where {most} are allowed"
        );
        return Err(Code::TooManyPixels.because(detail));
    }
    Ok(())
}

/// Asked as soon as a header has told the size.
type Gate<'a> = &'a dyn Fn(u32, u32) -> Result<(), Refusal>;

fn truncated() -> Refusal {
    Code::Truncated.because("the file ends before the picture does")
}

fn corrupt(what: &str) -> Refusal {
    Code::Corrupt.because(what)
}

fn unsupported(what: &str) -> Refusal {
    Code::UnsupportedFormat.because(what)
}

/// The orientation in an Exif block, with or without the name that some writers put before it.
fn orientation(exif: &[u8]) -> Orientation {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(tiff).unwrap_or(Orientation::NoTransforms)
}
