//! What cameras write after the end of a JPEG.
//!
//! Samsung's phones append a block of their own to nearly every photo; others append the depth or
//! brightness map that the file announces, or the video of a moving photo. To refuse them would be to
//! refuse most people's photos, so what is complete and in its place is passed over: nothing of it is
//! ever published, for what is published is made anew from the pixels of the first picture. All else
//! after the end (archives, pages, scripts, pictures that nothing announces) is refused.

use super::bytes::Place;

/// Blocks, boxes and pictures after a photo.
const MAX_PARTS: usize = 64;

/// Whether a camera wrote what follows the picture that ends at `end`.
pub(super) fn wrote(file: &[u8], end: usize) -> bool {
    let (head, rest) = file.split_at(end);
    let announced =
        |words: &[&[u8]]| words.iter().any(|word| memchr::memmem::find(head, word).is_some());
    let pictures: &[&[u8]] =
        &[b"MPF\0", b"http://ns.adobe.com/hdr-gain-map/", b"Container:Directory"];
    let video: &[&[u8]] = &[b"MotionPhoto", b"MicroVideo"];
    let mut parts = rest;
    if announced(pictures) {
        parts = without_pictures(parts);
    }
    if announced(video) {
        parts = without_video(parts).unwrap_or(parts);
    }
    is_padding(parts) || is_samsungs(parts)
}

fn is_padding(parts: &[u8]) -> bool {
    parts.iter().all(|byte| *byte == 0)
}

/// What is left after whole JPEG files, with or without padding between them.
fn without_pictures(mut parts: &[u8]) -> &[u8] {
    for _ in 0..MAX_PARTS {
        let start = parts.iter().position(|byte| *byte != 0).unwrap_or(parts.len());
        if !parts[start..].starts_with(b"\xff\xd8\xff") {
            break;
        }
        let Ok((_, end)) = super::jpeg::walk(&parts[start..], &|_, _| Ok(())) else { break };
        parts = &parts[start + end..];
    }
    parts
}

/// What is left after an MP4 file (ISO/IEC 14496-12): boxes, of which the first is `ftyp`.
fn without_video(mut parts: &[u8]) -> Option<&[u8]> {
    if parts.get(4..8) != Some(b"ftyp") {
        return None;
    }
    for _ in 0..MAX_PARTS {
        let Some(name) = parts.get(4..8).filter(|name| is_box(name)) else { break };
        let mut place = Place::new(parts, 0);
        let length = match (place.u32_be().ok()?, name) {
            (1, _) => {
                place.take(4).ok()?;
                usize::try_from(u64::from_be_bytes(place.array().ok()?)).ok()?
            }
            (length, _) => length as usize,
        };
        parts = parts.get(length.max(8)..)?;
    }
    Some(parts)
}

fn is_box(name: &[u8]) -> bool {
    [
        &b"ftyp"[..],
        b"moov",
        b"mdat",
        b"free",
        b"skip",
        b"wide",
        b"uuid",
        b"meta",
        b"moof",
        b"mfra",
        b"mpvd",
    ]
    .contains(&name)
}

/// Samsung's trailer: blocks of data, then their directory `SEFH`, its length and `SEFT`. The blocks
/// must fill everything up to the directory.
fn is_samsungs(parts: &[u8]) -> bool {
    let directory = || {
        let mut tail = Place::new(parts, parts.len().checked_sub(8)?);
        let length = tail.u32_le().ok()? as usize;
        (tail.take(4).ok()? == b"SEFT").then_some(())?;
        let start = parts.len().checked_sub(8 + length)?;
        let mut place = Place::new(parts, start);
        (place.take(4).ok()? == b"SEFH").then_some(())?;
        place.take(4).ok()?;
        let blocks = place.u32_le().ok()? as usize;
        if !(1..=MAX_PARTS).contains(&blocks) || length != 12 + 12 * blocks {
            return None;
        }
        let mut furthest = 0;
        for _ in 0..blocks {
            place.take(4).ok()?;
            furthest = furthest.max(place.u32_le().ok()? as usize);
            place.take(4).ok()?;
        }
        let before = start.checked_sub(furthest)?;
        is_padding(&parts[..before]).then_some(())
    };
    directory().is_some()
}
