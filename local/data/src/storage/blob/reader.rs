//! Giving out the bytes of a blob: a piece in memory at a time, whatever the length.

use std::{
    fs::File,
    io,
    io::{Read, Seek, SeekFrom},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

use super::contents::{Content, Place, Segment};
use crate::listen::ReplyBody;

/// Bytes read from a file at a time.
const PIECE_BYTES: u64 = 256 * 1024;

/// The bytes in `range` as a response's body.
pub(super) async fn body(content: &Content, range: Range<u64>) -> io::Result<ReplyBody> {
    if range.end - range.start <= PIECE_BYTES {
        return Ok(Full::new(small(content, range).await?).map_err(|never| match never {}).boxed());
    }
    Ok(BodyExt::boxed(StreamBody::new(pieces(content, range).map_ok(Frame::data))))
}

/// The bytes in `range`, which is short, together.
pub(super) async fn small(content: &Content, range: Range<u64>) -> io::Result<Bytes> {
    let mut pieces: Vec<Bytes> = pieces(content, range).try_collect().await?;
    if pieces.len() == 1 { Ok(pieces.remove(0)) } else { Ok(pieces.concat().into()) }
}

/// The bytes in `range`, piece by piece.
pub(super) fn pieces(
    content: &Content,
    range: Range<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + use<> {
    stream::iter(parts(content, &range)).flat_map(|(segment, range)| of_segment(segment, range))
}

/// The segments that hold `range`, and which part of each.
fn parts(content: &Content, range: &Range<u64>) -> Vec<(Arc<Segment>, Range<u64>)> {
    let mut parts = Vec::new();
    let mut start = 0;
    for segment in content.segments() {
        let end = start + segment.length;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            parts.push((Arc::clone(segment), from - start..to - start));
        }
        start = end;
        if start >= range.end {
            break;
        }
    }
    parts
}

fn of_segment(
    segment: Arc<Segment>,
    range: Range<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    match &segment.place {
        Place::Memory(chunks) => stream::iter(slices(chunks, &range)).map(Ok).left_stream(),
        Place::File(path) => {
            let reading = Reading {
                path: path.clone(),
                file: None,
                at: range.start,
                end: range.end,
                _segment: segment,
            };
            stream::try_unfold(reading, next).right_stream()
        }
    }
}

fn slices(chunks: &[Bytes], range: &Range<u64>) -> Vec<Bytes> {
    let mut slices = Vec::new();
    let mut start = 0;
    for chunk in chunks {
        let end = start + chunk.len() as u64;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            // Both are within the chunk, whose length is a usize.
            let within = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
            slices.push(chunk.slice(within(from)..within(to)));
        }
        start = end;
    }
    slices
}

/// A file that is read piece by piece. It holds its segment, so that the file stays until it is read.
struct Reading {
    path: PathBuf,
    file: Option<File>,
    at: u64,
    end: u64,
    _segment: Arc<Segment>,
}

async fn next(mut reading: Reading) -> io::Result<Option<(Bytes, Reading)>> {
    if reading.at == reading.end {
        return Ok(None);
    }
    let read = tokio::task::spawn_blocking(move || {
        let piece = reading.piece()?;
        Ok(Some((piece, reading)))
    });
    read.await.map_err(io::Error::other)?
}

impl Reading {
    fn piece(&mut self) -> io::Result<Bytes> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut file = File::open(&self.path)?;
                file.seek(SeekFrom::Start(self.at))?;
                none.insert(file)
            }
        };
        let length = (self.end - self.at).min(PIECE_BYTES);
        let mut piece = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        file.read_exact(&mut piece)?;
        self.at += length;
        Ok(piece.into())
    }
}
