//! What is kept of an inspected picture: the variants as blobs, and what the document says about them.

use crate::digest::{digest, hex};
use crate::domain::{ContentType, FrameHash, Picture, Stored, Variant};
use crate::store::Content;
use picture::{Encoded, Format, Inspected};

pub(super) fn keep(inspected: Inspected) -> (Picture, Vec<Content>) {
    let hashes = inspected.hashes.iter().map(|frame| FrameHash {
        hash: hex(&frame.hash),
        quality: frame.quality,
        alone: None,
    });
    let picture = Picture {
        format: content_type(inspected.format),
        original: stored(&inspected.original),
        large: stored(&inspected.large),
        thumb: stored(&inspected.thumb),
        blurhash: inspected.blurhash,
        hashes: hashes.collect(),
    };
    let contents = [
        (Variant::Original, inspected.original),
        (Variant::Large, inspected.large),
        (Variant::Thumb, inspected.thumb),
    ];
    let contents = contents.into_iter().map(|(variant, encoded)| Content {
        variant,
        content_type: encoded.content_type.to_owned(),
        bytes: encoded.bytes,
    });
    (picture, contents.collect())
}

fn stored(encoded: &Encoded) -> Stored {
    Stored {
        content_type: encoded.content_type.to_owned(),
        bytes: encoded.bytes.len() as u64,
        width: encoded.width,
        height: encoded.height,
        digest: digest(&encoded.bytes),
    }
}

fn content_type(format: Format) -> ContentType {
    match format {
        Format::Jpeg => ContentType::Jpeg,
        Format::Png => ContentType::Png,
        Format::Webp => ContentType::Webp,
        Format::Gif => ContentType::Gif,
    }
}
