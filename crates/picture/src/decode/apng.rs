//! The frames of an animated PNG, of any depth, painted onto each other as the specification says
//! (<https://www.w3.org/TR/png-3/#apng-frame-based-animation>).

use super::failed;
use super::png::{open, rgba};
use crate::pixels::Pixels;
use crate::refusal::Code;
use crate::structure::Facts;
use crate::{Limits, Refusal};
use png::{BlendOp, DisposeOp, FrameControl};

/// Every frame but the first picture in the file, each as it is seen, one after the other.
pub(super) fn other_frames(
    file: &[u8],
    facts: &Facts,
    limits: &Limits,
    mut each: impl FnMut(Pixels) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut reader = open(file, false).map_err(|error| failed(&error))?;
    let length = reader.output_buffer_size().filter(|most| *most as u64 <= limits.max_memory_bytes);
    let too_large = || Code::TooManyPixels.because("its header asks for too much memory");
    let mut data = vec![0; length.ok_or_else(too_large)?];
    let mut canvas = Canvas::new(facts.width, facts.height);
    for number in 0..facts.frames {
        let control = match number {
            0 => reader.info().frame_control,
            _ => Some(*reader.next_frame_info().map_err(|error| failed(&error))?),
        };
        let frame = reader.next_frame(&mut data).map_err(|error| failed(&error))?;
        // A picture without it stands beside the animation.
        let Some(control) = control else { continue };
        // The decoder puts the rows of an interlaced frame as far apart as those of the picture.
        let row_bytes = match reader.info().interlaced {
            true => reader.output_line_size(facts.width).unwrap_or(frame.line_size),
            false => frame.line_size,
        };
        let pixel_bytes = frame.color_type.samples();
        let row = |y: u32| {
            let row = data.get(y as usize * row_bytes..)?;
            row.get(..control.width as usize * pixel_bytes)
        };
        canvas.make_room(&control);
        for y in 0..control.height {
            let row = row(y).ok_or_else(|| Code::Corrupt.because("a frame is incomplete"))?;
            canvas.paint(&control, y, rgba(frame.color_type, row)?);
        }
        if number > 0 {
            each(canvas.pixels.clone())?;
        }
    }
    Ok(())
}

/// What is seen, and what becomes of it before the next frame.
struct Canvas {
    pixels: Pixels,
    /// The frame that is shown.
    shown: Option<FrameControl>,
    /// What it covers, if that is to come back.
    covered: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Self {
        let data = vec![0; 4 * width as usize * height as usize];
        let pixels = Pixels { width, height, alpha: true, data };
        Self { pixels, shown: None, covered: Vec::new() }
    }

    /// Does with the frame that is shown what it asks for, and remembers what the next one covers.
    fn make_room(&mut self, next: &FrameControl) {
        if let Some(shown) = self.shown.replace(*next) {
            match shown.dispose_op {
                DisposeOp::None => {}
                DisposeOp::Background => self.each_row(&shown, |row, _| row.fill(0)),
                // Before the first frame there was nothing.
                DisposeOp::Previous => {
                    let covered = std::mem::take(&mut self.covered);
                    let row_bytes = 4 * shown.width as usize;
                    self.each_row(&shown, |row, y| {
                        match covered.get(y * row_bytes..).and_then(|rest| rest.get(..row.len())) {
                            Some(before) => row.copy_from_slice(before),
                            None => row.fill(0),
                        }
                    });
                }
            }
        }
        if next.dispose_op == DisposeOp::Previous {
            let mut covered = Vec::with_capacity(4 * next.width as usize * next.height as usize);
            self.each_row(next, |row, _| covered.extend_from_slice(row));
            self.covered = covered;
        }
    }

    /// Row `y` of the frame, counted from the frame's top.
    fn paint(&mut self, frame: &FrameControl, y: u32, row: impl Iterator<Item = [u8; 4]>) {
        let Some(under) = self.row(frame, y) else { return };
        for (under, over) in under.chunks_exact_mut(4).zip(row) {
            match frame.blend_op {
                BlendOp::Source => under.copy_from_slice(&over),
                BlendOp::Over => blend(under, over),
            }
        }
    }

    fn each_row(&mut self, frame: &FrameControl, mut change: impl FnMut(&mut [u8], usize)) {
        for y in 0..frame.height {
            if let Some(row) = self.row(frame, y) {
                change(row, y as usize);
            }
        }
    }

    /// What a frame covers of one row; nothing outside of the picture.
    fn row(&mut self, frame: &FrameControl, y: u32) -> Option<&mut [u8]> {
        let y = frame.y_offset.checked_add(y)?;
        let end = frame.x_offset.checked_add(frame.width)?;
        if y >= self.pixels.height || end > self.pixels.width {
            return None;
        }
        let start = y as usize * self.pixels.row_bytes();
        let (left, right) = (4 * frame.x_offset as usize, 4 * end as usize);
        self.pixels.data.get_mut(start + left..start + right)
    }
}

/// `over` on top of `under`; both have straight alpha.
fn blend(under: &mut [u8], over: [u8; 4]) {
    let (alpha, below) = (u32::from(over[3]), u32::from(under[3]));
    // What is left of the lower one, in 255ths.
    let below = (below * (255 - alpha) + 127) / 255;
    let sum = alpha + below;
    if sum == 0 {
        return;
    }
    for (under, over) in under.iter_mut().zip(&over[..3]) {
        let mixed = (u32::from(*over) * alpha + u32::from(*under) * below + sum / 2) / sum;
        *under = u8::try_from(mixed).unwrap_or(u8::MAX);
    }
    under[3] = u8::try_from(sum).unwrap_or(u8::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, structure};
    use image::AnimationDecoder;
    use image::codecs::png::PngDecoder;
    use std::io::Cursor;

    const SIDE: u32 = 60;

    /// Frames in different places, of every blend and disposal, half of them transparent.
    fn animation(depth: png::BitDepth) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, SIDE, SIDE);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(depth);
        encoder.set_animated(9, 0).unwrap();
        let mut writer = encoder.write_header().unwrap();
        // What the image crate brings back after a cleared frame is what was there before it was cleared.
        let disposals =
            [DisposeOp::None, DisposeOp::Previous, DisposeOp::None, DisposeOp::Background];
        for number in 0..9_u32 {
            let side = if number == 0 { SIDE } else { 20 + number };
            if number > 0 {
                writer.set_frame_dimension(side, side).unwrap();
                writer.set_frame_position(3 * number, number).unwrap();
            }
            writer.set_dispose_op(disposals[number as usize % 4]).unwrap();
            let blend = if number % 2 == 0 { BlendOp::Source } else { BlendOp::Over };
            writer.set_blend_op(blend).unwrap();
            let pixel = |at: u32| [at * number, at * 3, at / 7, [255, 120, 0][at as usize % 3]];
            let samples = (0..side * side).flat_map(pixel).map(|sample| sample.to_le_bytes()[0]);
            let data: Vec<u8> = match depth {
                png::BitDepth::Sixteen => samples.flat_map(|sample| [sample, sample]).collect(),
                _ => samples.collect(),
            };
            writer.write_image_data(&data).unwrap();
        }
        writer.finish().unwrap();
        file
    }

    fn frames(file: &[u8]) -> Vec<Pixels> {
        let limits = Limits::default();
        let facts = structure::read(Format::Png, file, &limits).unwrap();
        let mut frames = Vec::new();
        other_frames(file, &facts, &limits, |frame| {
            frames.push(frame);
            Ok(())
        })
        .unwrap();
        frames
    }

    #[test]
    fn frames_are_painted_as_the_image_crate_paints_them() {
        let file = animation(png::BitDepth::Eight);
        let expected = PngDecoder::new(Cursor::new(&file)).unwrap().apng().unwrap().into_frames();
        let expected: Vec<_> = expected.skip(1).map(|frame| frame.unwrap().into_buffer()).collect();
        let painted = frames(&file);
        assert_eq!(painted.len(), expected.len());
        for (number, (painted, expected)) in painted.iter().zip(expected).enumerate() {
            let pairs = painted.data.iter().zip(expected.as_raw());
            let worst = pairs.map(|(one, other)| one.abs_diff(*other)).max();
            assert!(worst <= Some(2), "frame {number} differs by {worst:?}");
        }
    }

    #[test]
    fn sixteen_bits_are_seen_as_eight() {
        assert!(
            frames(&animation(png::BitDepth::Sixteen)) == frames(&animation(png::BitDepth::Eight))
        );
    }
}
