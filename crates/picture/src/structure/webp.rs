//! WebP (<https://developers.google.com/speed/webp/docs/riff_container>): chunks in a RIFF file.

use super::bytes::Place;
use super::{Facts, Gate, corrupt, orientation, truncated};
use crate::Refusal;
use image::metadata::Orientation;

/// Of a picture with these properties. Lossy: luma and halved chroma, then RGB; transparency is
/// decoded as a lossless picture beside it. Lossless: RGBA, from which RGB is copied.
const LOSSY_TENTHS: u64 = 50;
const LOSSY_WITH_ALPHA_TENTHS: u64 = 110;
const LOSSLESS_TENTHS: u64 = 80;
const ANIMATION_TENTHS: u64 = 160;

pub(super) fn walk(file: &[u8], gate: Gate<'_>) -> Result<(Facts, usize), Refusal> {
    let length = Place::new(file, 4).u32_le()? as usize;
    let end = length.checked_add(8).filter(|end| *end <= file.len()).ok_or_else(truncated)?;
    let mut place = Place::new(&file[..end], 12);
    let mut seen = Seen::new();
    while !place.rest().is_empty() {
        seen.chunk(&mut place, gate)?;
    }
    let (width, height) =
        seen.canvas.or(seen.picture).ok_or_else(|| corrupt("there is no picture in it"))?;
    let still = seen.picture.is_some();
    if still == (seen.frames > 0) {
        return Err(corrupt("it is neither a picture nor an animation"));
    }
    if seen.picture.is_some_and(|picture| picture != (width, height)) {
        return Err(corrupt("its header and its picture differ in size"));
    }
    let tenths = match (still, seen.lossless, seen.alpha) {
        (false, ..) => ANIMATION_TENTHS,
        (true, true, _) => LOSSLESS_TENTHS,
        (true, false, true) => LOSSY_WITH_ALPHA_TENTHS,
        (true, false, false) => LOSSY_TENTHS,
    };
    let facts = Facts {
        width,
        height,
        frames: seen.frames.max(1),
        passes: 1,
        interlaced: false,
        orientation: seen.orientation,
        icc: seen.icc,
        decoding_tenths_of_bytes_per_pixel: tenths,
        chroma_is_halved: still && !seen.lossless,
    };
    Ok((facts, end))
}

struct Seen {
    canvas: Option<(u32, u32)>,
    picture: Option<(u32, u32)>,
    frames: u32,
    lossless: bool,
    alpha: bool,
    orientation: Orientation,
    icc: Option<Vec<u8>>,
}

impl Seen {
    const fn new() -> Self {
        Self {
            canvas: None,
            picture: None,
            frames: 0,
            lossless: false,
            alpha: false,
            orientation: Orientation::NoTransforms,
            icc: None,
        }
    }

    fn chunk(&mut self, place: &mut Place<'_>, gate: Gate<'_>) -> Result<(), Refusal> {
        let kind: [u8; 4] = place.array()?;
        let length = place.u32_le()? as usize;
        let content = place.take(length)?;
        if length % 2 == 1 {
            place.take(1)?;
        }
        let mut inside = Place::new(content, 0);
        match &kind {
            b"VP8X" if self.canvas.is_none() && self.picture.is_none() => {
                inside.take(4)?;
                let (width, height) = (inside.u24_le()? + 1, inside.u24_le()? + 1);
                gate(width, height)?;
                self.canvas = Some((width, height));
            }
            b"VP8 " | b"VP8L" if self.picture.is_none() => {
                self.lossless = &kind == b"VP8L";
                let (width, height) = if self.lossless {
                    lossless_size(&mut inside)?
                } else {
                    lossy_size(&mut inside)?
                };
                gate(width, height)?;
                self.picture = Some((width, height));
            }
            b"ALPH" => self.alpha = true,
            b"ANMF" => self.frame(&mut inside)?,
            b"ICCP" => self.icc = Some(content.to_vec()),
            b"EXIF" => self.orientation = orientation(content),
            b"VP8X" | b"VP8 " | b"VP8L" => return Err(corrupt("it has two pictures")),
            _ => {}
        }
        Ok(())
    }

    fn frame(&mut self, inside: &mut Place<'_>) -> Result<(), Refusal> {
        let (left, top) = (inside.u24_le()? * 2, inside.u24_le()? * 2);
        let (width, height) = (inside.u24_le()? + 1, inside.u24_le()? + 1);
        let canvas = self.canvas.ok_or_else(|| corrupt("it has no header"))?;
        if left + width > canvas.0 || top + height > canvas.1 {
            return Err(corrupt("a frame is outside of the picture"));
        }
        self.frames += 1;
        Ok(())
    }
}

/// RFC 6386, 9.1: a frame tag of three bytes, a start code, then 14 bits each.
fn lossy_size(inside: &mut Place<'_>) -> Result<(u32, u32), Refusal> {
    inside.take(3)?;
    if inside.take(3)? != [0x9d, 0x01, 0x2a] {
        return Err(corrupt("its picture has no start code"));
    }
    Ok(((inside.u16_le()? & 0x3fff).into(), (inside.u16_le()? & 0x3fff).into()))
}

/// RFC 9649, 3.4: a signature, then 14 bits each, less one.
fn lossless_size(inside: &mut Place<'_>) -> Result<(u32, u32), Refusal> {
    if inside.byte()? != 0x2f {
        return Err(corrupt("its picture has no signature"));
    }
    let bits = inside.u32_le()?;
    Ok(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}
