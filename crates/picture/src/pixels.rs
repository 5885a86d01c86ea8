//! Decoded pictures, eight bits a channel, and how to read them upright without a copy.

use image::metadata::Orientation;

/// RGB, or RGBA with straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alpha: bool,
    /// Row by row without gaps.
    pub(crate) data: Vec<u8>,
}

impl Pixels {
    pub(crate) const fn channels(&self) -> usize {
        if self.alpha { 4 } else { 3 }
    }

    pub(crate) const fn row_bytes(&self) -> usize {
        self.width as usize * self.channels()
    }

    /// Drops an alpha channel in which nothing is transparent, in place. Where something is fully
    /// transparent, its colour goes: it would be published without anybody having seen it.
    pub(crate) fn settle_alpha(&mut self) {
        if !self.alpha {
            return;
        }
        if self.data.chunks_exact(4).any(|pixel| pixel[3] != 255) {
            for pixel in self.data.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
                pixel.fill(0);
            }
            return;
        }
        for at in 0..self.data.len() / 4 {
            self.data.copy_within(4 * at..4 * at + 3, 3 * at);
        }
        self.data.truncate(self.data.len() / 4 * 3);
        self.alpha = false;
    }

    /// As it looks on a background of one grey.
    pub(crate) fn over(&self, background: u8) -> Self {
        let mix = |colour: u8, alpha: u8| {
            let (colour, alpha, behind) =
                (u32::from(colour), u32::from(alpha), u32::from(background));
            u8::try_from((colour * alpha + behind * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        let data = match self.alpha {
            false => self.data.clone(),
            true => {
                let pixels = self.data.chunks_exact(4);
                pixels
                    .flat_map(|pixel| [0, 1, 2].map(|channel| mix(pixel[channel], pixel[3])))
                    .collect()
            }
        };
        Self { alpha: false, data, ..*self }
    }
}

/// A picture read in the orientation in which it is to be seen.
#[derive(Clone, Copy)]
pub(crate) struct Upright<'a> {
    pub(crate) stored: &'a Pixels,
    pub(crate) orientation: Orientation,
}

/// Whether width and height change places.
pub(crate) const fn is_turned(orientation: Orientation) -> bool {
    use Orientation as O;
    matches!(orientation, O::Rotate90 | O::Rotate270 | O::Rotate90FlipH | O::Rotate270FlipH)
}

impl Upright<'_> {
    pub(crate) const fn size(&self) -> (u32, u32) {
        let (width, height) = (self.stored.width, self.stored.height);
        if is_turned(self.orientation) { (height, width) } else { (width, height) }
    }

    /// Replaces the content of `row` by the pixels of row `y`.
    pub(crate) fn row(&self, y: u32, row: &mut Vec<u8>) {
        row.clear();
        let (start, step) = self.path(y as usize);
        let (channels, data) = (self.stored.channels(), &self.stored.data);
        if step == 1 {
            row.extend_from_slice(&data[start * channels..][..self.stored.row_bytes()]);
            return;
        }
        let mut at = start;
        for _ in 0..self.size().0 {
            row.extend_from_slice(&data[at * channels..][..channels]);
            at = at.wrapping_add_signed(step);
        }
    }

    /// The first pixel of a row, and from one pixel to the next.
    const fn path(&self, y: usize) -> (usize, isize) {
        let (width, height) = (self.stored.width as usize, self.stored.height as usize);
        let down = width.cast_signed();
        match self.orientation {
            Orientation::NoTransforms => (y * width, 1),
            Orientation::FlipHorizontal => (y * width + width - 1, -1),
            Orientation::Rotate180 => ((height - 1 - y) * width + width - 1, -1),
            Orientation::FlipVertical => ((height - 1 - y) * width, 1),
            Orientation::Rotate90FlipH => (y, down),
            Orientation::Rotate90 => ((height - 1) * width + y, -down),
            Orientation::Rotate270FlipH => ((height - 1) * width + width - 1 - y, -down),
            Orientation::Rotate270 => (width - 1 - y, down),
        }
    }

    /// A copy. For small pictures.
    pub(crate) fn to_pixels(self) -> Pixels {
        let (width, height) = self.size();
        let mut data = Vec::with_capacity(self.stored.data.len());
        let mut row = Vec::new();
        for y in 0..height {
            self.row(y, &mut row);
            data.extend_from_slice(&row);
        }
        Pixels { width, height, alpha: self.stored.alpha, data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    #[test]
    fn every_orientation_is_as_the_image_crate_has_it() {
        let (width, height) = (3, 2);
        let data: Vec<u8> = (0..18).collect();
        let stored = Pixels { width, height, alpha: false, data: data.clone() };
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut expected =
                DynamicImage::from(RgbImage::from_raw(width, height, data.clone()).unwrap());
            expected.apply_orientation(orientation);
            let upright = Upright { stored: &stored, orientation }.to_pixels();
            assert_eq!((upright.width, upright.height), (expected.width(), expected.height()));
            assert_eq!(upright.data, expected.as_bytes(), "orientation {exif}");
        }
    }

    #[test]
    fn an_opaque_alpha_channel_goes_and_hidden_colours_go() {
        let mut opaque =
            Pixels { width: 2, height: 1, alpha: true, data: vec![1, 2, 3, 255, 4, 5, 6, 255] };
        opaque.settle_alpha();
        assert_eq!(
            opaque,
            Pixels { width: 2, height: 1, alpha: false, data: vec![1, 2, 3, 4, 5, 6] }
        );
        let mut hidden =
            Pixels { width: 2, height: 1, alpha: true, data: vec![1, 2, 3, 0, 4, 5, 6, 9] };
        hidden.settle_alpha();
        assert_eq!(hidden.data, [0, 0, 0, 0, 4, 5, 6, 9]);
    }

    #[test]
    fn a_transparent_picture_shows_what_is_behind_it() {
        let pixels =
            Pixels { width: 2, height: 1, alpha: true, data: vec![10, 20, 30, 0, 10, 20, 30, 255] };
        assert_eq!(pixels.over(255).data, [255, 255, 255, 10, 20, 30]);
    }
}
