//! The end of the database's journal. The database refuses a journal whose last record has the right length and wrong
//! bytes, and cuts off any other rest without a word. Here the rest is put aside before it is opened, and told of.
//!
//! Format (fjall 3, `journal/entry.rs`): a batch is a start with the number of entries, the entries, and an end with
//! their checksum and a trailer. A new journal is a large file of zeros.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::losses::Losses;

const START: u8 = 1;
const ITEM: u8 = 2;
const END: u8 = 3;
const CLEAR: u8 = 4;
const TRAILER: [u8; 4] = *b"FJL\x03";
/// How far the journal was read the last time, so that one that ends earlier between two records is noticed.
const NOTE: &str = "journal-end.json";
/// Compared at once with zeros.
const ZEROS: [u8; 4096] = [0; 4096];

/// A journal and where its last whole batch ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct End {
    journal: u64,
    bytes: usize,
}

/// Puts aside what cannot be read at the end of the journals in `dir`, and notes it.
pub(crate) fn mend(dir: &Path, losses: &Losses) -> io::Result<()> {
    let mut journals = journals(dir)?.into_iter();
    let mut last = None;
    for (journal, path) in journals.by_ref() {
        let bytes = fs::read(&path)?;
        let end = end(&bytes);
        last = Some(End { journal, bytes: end });
        if is_torn(&bytes[end..]) {
            put_aside(&path, &bytes[end..], end, losses)?;
            break;
        }
    }
    // What came after a gap is not built upon.
    for (journal, path) in journals {
        fs::rename(&path, aside(&path))?;
        losses.note(format!(
            "journal {journal} follows one with a damaged end; it is kept as {}",
            aside(&path).display()
        ));
    }
    compare(dir, last.as_ref(), losses);
    Ok(())
}

/// Remembers how far the last journal goes.
pub(crate) fn remember(dir: &Path) -> io::Result<()> {
    let Some((journal, path)) = journals(dir)?.pop() else { return Ok(()) };
    let end = End { journal, bytes: end(&fs::read(path)?) };
    fs::write(dir.join(NOTE), serde_json::to_vec(&end)?)
}

fn put_aside(path: &Path, rest: &[u8], end: usize, losses: &Losses) -> io::Result<()> {
    let aside = aside(path);
    let written = rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    fs::write(&aside, &rest[..written])?;
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(u64::try_from(end).unwrap_or(u64::MAX))?;
    file.sync_all()?;
    losses.note(format!(
        "the journal {} cannot be read beyond byte {end}: what was written last, {written} bytes, is missing; they are \
         kept as {}",
        path.display(),
        aside.display()
    ));
    Ok(())
}

/// Tells of a journal that ends earlier than it did.
fn compare(dir: &Path, found: Option<&End>, losses: &Losses) {
    let noted = fs::read(dir.join(NOTE)).ok();
    let Some(noted) = noted.and_then(|note| serde_json::from_slice::<End>(&note).ok()) else {
        return;
    };
    let is_whole = found.is_some_and(|found| match found.journal == noted.journal {
        true => found.bytes >= noted.bytes,
        false => found.journal > noted.journal,
    });
    if !is_whole {
        let ends =
            found.map_or(0, |found| if found.journal == noted.journal { found.bytes } else { 0 });
        losses.note(format!(
            "the journal {} in {} went to byte {} and ends at byte {ends}: what was written last is missing",
            noted.journal,
            dir.display(),
            noted.bytes
        ));
    }
}

/// The journals by their numbers, the one in use last.
fn journals(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".jnl"));
        if let Some(number) = name.and_then(|name| name.parse().ok()) {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

/// A name beside the journal that is free.
fn aside(path: &Path) -> PathBuf {
    let mut names = (1..).map(|number| path.with_extension(format!("jnl.torn-{number}")));
    names.find(|name| !name.exists()).unwrap_or_default()
}

fn is_torn(rest: &[u8]) -> bool {
    rest.chunks(ZEROS.len()).any(|chunk| chunk != &ZEROS[..chunk.len()])
}

/// Where the last whole batch ends.
fn end(journal: &[u8]) -> usize {
    let mut end = 0;
    while let Some(length) = batch(&journal[end..]) {
        end += length;
    }
    end
}

/// The length of the whole batch that begins here.
fn batch(bytes: &[u8]) -> Option<usize> {
    let mut rest = Rest { bytes, at: 0 };
    (rest.byte()? == START).then_some(())?;
    let count = u32::from_le_bytes(rest.array()?);
    rest.skip(8)?;
    let entries = rest.at;
    for _ in 0..count {
        rest.entry()?;
    }
    let checksum = xxh3_64(&bytes[entries..rest.at]);
    let is_end = rest.byte()? == END && u64::from_le_bytes(rest.array()?) == checksum;
    (is_end && rest.array()? == TRAILER).then_some(rest.at)
}

struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Rest<'_> {
    fn entry(&mut self) -> Option<()> {
        match self.byte()? {
            ITEM => {
                // What kind of value, its compression, and its keyspace.
                self.skip(1 + 1 + 8)?;
                let key = u16::from_le_bytes(self.array()?);
                self.skip(4)?;
                let value = u32::from_le_bytes(self.array()?);
                self.skip(usize::from(key))?;
                self.skip(usize::try_from(value).ok()?)
            }
            CLEAR => self.skip(8),
            _ => None,
        }
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let found = self.bytes.get(self.at..)?.first_chunk()?;
        self.at += N;
        Some(*found)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }
}
