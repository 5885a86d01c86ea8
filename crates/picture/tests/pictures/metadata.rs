//! Nothing of the old file but its pixels is in a new one.

use super::inspect;
use super::{chunks, corpus};
use moxcms::ColorProfile;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>secret-xmp</x:xmpmeta>";

fn marked_jpeg(profile: Vec<u8>) -> Vec<u8> {
    let profile = [&b"ICC_PROFILE\0\x01\x01"[..], &profile].concat();
    corpus::with_segments(
        &corpus::jpeg(200, 150),
        &[
            (0xe1, [corpus::exif(1), b"secret-exif".to_vec()].concat()),
            (0xe1, XMP.to_vec()),
            (0xe2, profile),
            (0xed, b"Photoshop 3.0\0secret-iptc".to_vec()),
            (0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec()),
            (0xef, b"secret-app15".to_vec()),
            (0xfe, b"secret-comment".to_vec()),
        ],
    )
}

/// The markers of a JPEG up to its picture.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    loop {
        found.push(jpeg[at + 1]);
        if jpeg[at + 1] == 0xda {
            return found;
        }
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
}

#[tokio::test]
async fn a_cameras_metadata_are_gone_from_every_picture_made() {
    let file = marked_jpeg(ColorProfile::new_display_p3().encode().unwrap());
    let made = inspect(&file, "image/jpeg").await.unwrap();
    let files = [&made.original.bytes, &made.large.bytes, &made.thumb.bytes];
    for file in files.into_iter().chain(&made.for_analysis) {
        for word in
            [&b"secret"[..], b"Exif", b"ICC_PROFILE", b"xmp", b"Photoshop", b"Adobe", b"Cam\0"]
        {
            assert!(memchr::memmem::find(file, word).is_none(), "{word:?}");
        }
        // JFIF, quantisation, frame, Huffman tables, scan: nothing else.
        assert!(
            markers(file).iter().all(|marker| [0xe0, 0xdb, 0xc0, 0xc4, 0xda].contains(marker)),
            "{:x?}",
            markers(file)
        );
    }
}

#[tokio::test]
async fn a_pngs_texts_are_gone() {
    let chunks = [
        chunks::png_chunk(b"tEXt", b"Author\0secret"),
        chunks::png_chunk(b"eXIf", &corpus::exif(1)[6..]),
        chunks::png_chunk(b"tIME", &[7, 230, 1, 2, 3, 4, 5]),
    ];
    let file = chunks::with_chunks(&corpus::rgba_png(100, 80, |x, _| (x * 2) as u8), &chunks);
    let made = inspect(&file, "image/png").await.unwrap();
    for file in [&made.original.bytes, &made.large.bytes, &made.thumb.bytes] {
        for word in [&b"secret"[..], b"tEXt", b"eXIf", b"tIME", b"iCCP"] {
            assert!(memchr::memmem::find(file, word).is_none(), "{word:?}");
        }
    }
}

#[tokio::test]
async fn colours_are_brought_to_srgb_and_a_broken_profile_is_passed_over() {
    let plain = inspect(&corpus::jpeg(200, 150), "image/jpeg").await.unwrap();
    let wide =
        inspect(&marked_jpeg(ColorProfile::new_display_p3().encode().unwrap()), "image/jpeg")
            .await
            .unwrap();
    assert_ne!(plain.original.bytes, wide.original.bytes);
    for broken in
        [vec![], vec![0; 3], vec![7; 500], ColorProfile::new_gray_with_gamma(2.2).encode().unwrap()]
    {
        let made = inspect(&marked_jpeg(broken), "image/jpeg").await.unwrap();
        assert_eq!(plain.original.bytes, made.original.bytes);
    }
    let garbage = chunks::png_chunk(b"iCCP", b"name\0\0not deflate");
    inspect(&chunks::with_chunks(&corpus::png(60, 60), &[garbage]), "image/png").await.unwrap();
}

#[tokio::test]
async fn the_orientation_in_png_and_webp_is_applied_too() {
    let chunk = chunks::png_chunk(b"eXIf", &corpus::exif(6)[6..]);
    let made =
        inspect(&chunks::with_chunks(&corpus::png(80, 60), &[chunk]), "image/png").await.unwrap();
    assert_eq!((made.width, made.height, made.original.width), (60, 80, 60));
    let picture = corpus::webp(80, 60)[12..].to_vec();
    let file = corpus::riff(&[
        corpus::vp8x(8, 80, 60),
        picture,
        corpus::riff_chunk(b"EXIF", &corpus::exif(8)),
    ]);
    let made = inspect(&file, "image/webp").await.unwrap();
    assert_eq!((made.width, made.height), (60, 80));
}
