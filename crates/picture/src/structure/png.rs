//! PNG (<https://www.w3.org/TR/png-3/>): chunks from `IHDR` to `IEND`.

use super::bytes::Place;
use super::{Facts, Gate, corrupt, orientation};
use crate::Refusal;
use image::metadata::Orientation;

/// An animation is painted on a canvas that is copied, beside the frame as it is decoded.
const ANIMATION_TENTHS: u64 = 160;

pub(super) fn walk(file: &[u8], gate: Gate<'_>) -> Result<(Facts, usize), Refusal> {
    let mut place = Place::new(file, 8);
    if place.u32_be()? != 13 || place.take(4)? != b"IHDR" {
        return Err(corrupt("it does not begin with its header"));
    }
    let (width, height) = (place.u32_be()?, place.u32_be()?);
    let [_depth, colour_type, _compression, _filter, interlace] = place.array()?;
    place.take(4)?;
    gate(width, height)?;
    let mut seen = Seen::default();
    loop {
        let length = place.u32_be()? as usize;
        let kind: [u8; 4] = place.array()?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(corrupt("a chunk has no name"));
        }
        seen.chunk(kind, place.take(length)?)?;
        place.take(4)?;
        if &kind == b"IEND" {
            break;
        }
    }
    if !seen.picture {
        return Err(corrupt("there is no picture in it"));
    }
    let frames = seen.frames();
    let facts = Facts {
        width,
        height,
        frames,
        passes: 1,
        interlaced: interlace != 0,
        orientation: seen.orientation,
        icc: None,
        decoding_tenths_of_bytes_per_pixel: if frames > 1 {
            ANIMATION_TENTHS
        } else {
            tenths(colour_type, seen.transparency)
        },
        chroma_is_halved: false,
    };
    Ok((facts, place.at()))
}

/// Eight bits a channel; grey is widened to RGB in a copy.
const fn tenths(colour_type: u8, transparency: bool) -> u64 {
    match (colour_type, transparency) {
        (0, false) => 40,
        (0, true) | (4, _) => 60,
        (2 | 3, false) => 30,
        _ => 40,
    }
}

struct Seen {
    picture: bool,
    transparency: bool,
    announced_frames: u32,
    frames: u32,
    first_frame_is_picture: bool,
    orientation: Orientation,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            picture: false,
            transparency: false,
            announced_frames: 0,
            frames: 0,
            first_frame_is_picture: false,
            orientation: Orientation::NoTransforms,
        }
    }
}

impl Seen {
    fn chunk(&mut self, kind: [u8; 4], content: &[u8]) -> Result<(), Refusal> {
        match &kind {
            b"IHDR" => return Err(corrupt("it has two headers")),
            b"IDAT" => {
                self.first_frame_is_picture |= !self.picture && self.frames == 1;
                self.picture = true;
            }
            b"tRNS" => self.transparency = true,
            b"acTL" => self.announced_frames = Place::new(content, 0).u32_be()?,
            b"fcTL" => self.frames += 1,
            b"eXIf" => self.orientation = orientation(content),
            _ => {}
        }
        Ok(())
    }

    /// An animation may have its picture beside its frames.
    fn frames(&self) -> u32 {
        if self.announced_frames == 0 {
            return 1;
        }
        let frames = self.frames.max(self.announced_frames);
        frames.saturating_add(u32::from(!self.first_frame_is_picture))
    }
}
