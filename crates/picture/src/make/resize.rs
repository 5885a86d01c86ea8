//! Smaller pictures.

use crate::pixels::Pixels;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

/// A picture to make smaller ones of, with its colours multiplied by its alpha: else the colour of
/// what is transparent would bleed into what is not.
pub(super) struct Source {
    premultiplied: Pixels,
}

impl Source {
    pub(super) fn new(mut picture: Pixels) -> Self {
        in_place(&mut picture, |image| {
            let _ = MulDiv::new().multiply_alpha_inplace_typed(image);
        });
        Self { premultiplied: picture }
    }

    /// At most so many pixels a side, never more than it has.
    pub(super) fn fit(self, side: u32) -> Pixels {
        let (width, height) = fitting(self.premultiplied.width, self.premultiplied.height, side);
        let mut smaller = scaled(self.premultiplied, width, height, FilterType::Lanczos3);
        in_place(&mut smaller, |image| {
            let _ = MulDiv::new().divide_alpha_inplace_typed(image);
        });
        smaller.settle_alpha();
        smaller
    }
}

/// To exactly this size, whatever that does to its proportions.
pub(crate) fn stretched(picture: &Pixels, width: u32, height: u32) -> Pixels {
    scaled(picture.clone(), width, height, FilterType::Bilinear)
}

/// Half as wide and high, each pixel the mean of four: without a copy of the whole, unlike [`Source`].
pub(super) fn halved(picture: &Pixels) -> Pixels {
    let (width, height) = ((picture.width / 2).max(1), (picture.height / 2).max(1));
    let channels = picture.channels();
    let mut data = Vec::with_capacity(width as usize * height as usize * channels);
    let last = (picture.width as usize - 1, picture.height as usize - 1);
    for y in 0..height as usize {
        for x in 0..width as usize {
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, down)| {
                let (x, y) = ((2 * x + right).min(last.0), (2 * y + down).min(last.1));
                &picture.data[y * picture.row_bytes() + x * channels..][..channels]
            });
            let weight = |pixel: &[u8]| pixel.get(3).map_or(1, |alpha| u32::from(*alpha));
            let weights = four.map(weight).iter().sum::<u32>().max(1);
            for channel in 0..3 {
                let sum: u32 =
                    four.iter().map(|pixel| u32::from(pixel[channel]) * weight(pixel)).sum();
                data.push(u8::try_from(sum / weights).unwrap_or(u8::MAX));
            }
            if picture.alpha {
                data.push(u8::try_from(weights / 4).unwrap_or(u8::MAX));
            }
        }
    }
    Pixels { width, height, alpha: picture.alpha, data }
}

/// The size of a picture of this size when it fits a square.
fn fitting(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side {
        return (width, height);
    }
    let scale = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (scale(width), scale(height))
}

fn scaled(picture: Pixels, width: u32, height: u32, filter: FilterType) -> Pixels {
    if (picture.width, picture.height) == (width, height) {
        return picture;
    }
    let data = if picture.alpha {
        resized::<U8x4>(&picture, width, height, filter)
    } else {
        resized::<U8x3>(&picture, width, height, filter)
    };
    Pixels { width, height, alpha: picture.alpha, data }
}

/// For one kind of pixel: the resizer that asks at run time is compiled for all kinds there are, which takes minutes.
fn resized<P: PixelTrait>(
    picture: &Pixels,
    width: u32,
    height: u32,
    filter: FilterType,
) -> Vec<u8> {
    let mut data = vec![0; width as usize * height as usize * picture.channels()];
    let source = TypedImageRef::<P>::from_buffer(picture.width, picture.height, &picture.data)
        .expect("a picture has as many bytes as its size says");
    let mut target = TypedImage::<P>::from_buffer(width, height, &mut data)
        .expect("the bytes were counted for this size");
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
    Resizer::new().resize_typed(&source, &mut target, &options).expect("both are of one kind");
    data
}

fn in_place(picture: &mut Pixels, change: impl FnOnce(&mut TypedImage<'_, U8x4>)) {
    if picture.alpha {
        let mut image = TypedImage::from_buffer(picture.width, picture.height, &mut picture.data)
            .expect("a picture has as many bytes as its size says");
        change(&mut image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_proportions_and_is_never_enlarged() {
        assert_eq!(fitting(4000, 3000, 1600), (1600, 1200));
        assert_eq!(fitting(12_000, 3, 320), (320, 1));
        assert_eq!(fitting(60, 50, 320), (60, 50));
    }

    #[test]
    fn half_a_picture_is_the_mean_of_what_is_seen() {
        let data = vec![200, 0, 0, 255, 0, 90, 0, 0, 100, 0, 0, 255, 0, 0, 70, 0];
        let half = halved(&Pixels { width: 2, height: 2, alpha: true, data });
        assert_eq!((half.width, half.height, half.data), (1, 1, vec![150, 0, 0, 127]));
        let half = halved(&Pixels { width: 1, height: 3, alpha: false, data: vec![10; 9] });
        assert_eq!((half.width, half.height, half.data), (1, 1, vec![10; 3]));
    }

    #[test]
    fn what_is_transparent_does_not_bleed() {
        let pixel = |x: u32| if x.is_multiple_of(2) { [255, 0, 0, 255] } else { [0, 255, 0, 0] };
        let data = (0..64 * 64).flat_map(pixel).collect();
        let smaller = Source::new(Pixels { width: 64, height: 64, alpha: true, data }).fit(32);
        assert!(smaller.data.chunks_exact(4).all(|pixel| pixel[1] == 0), "no green is seen");
    }
}
