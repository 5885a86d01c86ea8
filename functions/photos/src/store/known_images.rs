//! The perceptual hashes of rejected pictures: container `known-images`, partitioned by prefix.
//!
//! Two pictures are the same if their hashes of 256 bits differ in at most 31. A hash is cut into 32 bands of
//! 8 bits: 31 differences cannot touch all 32 bands, so two hashes that match have at least one band in common,
//! at the same place. Each hash is kept in the documents of its 32 bands (`00-a7`: band 0 has the bits a7), and
//! a search reads the 32 documents of the hash it looks for, never more, and cannot miss a match. The price is
//! that each hash is stored 32 times, in at most 8,192 documents.

use crate::domain::{FrameHash, PhotoId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, convert::Infallible};

/// Bits that may differ between two hashes of one picture.
const MATCH_DISTANCE: u32 = 31;
/// Below this quality a hash says too little.
const MIN_QUALITY: u8 = 50;
const HASH_BYTES: usize = 32;
/// Documents that are read or written at once.
const AT_ONCE: usize = 8;
/// Most hashes in one document: 1.4 MB, below the 2 MB that Cosmos DB takes.
const MAX_ENTRIES: usize = 10_000;

#[derive(Debug)]
pub(crate) struct KnownImages(Container);

/// The hashes that have these bits in this band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Band {
    id: String,
    prefix: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// 64 hexadecimal digits.
    hash: String,
    /// The photo that was rejected; only its id, so that the hash may outlive it.
    photo_id: PhotoId,
}

/// The hashes could not be compared or kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KnownImagesError {
    #[error(transparent)]
    NotChanged(#[from] ChangeError<Infallible>),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// A change to the entries of one document; `None` if there is nothing to change.
type Edit<'a> = &'a (dyn Fn(&[Entry]) -> Option<Vec<Entry>> + Sync);

impl KnownImages {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("known-images"))
    }

    /// Whether one of the frames looks like one of a rejected photo.
    pub(crate) async fn is_known(&self, frames: &[FrameHash]) -> Result<bool, KnownImagesError> {
        let wanted: Vec<_> = frames.iter().filter_map(recognisable).collect();
        let mut bands = self.bands_of(&wanted);
        while let Some(entries) = bands.try_next().await? {
            if entries.iter().any(|entry| looks_like(entry, &wanted)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Recognises no longer what looks like this frame, whichever photos it was remembered of.
    pub(crate) async fn lift(&self, frame: &FrameHash) -> Result<(), KnownImagesError> {
        let wanted = Vec::from_iter(recognisable(frame));
        let mut found = BTreeSet::new();
        let mut bands = self.bands_of(&wanted);
        while let Some(entries) = bands.try_next().await? {
            let alike = entries.into_iter().filter(|entry| looks_like(entry, &wanted));
            found.extend(alike.map(|entry| entry.hash));
        }
        drop(bands);
        for hash in found {
            let Some(parsed) = parse(&hash) else { continue };
            let remove = |entries: &[Entry]| without(entries, |entry| entry.hash == hash);
            self.edit_all(prefixes(&parsed), &remove).await?;
        }
        Ok(())
    }

    /// The entries of all documents that may hold one of these hashes.
    fn bands_of(
        &self,
        wanted: &[[u8; HASH_BYTES]],
    ) -> impl Stream<Item = Result<Vec<Entry>, CosmosFailure>> + Unpin + use<'_> {
        let all: BTreeSet<String> = wanted.iter().flat_map(prefixes).collect();
        let bands = stream::iter(all).map(move |prefix| async move {
            let band = self.0.read::<Band>(&prefix, &prefix).await?;
            Ok(band.map(|band| band.value.entries).unwrap_or_default())
        });
        bands.buffer_unordered(AT_ONCE)
    }

    /// Recognises these frames from now on. Doing it again changes nothing.
    pub(crate) async fn remember(
        &self,
        photo_id: PhotoId,
        frames: &[FrameHash],
    ) -> Result<(), KnownImagesError> {
        for frame in frames {
            let Some(hash) = recognisable(frame) else { continue };
            let entry = Entry { hash: frame.hash.clone(), photo_id };
            let add = |entries: &[Entry]| with_entry(entries, &entry);
            self.edit_all(prefixes(&hash), &add).await?;
        }
        Ok(())
    }

    /// Recognises these frames no longer, unless another photo with them was rejected too.
    pub(crate) async fn forget(
        &self,
        photo_id: PhotoId,
        frames: &[FrameHash],
    ) -> Result<(), KnownImagesError> {
        for hash in frames.iter().filter_map(recognisable) {
            let remove = |entries: &[Entry]| without(entries, |entry| entry.photo_id == photo_id);
            self.edit_all(prefixes(&hash), &remove).await?;
        }
        Ok(())
    }

    async fn edit_all(
        &self,
        prefixes: impl Iterator<Item = String>,
        edit: Edit<'_>,
    ) -> Result<(), KnownImagesError> {
        stream::iter(prefixes)
            .map(|prefix| self.edit(prefix, edit))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn edit(&self, prefix: String, edit: Edit<'_>) -> Result<(), KnownImagesError> {
        let decide = |band: Option<&Band>| {
            let before = band.map(|band| band.entries.as_slice()).unwrap_or_default();
            let Some(entries) = edit(before) else { return Ok(Change::Keep(())) };
            let band = Band { id: prefix.clone(), prefix: prefix.clone(), entries };
            Ok(Change::Write(band, ()))
        };
        Ok(self.0.change(&prefix, &prefix, decide).await?)
    }
}

/// With one entry more; `None` if it is there, or if there is no room. A full document is no reason to fail for
/// ever: the hash stands in 31 other documents too, and somebody is told.
fn with_entry(entries: &[Entry], entry: &Entry) -> Option<Vec<Entry>> {
    if entries.contains(entry) {
        return None;
    }
    if entries.len() >= MAX_ENTRIES {
        let photo = entry.photo_id;
        tracing::error!(
            alarm = "known-images-full",
            %photo,
            "a document holds {MAX_ENTRIES} hashes and takes no more"
        );
        return None;
    }
    Some([entries, std::slice::from_ref(entry)].concat())
}

/// Without the entries that match; `None` if none does.
fn without(entries: &[Entry], matches: impl Fn(&Entry) -> bool) -> Option<Vec<Entry>> {
    let kept: Vec<Entry> = entries.iter().filter(|entry| !matches(entry)).cloned().collect();
    (kept.len() < entries.len()).then_some(kept)
}

fn looks_like(entry: &Entry, wanted: &[[u8; HASH_BYTES]]) -> bool {
    parse(&entry.hash).is_some_and(|known| wanted.iter().any(|hash| is_same(hash, &known)))
}

fn recognisable(frame: &FrameHash) -> Option<[u8; HASH_BYTES]> {
    if frame.quality < MIN_QUALITY { None } else { parse(&frame.hash) }
}

fn is_same(a: &[u8; HASH_BYTES], b: &[u8; HASH_BYTES]) -> bool {
    let distance: u32 = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum();
    distance <= MATCH_DISTANCE
}

fn prefixes(hash: &[u8; HASH_BYTES]) -> impl Iterator<Item = String> + use<> {
    (*hash).into_iter().enumerate().map(|(band, bits)| format!("{band:02}-{bits:02x}"))
}

fn parse(hash: &str) -> Option<[u8; HASH_BYTES]> {
    let mut bytes = [0; HASH_BYTES];
    if hash.len() != 2 * HASH_BYTES || !hash.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(hash.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hashes_that_match_share_a_document(
            hash: [u8; HASH_BYTES],
            flips in proptest::collection::btree_set(0..256_usize, 0..=MATCH_DISTANCE as usize),
        ) {
            let mut other = hash;
            for bit in flips {
                other[bit / 8] ^= 1 << (bit % 8);
            }
            prop_assert!(is_same(&hash, &other));
            let known: BTreeSet<String> = prefixes(&hash).collect();
            prop_assert!(prefixes(&other).any(|prefix| known.contains(&prefix)));
        }
    }

    #[test]
    fn one_more_difference_is_another_picture() {
        let (hash, mut other) = ([0; HASH_BYTES], [0; HASH_BYTES]);
        other[..4].fill(0xff);
        assert!(!is_same(&hash, &other));
        other[3] = 0x7f;
        assert!(is_same(&hash, &other));
    }

    #[test]
    fn a_full_document_stays_as_it_is_and_can_be_emptied() {
        let entry = |number: usize| Entry {
            hash: format!("{number:064x}"),
            photo_id: uuid::Uuid::from_u128(number as u128).into(),
        };
        let mut entries: Vec<Entry> = (0..MAX_ENTRIES - 1).map(entry).collect();
        entries = with_entry(&entries, &entry(MAX_ENTRIES)).unwrap();
        assert_eq!(with_entry(&entries, &entry(MAX_ENTRIES + 1)), None);
        let left = without(&entries, |known| *known == entry(7)).unwrap();
        assert_eq!((left.len(), without(&left, |known| *known == entry(7))), (9_999, None));
        assert!(with_entry(&left, &entry(MAX_ENTRIES + 1)).is_some());
    }

    #[test]
    fn what_is_not_a_hash_is_never_recognised() {
        for wrong in ["", "zz", &"é".repeat(32), &"0".repeat(63)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        let dull = FrameHash { hash: "0".repeat(64), quality: MIN_QUALITY - 1, alone: None };
        assert_eq!(recognisable(&dull), None);
    }
}
