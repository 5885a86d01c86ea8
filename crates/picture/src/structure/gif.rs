//! GIF (<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>): blocks of sub-blocks until a trailer.

use super::bytes::Place;
use super::{Facts, Gate, corrupt};
use crate::Refusal;
use image::metadata::Orientation;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// A single frame is decoded into the picture; an animation is painted on a canvas that is copied.
const STILL_TENTHS: u64 = 60;
const ANIMATION_TENTHS: u64 = 160;

pub(super) fn walk(file: &[u8], gate: Gate<'_>) -> Result<(Facts, usize), Refusal> {
    let mut place = Place::new(file, 6);
    let (width, height) = (place.u16_le()?.into(), place.u16_le()?.into());
    gate(width, height)?;
    let flags = place.byte()?;
    place.take(2)?;
    skip_colours(&mut place, flags)?;
    let mut frames = 0;
    loop {
        match place.byte()? {
            EXTENSION => {
                place.byte()?;
                skip_sub_blocks(&mut place)?;
            }
            IMAGE => {
                let [left, top, frame_width, frame_height] =
                    [place.u16_le()?, place.u16_le()?, place.u16_le()?, place.u16_le()?]
                        .map(u32::from);
                if left + frame_width > width || top + frame_height > height {
                    return Err(corrupt("a frame is outside of the picture"));
                }
                let flags = place.byte()?;
                skip_colours(&mut place, flags)?;
                place.byte()?;
                skip_sub_blocks(&mut place)?;
                frames += 1;
            }
            TRAILER => break,
            _ => return Err(corrupt("a block of an unknown kind")),
        }
    }
    if frames == 0 {
        return Err(corrupt("there is no picture in it"));
    }
    let facts = Facts {
        width,
        height,
        frames,
        passes: 1,
        interlaced: false,
        orientation: Orientation::NoTransforms,
        icc: None,
        decoding_tenths_of_bytes_per_pixel: if frames > 1 {
            ANIMATION_TENTHS
        } else {
            STILL_TENTHS
        },
        chroma_is_halved: false,
    };
    Ok((facts, place.at()))
}

fn skip_colours(place: &mut Place<'_>, flags: u8) -> Result<(), Refusal> {
    if flags & 0x80 != 0 {
        place.take(3 << ((flags & 7) + 1))?;
    }
    Ok(())
}

fn skip_sub_blocks(place: &mut Place<'_>) -> Result<(), Refusal> {
    loop {
        match place.byte()? {
            0 => return Ok(()),
            length => place.take(length.into())?,
        };
    }
}
