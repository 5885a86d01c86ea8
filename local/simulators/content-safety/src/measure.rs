//! The judgement: two shares of the picture's pixels, held against named thresholds. Transparent and wrong on
//! purpose: it sees colour, not what a picture shows. See the README for why it must not leave a laptop.

use crate::Severities;
use image::RgbImage;
use serde::Serialize;

/// Skin in YCbCr as the literature draws it (D. Chai and K. N. Ngan, 1999): a box in the two colour differences.
const SKIN_CB: std::ops::RangeInclusive<i32> = 77..=127;
const SKIN_CR: std::ops::RangeInclusive<i32> = 133..=173;
/// Shadows are left out: their colour differences are noise.
const SKIN_LEAST_LUMA: i32 = 60;

/// A pixel of the test marker: red, and hardly anything else.
const MARKER_LEAST_RED: u8 = 200;
const MARKER_MOST_OTHER: u8 = 60;

/// From how many percent of skin-coloured pixels the severity `Sexual` is 2, 4 and 6.
pub(crate) const SEXUAL_FROM_PERCENT: [u8; 3] = [30, 55, 80];
/// From how many percent of saturated red pixels the severity `Violence` is 2, 4 and 6.
pub(crate) const VIOLENCE_FROM_PERCENT: [u8; 3] = [30, 60, 90];

/// What the simulator saw of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// Pixels in the skin range, in whole percent, rounded down.
    pub skin_percent: u8,
    /// Pixels of saturated red, in whole percent, rounded down.
    pub red_percent: u8,
}

impl Measure {
    pub(crate) fn of(picture: &RgbImage) -> Self {
        let mut skin = 0_usize;
        let mut red = 0_usize;
        for pixel in picture.pixels() {
            skin += usize::from(is_skin_coloured(pixel.0));
            red += usize::from(is_marker(pixel.0));
        }
        let pixels = picture.pixels().len();
        Self { skin_percent: percent(skin, pixels), red_percent: percent(red, pixels) }
    }

    pub(crate) fn severities(self) -> Severities {
        Severities {
            hate: 0,
            self_harm: 0,
            sexual: severity(self.skin_percent, SEXUAL_FROM_PERCENT),
            violence: severity(self.red_percent, VIOLENCE_FROM_PERCENT),
        }
    }
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from(part.saturating_mul(100) / whole.max(1)).unwrap_or(100)
}

fn severity(percent: u8, from: [u8; 3]) -> u8 {
    from.iter().map(|from| if percent >= *from { 2 } else { 0 }).sum()
}

/// BT.601 in thousandths, full range.
fn is_skin_coloured([r, g, b]: [u8; 3]) -> bool {
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    let luma = (299 * r + 587 * g + 114 * b) / 1000;
    let cb = 128 + (-169 * r - 331 * g + 500 * b) / 1000;
    let cr = 128 + (500 * r - 419 * g - 81 * b) / 1000;
    luma >= SKIN_LEAST_LUMA && SKIN_CB.contains(&cb) && SKIN_CR.contains(&cr)
}

fn is_marker([r, g, b]: [u8; 3]) -> bool {
    r >= MARKER_LEAST_RED && g <= MARKER_MOST_OTHER && b <= MARKER_MOST_OTHER
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Skin-coloured below a line, green above it.
    fn picture(colour: [u8; 3], percent: u32) -> RgbImage {
        RgbImage::from_fn(10, 100, |_, y| Rgb(if y < percent { colour } else { [20, 120, 40] }))
    }

    #[test]
    fn each_threshold_raises_the_severity_by_one_level() {
        let sexual = |percent| Measure::of(&picture([224, 172, 105], percent)).severities().sexual;
        assert_eq!([0, 29, 30, 54, 55, 79, 80, 100].map(sexual), [0, 0, 2, 2, 4, 4, 6, 6]);
    }

    #[test]
    fn a_wide_range_of_skin_tones_is_met_and_the_marker_is_not_one() {
        for skin in [[255, 219, 172], [241, 194, 125], [198, 134, 66], [141, 85, 36]] {
            assert!(is_skin_coloured(skin), "{skin:?}");
        }
        for other in [[255, 0, 0], [255, 255, 255], [0, 0, 0], [90, 140, 220], [20, 120, 40]] {
            assert!(!is_skin_coloured(other), "{other:?}");
        }
        assert!(is_marker([255, 0, 0]));
    }

    #[test]
    fn a_red_picture_is_the_marker_for_violence() {
        let violence = |percent| Measure::of(&picture([230, 10, 10], percent)).severities();
        assert_eq!(violence(100), Severities { violence: 6, ..Severities::default() });
        assert_eq!(violence(60), Severities { violence: 4, ..Severities::default() });
        assert_eq!(violence(10), Severities::default());
    }
}
