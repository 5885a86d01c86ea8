//! PNG through `png`, row by row to eight bits a channel.

use super::failed;
use crate::pixels::Pixels;
use crate::refusal::Code;
use crate::{Limits, Refusal};
use png::{ColorType, Decoder, DecodingError, Reader, Transformations};
use std::io::Cursor;

/// Of everything that the decoder unpacks besides the picture, such as a colour profile. Texts are
/// not unpacked at all.
const MAX_UNPACKED_BYTES: usize = 4 << 20;

pub(super) type Source<'a> = Cursor<&'a [u8]>;

/// The picture, and its colour profile if there is a sound one.
pub(super) fn decode(file: &[u8], limits: &Limits) -> Result<(Pixels, Option<Vec<u8>>), Refusal> {
    // A profile that cannot be unpacked is no reason to refuse a picture.
    let mut reader =
        open(file, true).or_else(|_| open(file, false)).map_err(|error| failed(&error))?;
    let length =
        reader.output_buffer_size().filter(|length| *length as u64 <= limits.max_memory_bytes);
    let length =
        length.ok_or_else(|| Code::TooManyPixels.because("its header asks for too much memory"))?;
    let mut data = vec![0; length];
    let frame = reader.next_frame(&mut data).map_err(|error| failed(&error))?;
    data.truncate(frame.buffer_size());
    let profile = reader.info().icc_profile.as_ref().map(|profile| profile.to_vec());
    let (alpha, data) = match frame.color_type {
        ColorType::Rgb => (false, data),
        ColorType::Rgba => (true, data),
        ColorType::Grayscale => (false, data.iter().flat_map(|grey| [*grey; 3]).collect()),
        ColorType::GrayscaleAlpha => (true, with_alpha(&data)),
        ColorType::Indexed => return Err(Code::Corrupt.because("its palette cannot be decoded")),
    };
    Ok((Pixels { width: frame.width, height: frame.height, alpha, data }, profile))
}

/// A row of the decoder's pixels in RGBA.
pub(super) fn rgba(
    kind: ColorType,
    row: &[u8],
) -> Result<impl Iterator<Item = [u8; 4]> + '_, Refusal> {
    if kind == ColorType::Indexed {
        return Err(Code::Corrupt.because("its palette cannot be decoded"));
    }
    Ok(row.chunks_exact(kind.samples()).map(|pixel| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha, ..] => [red, green, blue, alpha],
        [] => [0; 4],
    }))
}

fn with_alpha(data: &[u8]) -> Vec<u8> {
    data.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect()
}

pub(super) fn open(file: &[u8], with_profile: bool) -> Result<Reader<Source<'_>>, DecodingError> {
    let mut decoder =
        Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: MAX_UNPACKED_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(!with_profile);
    decoder.read_info()
}
