//! Sound pictures made in code. The unit tests that need thousands of broken ones start from them too.

#![allow(clippy::cast_possible_truncation, reason = "sizes and colours are chosen to fit")]

use image::codecs::gif::GifEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Delay, ExtendedColorType, Frame, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};

/// Soft shapes with an edge or two, as a photo has; the same for the same seed.
pub(crate) fn scene(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    let (w, h, s) = (width as f32, height as f32, seed as f32);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / w, y as f32 / h);
            let wave = |k: f32| {
                (((u * (5.0 + k) + s).sin() * (v * (7.0 - k) + s * 2.0).cos() + 1.0) * 90.0) as u8
            };
            let edge = if (u - 0.3 - 0.1 * k3(s)).hypot(v - 0.6) < 0.25 { 60 } else { 0 };
            rgb.extend([wave(0.0) + edge, wave(2.0) + edge / 2, wave(-3.0)]);
        }
    }
    rgb
}

fn k3(seed: f32) -> f32 {
    (seed * 3.0).sin()
}

pub(crate) fn jpeg_of(
    rgb: &[u8],
    width: u32,
    height: u32,
    change: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 85);
    change(&mut encoder);
    encoder.encode(rgb, width as u16, height as u16, ColorType::Rgb).unwrap();
    file
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    jpeg_of(&scene(width, height, 1), width, height, |_| {})
}

/// A JPEG with segments after its first marker: (marker, content).
pub(crate) fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut file = jpeg[..2].to_vec();
    for (marker, content) in segments {
        file.extend([0xff, *marker]);
        file.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        file.extend(content);
    }
    file.extend(&jpeg[2..]);
    file
}

/// An Exif block: camera, orientation, and a place on Earth.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let [high, low] = orientation.to_be_bytes();
    let gps = 8 + 2 + 3 * 12 + 4;
    tiff.extend([0, 3]);
    tiff.extend(entry(0x010f, 2, 4, *b"Cam\0"));
    tiff.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, u32::try_from(gps).unwrap().to_be_bytes()));
    tiff.extend([0; 4]);
    tiff.extend([0, 2]);
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, u32::try_from(gps + 2 + 24 + 4).unwrap().to_be_bytes()));
    tiff.extend([0; 4]);
    for (number, of) in [(52_u32, 1_u32), (31, 1), (1234, 100)] {
        tiff.extend(number.to_be_bytes());
        tiff.extend(of.to_be_bytes());
    }
    [&b"Exif\0\0"[..], &tiff].concat()
}

pub(crate) fn png_of(
    data: &[u8],
    width: u32,
    height: u32,
    colour: png::ColorType,
    depth: png::BitDepth,
    change: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    change(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    file
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    png_of(
        &scene(width, height, 1),
        width,
        height,
        png::ColorType::Rgb,
        png::BitDepth::Eight,
        |_| {},
    )
}

/// The scene with an alpha channel: `alpha(x, y)`.
pub(crate) fn transparent(width: u32, height: u32, alpha: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let rgb = scene(width, height, 1);
    let pixels = rgb.chunks_exact(3).enumerate();
    let place =
        |at: usize| (u32::try_from(at).unwrap() % width, u32::try_from(at).unwrap() / width);
    pixels
        .flat_map(|(at, pixel)| [pixel[0], pixel[1], pixel[2], alpha(place(at).0, place(at).1)])
        .collect()
}

pub(crate) fn rgba_png(width: u32, height: u32, alpha: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let data = transparent(width, height, alpha);
    png_of(&data, width, height, png::ColorType::Rgba, png::BitDepth::Eight, |_| {})
}

/// An animated PNG; every frame is another scene.
pub(crate) fn apng(width: u32, height: u32, frames: u32) -> Vec<u8> {
    apng_of(width, height, frames, png::BitDepth::Eight)
}

/// The same with eight or sixteen bits a channel.
pub(crate) fn apng_of(width: u32, height: u32, frames: u32, depth: png::BitDepth) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(depth);
    encoder.set_animated(frames, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for frame in 0..frames {
        let data = scene(width, height, frame);
        let data = match depth {
            png::BitDepth::Sixteen => data.into_iter().flat_map(|sample| [sample; 2]).collect(),
            _ => data,
        };
        writer.write_image_data(&data).unwrap();
    }
    writer.finish().unwrap();
    file
}

pub(crate) fn gif(width: u32, height: u32, frames: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut file, 30);
    for frame in 0..frames {
        let rgb = scene(width, height, frame);
        let picture = RgbaImage::from_fn(width, height, |x, y| {
            let at = ((y * width + x) * 3) as usize;
            Rgba([rgb[at], rgb[at + 1], rgb[at + 2], 255])
        });
        encoder
            .encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1)))
            .unwrap();
    }
    drop(encoder);
    file
}

pub(crate) fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    WebPEncoder::new_lossless(&mut file)
        .encode(&scene(width, height, 1), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    file
}

pub(crate) fn riff_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let padding = if content.len() % 2 == 1 { &b"\0"[..] } else { b"" };
    [&kind[..], &u32::try_from(content.len()).unwrap().to_le_bytes(), content, padding].concat()
}

pub(crate) fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [&b"WEBP"[..], &chunks.concat()].concat();
    [&b"RIFF"[..], &u32::try_from(content.len()).unwrap().to_le_bytes(), &content].concat()
}

/// The header of a WebP that has more than a picture.
pub(crate) fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let u24 = |value: u32| [0, 1, 2].map(|at| value.to_le_bytes()[at]);
    riff_chunk(b"VP8X", &[&[flags, 0, 0, 0][..], &u24(width - 1), &u24(height - 1)].concat())
}

pub(crate) const WEBP_ANIMATED: u8 = 2;

/// An animated WebP; every frame is the same picture.
pub(crate) fn animated_webp(width: u32, height: u32, frames: u32) -> Vec<u8> {
    let u24 = |value: u32| [0, 1, 2].map(|at| value.to_le_bytes()[at]);
    let picture = webp(width, height)[12..].to_vec();
    let frame =
        [&[0; 6][..], &u24(width - 1), &u24(height - 1), &[100, 0, 0, 0], &picture].concat();
    let mut chunks = vec![vp8x(WEBP_ANIMATED, width, height), riff_chunk(b"ANIM", &[0; 6])];
    chunks.extend((0..frames).map(|_| riff_chunk(b"ANMF", &frame)));
    riff(&chunks)
}

/// A small sound file of each format, with the type to declare.
pub(crate) fn one_of_each() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "image/jpeg",
            with_segments(&jpeg(64, 50), &[(0xe1, exif(6)), (0xfe, b"a comment".to_vec())]),
        ),
        ("image/jpeg", jpeg_of(&scene(64, 50, 1), 64, 50, |encoder| encoder.set_progressive(true))),
        ("image/png", png(64, 50)),
        ("image/png", rgba_png(64, 50, |x, _| (x * 4) as u8)),
        ("image/png", apng(50, 50, 3)),
        ("image/gif", gif(64, 50, 1)),
        ("image/gif", gif(50, 50, 3)),
        ("image/webp", webp(64, 50)),
        ("image/webp", animated_webp(50, 50, 2)),
    ]
}
