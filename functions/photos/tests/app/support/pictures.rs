//! Pictures that the pipeline takes for photos: busy enough to be recognised, and as bad as a test wants them.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// What the simulator of Content Safety calls violence is a share of red pixels. Light and shade stay, so that the
/// picture can be recognised.
fn reddened(Rgb([_, green, blue]): Rgb<u8>) -> Rgb<u8> {
    let shade = (green / 2 + blue / 2) / 8;
    Rgb([215 + shade, 10 + shade, 10 + shade])
}

/// A picture of coloured rectangles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    width: u32,
    height: u32,
    /// Different scenes are different pictures, also for a perceptual hash.
    seed: u32,
    red_percent: u32,
}

impl Scene {
    /// Nothing wrong with it.
    pub(crate) fn harmless(seed: u32) -> Self {
        Self { width: 400, height: 300, seed, red_percent: 0 }
    }

    /// Between the bands: a person decides.
    pub(crate) fn doubtful(seed: u32) -> Self {
        Self { red_percent: 40, ..Self::harmless(seed) }
    }

    /// Rejected at sight.
    pub(crate) fn terrible(seed: u32) -> Self {
        Self { red_percent: 70, ..Self::harmless(seed) }
    }

    pub(crate) fn sized(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    pub(crate) fn jpeg(self) -> Vec<u8> {
        self.encoded(ImageFormat::Jpeg)
    }

    pub(crate) fn encoded(self, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(self.drawn()).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn drawn(self) -> RgbImage {
        let mut random = Random(u64::from(self.seed) + 1);
        let mut picture = RgbImage::from_pixel(self.width, self.height, Rgb([40, 60, 90]));
        let red_rows = self.height * self.red_percent / 100;
        for _ in 0..40 {
            let left = random.below(self.width);
            let top = random.below(self.height);
            let (width, height) = (self.width / 4, self.height / 4);
            // More green and blue than red: neither skin nor blood.
            let (red, green, blue) = (random.below(60), random.below(200), random.below(200));
            let colour = Rgb([red, green + 40, blue + 40].map(|part| u8::try_from(part).unwrap()));
            for y in top..(top + height).min(self.height) {
                for x in left..(left + width).min(self.width) {
                    picture.put_pixel(x, y, colour);
                }
            }
        }
        for y in 0..red_rows {
            for x in 0..self.width {
                picture.put_pixel(x, y, reddened(*picture.get_pixel(x, y)));
            }
        }
        picture
    }
}

/// An animation of these scenes.
pub(crate) fn animated(scenes: &[Scene]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let frames = scenes.iter().map(|scene| {
        let drawn = DynamicImage::ImageRgb8(scene.drawn()).into_rgba8();
        image::Frame::new(drawn)
    });
    image::codecs::gif::GifEncoder::new(&mut bytes).encode_frames(frames).unwrap();
    bytes
}

struct Random(u64);

impl Random {
    /// A step of a linear congruential generator (Knuth, MMIX).
    fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }
}

/// The JPEG with an EXIF segment that holds this text.
pub(crate) fn with_exif(jpeg: &[u8], text: &str) -> Vec<u8> {
    let mut segment = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    segment.extend_from_slice(text.as_bytes());
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &segment, &jpeg[2..]].concat()
}
