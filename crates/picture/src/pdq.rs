//! PDQ: a hash of what a picture looks like, that stays nearly the same when the picture is scaled,
//! compressed or slightly changed.
//!
//! Written after the published description, *The TMK+PDQF Video-Hashing Algorithm and the PDQ
//! Image-Hashing Algorithm* (Meta, 2019). The only crate that has it needs an `image` of 2021.

use crate::FrameHash;
use crate::make::stretched;
use crate::pixels::Pixels;
use std::f32::consts::PI;

/// Two pictures whose hashes differ in at most so many bits are the same picture.
pub const MATCH_DISTANCE: u32 = 31;

/// A hash of lower quality is of a picture with too few features: it matches by chance.
pub const MIN_QUALITY: u8 = 50;

/// More pixels than these say nothing more.
const MAX_SIDE: u32 = 512;
/// The picture that is transformed.
const SIDE: usize = 64;
/// The corner of its transform that is kept: 16 x 16 bits are the hash.
const KEPT: usize = 16;

/// How many bits differ.
pub fn hamming(one: &[u8; 32], other: &[u8; 32]) -> u32 {
    one.iter().zip(other).map(|(one, other)| (one ^ other).count_ones()).sum()
}

/// The hash of an opaque picture.
pub(crate) fn hash(picture: &Pixels) -> FrameHash {
    let small = stretched(picture, picture.width.min(MAX_SIDE), picture.height.min(MAX_SIDE));
    of_luma(luma(&small.data), small.width as usize, small.height as usize)
}

fn luma(rgb: &[u8]) -> Vec<f32> {
    rgb.chunks_exact(3)
        .map(|pixel| {
            0.299 * f32::from(pixel[0]) + 0.587 * f32::from(pixel[1]) + 0.114 * f32::from(pixel[2])
        })
        .collect()
}

fn of_luma(mut luma: Vec<f32>, width: usize, height: usize) -> FrameHash {
    // Twice a box filter is a tent, as wide as the distance between the samples taken below.
    for _ in 0..2 {
        blur(&mut luma, width, height, 1, width);
        blur(&mut luma, height, width, width, 1);
    }
    let sampled = |of: usize, at: usize| (2 * at + 1) * of / (2 * SIDE);
    let mut small = [[0.0; SIDE]; SIDE];
    for (y, row) in small.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = luma[sampled(height, y) * width + sampled(width, x)];
        }
    }
    FrameHash { hash: bits(&transformed(&small)), quality: quality(&small) }
}

/// A moving average along lines of `length` values that are `step` apart; `lines` of them, `next` apart.
fn blur(values: &mut [f32], length: usize, lines: usize, step: usize, next: usize) {
    let window = length.div_ceil(2 * SIDE);
    let (ahead, behind) = (window / 2, (window - 1) / 2);
    let mut line = vec![0.0; length];
    for start in (0..lines).map(|line| line * next) {
        for (at, value) in line.iter_mut().enumerate() {
            *value = values[start + at * step];
        }
        let (mut sum, mut count): (f32, f32) = (0.0, 0.0);
        for value in line.iter().take(ahead) {
            (sum, count) = (sum + value, count + 1.0);
        }
        for at in 0..length {
            if let Some(entering) = line.get(at + ahead) {
                (sum, count) = (sum + entering, count + 1.0);
            }
            if let Some(leaving) = at.checked_sub(behind + 1) {
                (sum, count) = (sum - line[leaving], count - 1.0);
            }
            values[start + at * step] = sum / count;
        }
    }
}

/// How much the picture changes from place to place: 0 is a plain surface, 100 plenty.
fn quality(small: &[[f32; SIDE]; SIDE]) -> u8 {
    // Whole hundredths, cut off, as the description has it.
    let change = |one: f32, other: f32| ((one - other) * 100.0 / 255.0).trunc().abs();
    let mut sum = 0.0;
    for y in 0..SIDE {
        for x in 0..SIDE {
            if y + 1 < SIDE {
                sum += change(small[y][x], small[y + 1][x]);
            }
            if x + 1 < SIDE {
                sum += change(small[y][x], small[y][x + 1]);
            }
        }
    }
    (0..=100).rev().find(|quality| f32::from(*quality) * 90.0 <= sum).unwrap_or(0)
}

/// The low frequencies of its cosine transform, without the lowest.
fn transformed(small: &[[f32; SIDE]; SIDE]) -> [[f32; KEPT]; KEPT] {
    let matrix: [[f32; SIDE]; KEPT] = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let angle = PI / 2.0 / SIDE as f32 * (i as f32 + 1.0) * (2.0 * j as f32 + 1.0);
            (2.0 / SIDE as f32).sqrt() * angle.cos()
        })
    });
    let half: [[f32; SIDE]; KEPT] = std::array::from_fn(|i| {
        std::array::from_fn(|x| (0..SIDE).map(|y| matrix[i][y] * small[y][x]).sum())
    });
    std::array::from_fn(|i| {
        std::array::from_fn(|j| (0..SIDE).map(|x| half[i][x] * matrix[j][x]).sum())
    })
}

/// A bit for each frequency that is stronger than half of them. The first is the last as written.
fn bits(frequencies: &[[f32; KEPT]; KEPT]) -> [u8; 32] {
    let mut sorted: Vec<f32> = frequencies.iter().flatten().copied().collect();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[(sorted.len() - 1) / 2];
    let mut hash = [0; 32];
    for (at, frequency) in frequencies.iter().flatten().enumerate() {
        if *frequency > median {
            hash[31 - at / 8] |= 1 << (at % 8);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u32; 3]) -> Pixels {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data =
            places.flat_map(|(x, y)| colour(x, y).map(|value| value.to_le_bytes()[0])).collect();
        Pixels { width, height, alpha: false, data }
    }

    fn pattern(x: u32, y: u32) -> [u32; 3] {
        [x * x / 97 + y * 2, x * y / 53, x * 3 + y * y / 41]
    }

    /// The value is what Meta's own program says of the same pixels.
    #[test]
    fn the_hash_is_the_reference_programs() {
        let frame = hash(&picture(200, 150, pattern));
        let hex: String = frame.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "a9455a1f96aa250bda557291cd2f996a3657b4bc2261d48a2534eae525aaceee");
        assert_eq!(frame.quality, 100);
    }

    #[test]
    fn a_plain_surface_has_no_quality_and_a_tiny_picture_does_no_harm() {
        assert_eq!(hash(&picture(64, 64, |_, _| [9, 9, 9])).quality, 0);
        hash(&picture(1, 1, pattern));
        hash(&picture(1, 700, pattern));
    }
}
