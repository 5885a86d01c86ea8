//! What is taken, and what is made of it.

use super::corpus::{self, jpeg_of, png_of, scene};
use super::{inspect, refused};
use image::{GenericImageView, ImageFormat, Rgb};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use picture::{Encoded, MATCH_DISTANCE, MIN_QUALITY, hamming};
use png::BitDepth;

/// Four quarters: red, green / blue, white. Which is where tells the orientation.
fn quarters(width: u32, height: u32) -> Vec<u8> {
    let colour = |x: u32, y: u32| match (2 * x < width, 2 * y < height) {
        (true, true) => [250, 10, 10],
        (false, true) => [10, 250, 10],
        (true, false) => [10, 10, 250],
        (false, false) => [250, 250, 250],
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| colour(x, y))).collect()
}

/// Decodes one of our files.
fn seen(file: &Encoded) -> image::DynamicImage {
    match file.content_type {
        "image/png" => image::load_from_memory_with_format(&file.bytes, ImageFormat::Png).unwrap(),
        _ => {
            let mut decoder =
                zune_jpeg::JpegDecoder::new(zune_core::bytestream::ZCursor::new(&file.bytes[..]));
            let rgb = decoder.decode().unwrap();
            image::RgbImage::from_raw(file.width, file.height, rgb).unwrap().into()
        }
    }
}

fn near(one: Rgb<u8>, other: [u8; 3]) -> bool {
    one.0.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 24)
}

fn colour_at(picture: &image::DynamicImage, x: f32, y: f32) -> Rgb<u8> {
    let (width, height) = picture.dimensions();
    picture.to_rgb8()[((width as f32 * x) as u32, (height as f32 * y) as u32)]
}

#[tokio::test]
async fn every_format_becomes_three_upright_pictures_and_what_judges_them() {
    for (kind, file) in corpus::one_of_each() {
        let made = inspect(&file, kind).await.unwrap();
        assert_eq!(made.format.media_type(), kind);
        for variant in [&made.original, &made.large, &made.thumb] {
            let picture = seen(variant);
            assert_eq!(picture.dimensions(), (variant.width, variant.height));
        }
        assert_eq!((made.original.width, made.original.height), (made.width, made.height));
        assert!(made.blurhash.len() > 20, "{}", made.blurhash);
        assert!(!made.hashes.is_empty() && made.for_analysis.len() >= made.hashes.len());
        for analysed in &made.for_analysis {
            assert!(analysed.starts_with(b"\xff\xd8") && analysed.len() <= 4_000_000);
        }
    }
}

#[tokio::test]
async fn variants_fit_their_sizes_and_are_never_enlarged() {
    let made = inspect(&corpus::jpeg(2000, 1000), "image/jpeg").await.unwrap();
    let sizes =
        [&made.original, &made.large, &made.thumb].map(|variant| (variant.width, variant.height));
    assert_eq!(sizes, [(2000, 1000), (1600, 800), (320, 160)]);
    let made = inspect(&corpus::jpeg(50, 50), "image/jpeg").await.unwrap();
    assert_eq!((made.large.width, made.thumb.width), (50, 50));
    // Extreme proportions: still a picture that the service takes.
    let made = inspect(&corpus::png(4000, 50), "image/png").await.unwrap();
    assert_eq!((made.large.width, made.large.height, made.thumb.height), (1600, 20, 4));
    let info =
        zune_jpeg::JpegDecoder::new(zune_core::bytestream::ZCursor::new(&made.for_analysis[0][..]));
    let mut info = info;
    info.decode_headers().unwrap();
    assert_eq!(info.dimensions(), Some((1600, 50)));
}

#[tokio::test]
async fn all_eight_orientations_are_applied() {
    const WHITE: [u8; 3] = [250, 250, 250];
    // Where the stored top left corner, red, is to be seen.
    let corners = [
        (0.2, 0.2),
        (0.8, 0.2),
        (0.8, 0.8),
        (0.2, 0.8),
        (0.2, 0.2),
        (0.8, 0.2),
        (0.8, 0.8),
        (0.2, 0.8),
    ];
    let stored = jpeg_of(&quarters(96, 64), 96, 64, |_| {});
    for (orientation, (x, y)) in (1..).zip(corners) {
        let file = corpus::with_segments(&stored, &[(0xe1, corpus::exif(orientation))]);
        let made = inspect(&file, "image/jpeg").await.unwrap();
        let size = if orientation > 4 { (64, 96) } else { (96, 64) };
        assert_eq!((made.width, made.height), size, "orientation {orientation}");
        for variant in [&made.original, &made.large, &made.thumb] {
            let picture = seen(variant);
            assert_eq!(picture.dimensions(), size);
            assert!(near(colour_at(&picture, x, y), [250, 10, 10]), "orientation {orientation}");
            assert!(
                near(colour_at(&picture, 1.0 - x, 1.0 - y), WHITE),
                "orientation {orientation}"
            );
        }
    }
}

#[tokio::test]
async fn cmyk_and_ycck_and_grey_jpegs_keep_their_colours() {
    let cmyk: Vec<u8> = quarters(64, 64)
        .chunks_exact(3)
        .flat_map(|p| [255 - p[0], 255 - p[1], 255 - p[2], 0])
        .collect();
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut file = Vec::new();
        Encoder::new(&mut file, 95).encode(&cmyk, 64, 64, kind).unwrap();
        let picture = seen(&inspect(&file, "image/jpeg").await.unwrap().original);
        assert!(near(colour_at(&picture, 0.25, 0.25), [250, 10, 10]), "{kind:?}");
        assert!(near(colour_at(&picture, 0.75, 0.25), [10, 250, 10]), "{kind:?}");
        assert!(near(colour_at(&picture, 0.75, 0.75), [250, 250, 250]), "{kind:?}");
    }
    let mut file = Vec::new();
    Encoder::new(&mut file, 95).encode(&[77; 64 * 64], 64, 64, ColorType::Luma).unwrap();
    let picture = seen(&inspect(&file, "image/jpeg").await.unwrap().original);
    assert!(near(colour_at(&picture, 0.5, 0.5), [77, 77, 77]));
}

#[tokio::test]
async fn every_sampling_and_progressive_jpegs_are_taken() {
    let factors = [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
    ];
    for factor in factors {
        for progressive in [false, true] {
            let file = jpeg_of(&quarters(99, 67), 99, 67, |encoder| {
                encoder.set_sampling_factor(factor);
                encoder.set_progressive(progressive);
            });
            let picture = seen(&inspect(&file, "image/jpeg").await.unwrap().original);
            assert!(
                near(colour_at(&picture, 0.25, 0.75), [10, 10, 250]),
                "{factor:?} {progressive}"
            );
        }
    }
}

#[tokio::test]
async fn samplings_that_the_decoder_gets_wrong_are_refused() {
    for factor in [SamplingFactor::F_4_2, SamplingFactor::F_1_4, SamplingFactor::F_2_4] {
        let file =
            jpeg_of(&quarters(99, 67), 99, 67, |encoder| encoder.set_sampling_factor(factor));
        assert_eq!(refused(&file, "image/jpeg").await, "unsupported-format", "{factor:?}");
    }
}

#[tokio::test]
async fn colours_one_after_the_other_are_taken_where_the_decoder_gets_them_right() {
    for (factor, right) in [
        (SamplingFactor::F_1_1, true),
        (SamplingFactor::F_2_1, true),
        (SamplingFactor::F_4_1, true),
        (SamplingFactor::F_2_2, false),
        (SamplingFactor::F_1_2, false),
    ] {
        let file = jpeg_of(&quarters(99, 67), 99, 67, |encoder| {
            encoder.set_sampling_factor(factor);
            // So this encoder writes a scan for each colour.
            encoder.set_optimized_huffman_tables(true);
        });
        match inspect(&file, "image/jpeg").await {
            Ok(made) => {
                assert!(right, "{factor:?}");
                let picture = seen(&made.original);
                assert!(near(colour_at(&picture, 0.25, 0.75), [10, 10, 250]), "{factor:?}");
            }
            Err(refusal) => {
                assert_eq!((refusal.code, right), ("unsupported-format", false), "{factor:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_animation_of_sixteen_bits_is_taken_as_one_of_eight() {
    let expected = inspect(&corpus::apng(80, 60, 4), "image/png").await.unwrap();
    let made = inspect(&corpus::apng_of(80, 60, 4, BitDepth::Sixteen), "image/png").await.unwrap();
    assert_eq!((made.hashes, made.for_analysis), (expected.hashes, expected.for_analysis));
}

#[tokio::test]
async fn sixteen_bits_palettes_and_grey_pngs_are_taken() {
    use png::ColorType as C;
    let sixteen: Vec<u8> = scene(64, 64, 1).iter().flat_map(|byte| [*byte, 0]).collect();
    let mut files = vec![
        png_of(&sixteen, 64, 64, C::Rgb, BitDepth::Sixteen, |_| {}),
        png_of(&scene(64, 64, 1)[..64 * 64], 64, 64, C::Grayscale, BitDepth::Eight, |_| {}),
        png_of(
            &scene(64, 64, 1)[..2 * 64 * 64],
            64,
            64,
            C::GrayscaleAlpha,
            BitDepth::Eight,
            |_| {},
        ),
        png_of(&[0b1010_0101; 64 * 8], 64, 64, C::Grayscale, BitDepth::One, |_| {}),
    ];
    files.push(png_of(&[0x12; 64 * 32], 64, 64, C::Indexed, BitDepth::Four, |encoder| {
        encoder.set_palette(vec![7; 48]);
        encoder.set_trns(vec![255, 100]);
    }));
    for file in files {
        inspect(&file, "image/png").await.unwrap();
    }
}

#[tokio::test]
async fn a_transparent_picture_stays_so_hides_nothing_and_is_judged_over_white_and_black() {
    let made =
        inspect(&corpus::rgba_png(400, 300, |x, _| if x < 200 { 0 } else { 255 }), "image/png")
            .await
            .unwrap();
    assert_eq!(made.for_analysis.len(), 2);
    for variant in [&made.original, &made.large, &made.thumb] {
        assert_eq!(variant.content_type, "image/png");
        let picture = seen(variant).to_rgba8();
        assert!(
            picture.pixels().any(|pixel| pixel[3] == 0)
                && picture.pixels().any(|pixel| pixel[3] == 255)
        );
        assert!(
            picture.pixels().all(|pixel| pixel[3] != 0 || pixel.0 == [0; 4]),
            "colour under nothing"
        );
    }
    let opaque = inspect(&corpus::rgba_png(64, 64, |_, _| 255), "image/png").await.unwrap();
    assert_eq!((opaque.original.content_type, opaque.for_analysis.len()), ("image/jpeg", 1));
}

#[tokio::test]
async fn every_frame_of_an_animation_is_judged_and_the_first_is_published() {
    for (kind, file, frames) in [
        ("image/gif", corpus::gif(80, 60, 4), 4),
        ("image/png", corpus::apng(80, 60, 4), 4),
        ("image/webp", corpus::animated_webp(80, 60, 4), 4),
    ] {
        let made = inspect(&file, kind).await.unwrap();
        assert_eq!((made.hashes.len(), made.for_analysis.len()), (frames, frames), "{kind}");
        let again = inspect(&made.original.bytes, made.original.content_type).await.unwrap();
        assert!(hamming(&again.hashes[0].hash, &made.hashes[0].hash) <= MATCH_DISTANCE, "{kind}");
    }
    assert_eq!(refused(&corpus::gif(50, 50, 21), "image/gif").await, "too-many-frames");
    assert_eq!(refused(&corpus::apng(50, 50, 21), "image/png").await, "too-many-frames");
    assert_eq!(refused(&corpus::animated_webp(50, 50, 21), "image/webp").await, "too-many-frames");
}

#[tokio::test]
async fn a_picture_is_known_again_in_another_size_and_format_and_others_are_not() {
    let first = inspect(&corpus::jpeg(900, 700), "image/jpeg").await.unwrap().hashes[0];
    let rgb = scene(450, 350, 1);
    let rough = jpeg_of(&rgb, 450, 350, |encoder| encoder.set_quality(30));
    for (kind, file) in [
        ("image/jpeg", rough),
        ("image/png", corpus::png(300, 233)),
        ("image/webp", corpus::webp(512, 398)),
    ] {
        let again = inspect(&file, kind).await.unwrap().hashes[0];
        assert!(
            hamming(&first.hash, &again.hash) <= MATCH_DISTANCE,
            "{kind}: {}",
            hamming(&first.hash, &again.hash)
        );
        assert!(again.quality >= MIN_QUALITY, "{}", again.quality);
    }
    let other = jpeg_of(&scene(900, 700, 5), 900, 700, |_| {});
    let other = inspect(&other, "image/jpeg").await.unwrap().hashes[0];
    assert!(hamming(&first.hash, &other.hash) > 2 * MATCH_DISTANCE);
    let plain = jpeg_of(&[128; 64 * 64 * 3], 64, 64, |_| {});
    assert_eq!(inspect(&plain, "image/jpeg").await.unwrap().hashes[0].quality, 0);
}
