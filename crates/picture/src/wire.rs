//! What goes between a program and its decoding process: a length, a header in JSON, then plain bytes.

use crate::refusal::Code;
use crate::{Encoded, Format, FrameHash, Inspected, Limits, Refusal};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// Of a header: 20 frames with their hashes take 4 KiB.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// Of everything in an answer. What a frame, a variant and the original may have adds up to less.
pub(crate) const MAX_ANSWER_BYTES: usize = 64 << 20;

/// What to do. The picture follows.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) format: Format,
    pub(crate) picture_bytes: usize,
}

/// What became of it. The files follow, in the order of their lengths.
#[derive(Serialize, Deserialize)]
enum Answer {
    Taken(Box<Taken>),
    Refused { code: Code, detail: String },
}

#[derive(Serialize, Deserialize)]
struct Taken {
    width: u32,
    height: u32,
    hashes: Vec<([u8; 32], u8)>,
    blurhash: String,
    variants: [Variant; 3],
    for_analysis: Vec<Analysed>,
}

#[derive(Serialize, Deserialize)]
struct Variant {
    png: bool,
    length: usize,
    width: u32,
    height: u32,
}

/// A file for analysis: often the large variant itself, which is then sent once.
#[derive(Serialize, Deserialize)]
enum Analysed {
    Large,
    Own { length: usize },
}

const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";

/// The first bytes of a job: all but the picture.
pub(crate) fn job(job: &Job) -> Vec<u8> {
    framed(job)
}

pub(crate) fn read_job(mut from: impl Read, limits: &Limits) -> io::Result<(Job, Vec<u8>)> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_HEADER_BYTES {
        return Err(io::Error::other("the header of the job is too long"));
    }
    let mut header = vec![0; length];
    from.read_exact(&mut header)?;
    let job: Job = serde_json::from_slice(&header)?;
    if job.picture_bytes > limits.max_bytes {
        return Err(io::Error::other("the picture is longer than its limit"));
    }
    let mut picture = vec![0; job.picture_bytes];
    from.read_exact(&mut picture)?;
    Ok((job, picture))
}

pub(crate) fn write_answer(
    mut to: impl Write,
    outcome: &Result<Inspected, Refusal>,
) -> io::Result<()> {
    let taken = match outcome {
        Ok(taken) => taken,
        Err(Refusal { code, detail }) => {
            let code = Code::named(code).unwrap_or(Code::Corrupt);
            return to.write_all(&framed(&Answer::Refused { code, detail: detail.clone() }));
        }
    };
    let variants = [&taken.original, &taken.large, &taken.thumb];
    let is_large = |bytes: &Bytes| bytes.as_ptr() == taken.large.bytes.as_ptr();
    let analysed = |bytes: &Bytes| {
        if is_large(bytes) { Analysed::Large } else { Analysed::Own { length: bytes.len() } }
    };
    let header = Answer::Taken(Box::new(Taken {
        width: taken.width,
        height: taken.height,
        hashes: taken.hashes.iter().map(|frame| (frame.hash, frame.quality)).collect(),
        blurhash: taken.blurhash.clone(),
        variants: variants.map(|variant| Variant {
            png: variant.content_type == PNG,
            length: variant.bytes.len(),
            width: variant.width,
            height: variant.height,
        }),
        for_analysis: taken.for_analysis.iter().map(analysed).collect(),
    }));
    to.write_all(&framed(&header))?;
    for variant in variants {
        to.write_all(&variant.bytes)?;
    }
    for own in taken.for_analysis.iter().filter(|bytes| !is_large(bytes)) {
        to.write_all(own)?;
    }
    to.flush()
}

/// The answer in these bytes, which are all that the process wrote. `None`: it is not whole.
pub(crate) fn answer(mut bytes: Bytes, format: Format) -> Option<Result<Inspected, Refusal>> {
    let length = take(&mut bytes, 4)?;
    let length = u32::from_le_bytes(length.as_ref().try_into().ok()?);
    let header = take(&mut bytes, usize::try_from(length).ok()?)?;
    let taken = match serde_json::from_slice(&header).ok()? {
        Answer::Refused { code, detail } => return Some(Err(code.because(detail))),
        Answer::Taken(taken) => *taken,
    };
    let mut variants = taken.variants.into_iter().map(|variant| {
        let content_type = if variant.png { PNG } else { JPEG };
        let bytes = take(&mut bytes, variant.length)?;
        Some(Encoded { content_type, bytes, width: variant.width, height: variant.height })
    });
    let (original, large, thumb) = (variants.next()??, variants.next()??, variants.next()??);
    drop(variants);
    let for_analysis = taken.for_analysis.into_iter().map(|file| match file {
        Analysed::Large => Some(large.bytes.clone()),
        Analysed::Own { length } => take(&mut bytes, length),
    });
    let for_analysis = for_analysis.collect::<Option<Vec<Bytes>>>()?;
    let hashes = taken.hashes.into_iter().map(|(hash, quality)| FrameHash { hash, quality });
    bytes.is_empty().then(|| {
        Ok(Inspected {
            format,
            width: taken.width,
            height: taken.height,
            hashes: hashes.collect(),
            for_analysis,
            original,
            large,
            thumb,
            blurhash: taken.blurhash,
        })
    })
}

fn take(bytes: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= bytes.len()).then(|| bytes.split_to(length))
}

fn framed(header: &impl Serialize) -> Vec<u8> {
    let header = serde_json::to_vec(header).expect("headers have plain fields");
    let length = u32::try_from(header.len()).expect("headers are short");
    [&length.to_le_bytes()[..], &header].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken() -> Inspected {
        let variant = |content_type, text: &'static str| Encoded {
            content_type,
            bytes: Bytes::from_static(text.as_bytes()),
            width: 60,
            height: 50,
        };
        let large = variant(JPEG, "large");
        Inspected {
            format: Format::Gif,
            width: 60,
            height: 50,
            hashes: vec![FrameHash { hash: [7; 32], quality: 100 }],
            for_analysis: vec![large.bytes.clone(), Bytes::from_static(b"second")],
            original: variant(PNG, "original"),
            large,
            thumb: variant(JPEG, "thumb"),
            blurhash: "LEHV6nWB2yk8".to_owned(),
        }
    }

    #[test]
    fn an_answer_arrives_as_it_was_sent() {
        let sent = taken();
        let mut bytes = Vec::new();
        write_answer(&mut bytes, &Ok(sent.clone())).unwrap();
        let arrived = answer(bytes.into(), Format::Gif).unwrap().unwrap();
        assert_eq!(format!("{sent:?}"), format!("{arrived:?}"));
    }

    #[test]
    fn an_answer_that_is_cut_anywhere_is_none() {
        let mut bytes = Vec::new();
        write_answer(&mut bytes, &Ok(taken())).unwrap();
        for length in 0..bytes.len() {
            assert!(
                answer(Bytes::copy_from_slice(&bytes[..length]), Format::Gif).is_none(),
                "{length}"
            );
        }
    }
}
