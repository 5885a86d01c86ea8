//! Files that are something else, or something else besides.

use super::corpus::{self, with_segments};
use super::{inspect, refused};

const ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

#[tokio::test]
async fn whatever_follows_the_end_of_a_picture_is_refused() {
    let whole =
        [ZIP, b"<html><script>alert(1)</script>", b"/* */ alert(1)", b"%PDF-1.7", b"MZ\0\0", b"x"];
    for (kind, file) in corpus::one_of_each() {
        for rest in whole.iter().copied().chain([&corpus::jpeg(50, 50)[..], &corpus::png(50, 50)]) {
            assert_eq!(refused(&[&file, rest].concat(), kind).await, "trailing-data", "{kind}");
        }
        inspect(&[&file[..], &[0; 500]].concat(), kind).await.unwrap();
    }
}

#[tokio::test]
async fn a_declared_type_that_is_not_the_contents_is_refused() {
    for (kind, file) in corpus::one_of_each() {
        for other in
            ["image/jpeg", "image/png", "image/webp", "image/gif", "image/svg+xml", "text/html", ""]
        {
            if other != kind {
                assert_eq!(refused(&file, other).await, "type-mismatch");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_picture_or_another_is_refused_whatever_it_is_called() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    assert_eq!(refused(svg, "image/jpeg").await, "unsupported-format");
    assert_eq!(refused(b"BM\x3a\0\0\0", "image/png").await, "unsupported-format");
    for none in [&b"<html></html>"[..], b"%PDF-1.7", ZIP, b"", b"\0", b"GIF8", b"#!/bin/sh\n"] {
        let code = refused(none, "image/jpeg").await;
        assert!(["not-an-image", "truncated"].contains(&code), "{code}");
    }
}

fn announcing(words: &[u8]) -> Vec<u8> {
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", words].concat();
    with_segments(&corpus::jpeg(100, 80), &[(0xe1, corpus::exif(1)), (0xe1, xmp)])
}

fn mp4() -> Vec<u8> {
    let part = |name: &[u8], content: &[u8]| {
        [&u32::try_from(8 + content.len()).unwrap().to_be_bytes()[..], name, content].concat()
    };
    [part(b"ftyp", b"mp42\0\0\0\0isom"), part(b"moov", &[1; 40]), part(b"mdat", &[2; 99])].concat()
}

/// A trailer as Samsung's phones write it.
fn sef(data: &[u8]) -> Vec<u8> {
    let directory = [
        &b"SEFH"[..],
        &[0x6b, 0, 0, 0],
        &[1, 0, 0, 0],
        &[0, 0, 1, 0x0a],
        &u32::try_from(data.len()).unwrap().to_le_bytes(),
        &u32::try_from(data.len()).unwrap().to_le_bytes(),
    ]
    .concat();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    [data, &directory, &length, b"SEFT"].concat()
}

#[tokio::test]
async fn what_cameras_append_is_passed_over_and_never_published() {
    let mpf = with_segments(&corpus::jpeg(100, 80), &[(0xe2, b"MPF\0MM\0*".to_vec())]);
    let second = corpus::jpeg(50, 50);
    let files = [
        [&mpf[..], &second].concat(),
        [&mpf[..], &[0; 9], &second, &second, &[0; 7]].concat(),
        [&announcing(b"<hdrgm xmlns='http://ns.adobe.com/hdr-gain-map/1.0/'/>")[..], &second]
            .concat(),
        [&announcing(b"<GCamera:MotionPhoto>1</GCamera:MotionPhoto>")[..], &mp4()].concat(),
        [&corpus::jpeg(100, 80)[..], &sef(b"\0\0\x01\x0aImage_UTC_Data1700000000000")].concat(),
        [&announcing(b"MotionPhoto")[..], &mp4(), &sef(b"MotionPhoto_Data")].concat(),
    ];
    for file in files {
        let made = inspect(&file, "image/jpeg").await.unwrap();
        assert_eq!((made.width, made.height), (100, 80));
        assert!(made.original.bytes.ends_with(&[0xff, 0xd9]));
    }
}

#[tokio::test]
async fn what_only_looks_like_a_cameras_is_refused() {
    let mpf = with_segments(&corpus::jpeg(100, 80), &[(0xe2, b"MPF\0MM\0*".to_vec())]);
    let second = corpus::jpeg(50, 50);
    let files = [
        [&mpf[..], ZIP].concat(),
        [&mpf[..], &second, ZIP].concat(),
        [&mpf[..], &second[..second.len() - 2]].concat(),
        [&corpus::jpeg(100, 80)[..], &mp4()].concat(),
        [&announcing(b"MotionPhoto")[..], &mp4(), ZIP].concat(),
        [&announcing(b"MotionPhoto")[..], ZIP].concat(),
        [&corpus::jpeg(100, 80)[..], ZIP, &sef(b"data")].concat(),
        [&corpus::jpeg(100, 80)[..], b"SEFT"].concat(),
    ];
    for (at, file) in files.iter().enumerate() {
        assert_eq!(refused(file, "image/jpeg").await, "trailing-data", "file {at}");
    }
}
