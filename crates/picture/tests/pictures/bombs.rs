//! Files that are small and ask for much.

use super::chunks::{self, png_chunk};
use super::corpus;
use super::{inspect, refused, within};
use picture::Limits;
use std::io::Write;

fn png_header(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &png_chunk(b"IHDR", &header)].concat()
}

/// Zeros, deflated: a thousand of them in a byte.
fn zeros(count: u32) -> Vec<u8> {
    const WIDTH: u32 = 1 << 16;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH, count / WIDTH);
    encoder.set_filter(png::Filter::NoFilter);
    let mut header = encoder.write_header().unwrap();
    let mut writer = header.stream_writer_with_size(1 << 26).unwrap();
    for _ in 0..count / WIDTH {
        writer.write_all(&[0; WIDTH as usize]).unwrap();
    }
    writer.finish().unwrap();
    drop(header);
    let start = memchr::memmem::find(&file, b"IDAT").unwrap();
    let length = u32::from_be_bytes(file[start - 4..start].try_into().unwrap()) as usize;
    file[start + 4..][..length].to_vec()
}

fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
    let mut file = corpus::jpeg(50, 50);
    let frame = memchr::memmem::find(&file, &[0xff, 0xc0]).unwrap();
    file[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    file
}

fn gif_header(width: u16, height: u16) -> Vec<u8> {
    let mut file = corpus::gif(50, 50, 1);
    file[6..8].copy_from_slice(&width.to_le_bytes());
    file[8..10].copy_from_slice(&height.to_le_bytes());
    file
}

#[tokio::test]
async fn sizes_in_headers_are_refused_before_anything_is_decoded() {
    let end = png_chunk(b"IEND", b"");
    let png = |width, height| {
        [png_header(width, height), png_chunk(b"IDAT", &zeros(4 << 20)), end.clone()].concat()
    };
    let webp = |width, height| {
        corpus::riff(&[corpus::vp8x(0, width, height), corpus::webp(50, 50)[12..].to_vec()])
    };
    for (kind, file, code) in [
        ("image/png", png(100_000, 100_000), "too-wide-or-high"),
        ("image/png", png(u32::MAX, 1), "too-wide-or-high"),
        ("image/png", png(11_999, 11_999), "too-many-pixels"),
        ("image/png", png(0, 50), "corrupt"),
        ("image/png", png(1, 1), "too-small"),
        ("image/png", png(49, 50), "too-small"),
        ("image/jpeg", jpeg_header(65_500, 65_500), "too-wide-or-high"),
        ("image/jpeg", jpeg_header(12_000, 12_000), "too-many-pixels"),
        ("image/jpeg", jpeg_header(50, 0), "corrupt"),
        ("image/gif", gif_header(65_535, 65_535), "too-wide-or-high"),
        ("image/gif", gif_header(9_000, 9_000), "too-many-pixels"),
        ("image/webp", webp(16_777_215, 3), "too-wide-or-high"),
        ("image/webp", webp(9_000, 9_000), "too-many-pixels"),
        ("image/webp", webp(60, 60), "corrupt"),
    ] {
        assert_eq!(refused(&file, kind).await, code, "{kind}");
    }
}

#[tokio::test]
async fn a_png_whose_content_is_more_or_less_than_its_header_says_does_no_harm() {
    let end = png_chunk(b"IEND", b"");
    let more = [png_header(60, 60), png_chunk(b"IDAT", &zeros(1 << 28)), end.clone()].concat();
    let _ = inspect(&more, "image/png").await;
    let less = [png_header(4000, 4000), png_chunk(b"IDAT", &zeros(1 << 20)), end].concat();
    let code = refused(&less, "image/png").await;
    assert!(["corrupt", "truncated"].contains(&code), "{code}");
}

#[tokio::test]
async fn compressed_texts_and_profiles_are_not_unpacked_without_limit() {
    for (kind, name) in [(b"zTXt", &b"k\0\0"[..]), (b"iTXt", b"k\0\x01\0\0\0"), (b"iCCP", b"k\0\0")]
    {
        let bomb = png_chunk(kind, &[name, &zeros(1 << 28)].concat());
        let many = std::iter::repeat_n(bomb, 3).collect::<Vec<_>>();
        let file = chunks::with_chunks(&corpus::png(60, 60), &many);
        let started = std::time::Instant::now();
        inspect(&file, "image/png").await.unwrap();
        assert!(started.elapsed().as_secs() < 5, "{kind:?}");
    }
}

#[tokio::test]
async fn thousands_of_frames_and_scans_are_refused() {
    // A picture of one byte, on a canvas that is as large as may be, over and over.
    let frame =
        [&[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80, 1, 1, 1, 2, 2, 2, 2], &[2, 0x44, 1, 0][..]].concat();
    let header =
        [&b"GIF89a"[..], &4000_u16.to_le_bytes(), &4000_u16.to_le_bytes(), &[0, 0, 0]].concat();
    let many = [header, frame.repeat(3000), b";".to_vec()].concat();
    assert_eq!(refused(&many, "image/gif").await, "too-many-frames");

    let progressive =
        corpus::jpeg_of(&corpus::scene(64, 64, 1), 64, 64, |encoder| encoder.set_progressive(true));
    let scan = memchr::memmem::find(&progressive, &[0xff, 0xda]).unwrap();
    let after = memchr::memmem::find(&progressive[scan + 2..], &[0xff, 0xda]).unwrap() + scan + 2;
    let many = [&progressive[..scan], &progressive[scan..after].repeat(2000), b"\xff\xd9"].concat();
    assert_eq!(refused(&many, "image/jpeg").await, "too-much-work");
}

#[tokio::test]
async fn a_file_of_too_many_bytes_is_refused_before_a_process_is_started() {
    let mut file = corpus::jpeg(50, 50);
    file.resize((12 << 20) + 1, 0);
    assert_eq!(refused(&file, "image/jpeg").await, "too-many-bytes");
}

#[tokio::test]
async fn a_picture_that_needs_more_memory_than_allowed_is_too_much_work() {
    let file = corpus::jpeg(3000, 2000);
    // The estimate lets it pass, the system does not.
    let tight = Limits { max_memory_bytes: 28 << 20, ..Limits::default() };
    assert_eq!(within(&tight, &file, "image/jpeg").await.unwrap_err().code, "too-much-work");
    let tighter = Limits { max_memory_bytes: 16 << 20, ..Limits::default() };
    assert_eq!(within(&tighter, &file, "image/jpeg").await.unwrap_err().code, "too-many-pixels");
    assert!(inspect(&file, "image/jpeg").await.is_ok());
}

#[tokio::test]
async fn frames_and_passes_that_cost_too_much_together_are_refused_before_anything_is_decoded() {
    let limits =
        Limits { max_pixels_in_all: 20_000, max_pixels_in_passes: 40_000, ..Limits::default() };
    let interlaced = |mut png: Vec<u8>| {
        png[28] = 1;
        png
    };
    let progressive = |side| {
        corpus::jpeg_of(&corpus::scene(side, side, 1), side, side, |encoder| {
            encoder.set_progressive(true);
        })
    };
    for (kind, file, code) in [
        ("image/gif", corpus::gif(100, 100, 3), "too-many-pixels-in-all"),
        ("image/png", corpus::apng(100, 100, 3), "too-many-pixels-in-all"),
        ("image/webp", corpus::animated_webp(100, 100, 3), "too-many-pixels-in-all"),
        ("image/png", interlaced(corpus::png(101, 100)), "too-many-pixels-in-all"),
        ("image/jpeg", progressive(120), "too-much-work"),
    ] {
        let refusal = within(&limits, &file, kind).await.unwrap_err();
        assert_eq!(refusal.code, code, "{kind}");
        assert!(refusal.detail.contains("0,000") || refusal.detail.contains("0000"), "{refusal:?}");
    }
    for (kind, file) in [
        ("image/gif", corpus::gif(100, 100, 2)),
        ("image/webp", corpus::animated_webp(100, 100, 2)),
        ("image/jpeg", progressive(50)),
    ] {
        within(&limits, &file, kind).await.unwrap();
    }
}
