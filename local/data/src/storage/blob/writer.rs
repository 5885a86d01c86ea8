//! Taking in the bytes of a blob or block: a chunk in memory at a time, whatever the length.

use std::{fs::File, io, io::Write, path::PathBuf, sync::Arc};

use bytes::{Bytes, BytesMut};
use uuid::Uuid;

use super::contents::{Contents, Place, Segment};

/// Bytes that one upload holds in memory before they are put where they belong.
const CHUNK_BYTES: usize = 1024 * 1024;

/// A segment that is being written. Dropped before its end, nothing stays of it.
pub(super) struct Writer {
    id: Uuid,
    length: u64,
    pending: BytesMut,
    sink: Sink,
}

enum Sink {
    Memory(Vec<Bytes>),
    File(FileSink),
}

/// A file that goes again unless it is finished.
struct FileSink {
    path: PathBuf,
    file: Option<File>,
    finished: bool,
}

impl Drop for FileSink {
    fn drop(&mut self) {
        if self.file.is_some() && !self.finished {
            // What cannot be removed now is removed at the next start.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Writer {
    /// A new segment in `contents`, of which `expected` bytes are announced.
    pub(super) fn new(contents: &Contents, expected: u64) -> Self {
        let id = Uuid::new_v4();
        let sink = match contents.path(id) {
            None => Sink::Memory(Vec::new()),
            Some(path) => Sink::File(FileSink { path, file: None, finished: false }),
        };
        let capacity =
            usize::try_from(expected).map_or(CHUNK_BYTES, |expected| expected.min(CHUNK_BYTES));
        Self { id, length: 0, pending: BytesMut::with_capacity(capacity), sink }
    }

    /// Bytes so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes.
    pub(super) async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == CHUNK_BYTES {
                self.put_away().await?;
            }
        }
        Ok(())
    }

    /// Ends the segment. When this returns the operating system has all of it.
    pub(super) async fn finish(mut self) -> io::Result<Arc<Segment>> {
        if !self.pending.is_empty() {
            self.put_away().await?;
        }
        let place = match self.sink {
            Sink::Memory(chunks) => Place::Memory(chunks),
            Sink::File(mut sink) => {
                sink.finished = true;
                Place::File(std::mem::take(&mut sink.path))
            }
        };
        Ok(Segment::new(self.id, self.length, place))
    }

    async fn put_away(&mut self) -> io::Result<()> {
        let chunk = self.pending.split().freeze();
        self.pending.reserve(if chunk.len() == CHUNK_BYTES { CHUNK_BYTES } else { 0 });
        match &mut self.sink {
            Sink::Memory(chunks) => chunks.push(chunk),
            Sink::File(sink) => {
                let (path, file) = (sink.path.clone(), sink.file.take());
                let written = tokio::task::spawn_blocking(move || append(file, &path, &chunk));
                sink.file = Some(written.await.map_err(io::Error::other)??);
            }
        }
        Ok(())
    }
}

fn append(file: Option<File>, path: &std::path::Path, chunk: &[u8]) -> io::Result<File> {
    let mut file = match file {
        Some(file) => file,
        None => File::create_new(path)?,
    };
    file.write_all(chunk)?;
    Ok(file)
}
