//! What is made of small pictures: the blurred stand-in, and files for analysis.

use super::resize::stretched;
use crate::Refusal;
use crate::pixels::Pixels;
use crate::refusal::Code;

/// A blurhash says nothing about more pixels than these.
const BLURRED_SIDE: u32 = 32;

/// The service takes no side below 50 pixels; a picture of extreme proportions is stretched for it.
const MIN_ANALYSED_SIDE: u32 = 50;

pub(super) fn fits_analysis(picture: &Pixels) -> bool {
    picture.width >= MIN_ANALYSED_SIDE && picture.height >= MIN_ANALYSED_SIDE
}

pub(super) fn for_analysis(picture: Pixels) -> Pixels {
    if fits_analysis(&picture) {
        return picture;
    }
    stretched(&picture, picture.width.max(MIN_ANALYSED_SIDE), picture.height.max(MIN_ANALYSED_SIDE))
}

pub(super) fn blurhash(picture: &Pixels) -> Result<String, Refusal> {
    let side = |length: u32| length.min(BLURRED_SIDE);
    let small = stretched(picture, side(picture.width), side(picture.height));
    let pixels: Vec<u8> =
        small.data.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    let (across, down) = if picture.width >= picture.height { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, small.width, small.height, &pixels)
        .map_err(|_| Code::Corrupt.because("no blurred stand-in can be made of it"))
}
