//! The perceptual hashes of rejected pictures: container `known-images`, partitioned by prefix.
//!
//! Two pictures are the same if their hashes of 256 bits differ in at most 31. A hash is cut into 32 bands of
//! 8 bits: 31 differences cannot touch all 32 bands, so two hashes that match have at least one band in common,
//! at the same place. Each hash is kept in the documents of its 32 bands (`00-a7`: band 0 has the bits a7), and
//! a search reads the 32 documents of the hash it looks for, never more, and cannot miss a match. The price is
//! that each hash is stored 32 times, in at most 8,192 documents.

use crate::domain::{FrameHash, PhotoId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    NotChanged(#[from] ChangeError<Full>),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// No more hashes go into a document.
#[derive(Debug, thiserror::Error)]
#[error("the document {0} of known images is full: {MAX_ENTRIES} hashes")]
pub(crate) struct Full(String);

/// A change to the entries of one document; `None` if there is nothing to change.
type Edit<'a> = &'a (dyn Fn(&[Entry]) -> Option<Vec<Entry>> + Sync);

impl KnownImages {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("known-images"))
    }

    /// The rejected photo that one of the frames looks like.
    pub(crate) async fn find(
        &self,
        frames: &[FrameHash],
    ) -> Result<Option<PhotoId>, KnownImagesError> {
        let wanted: Vec<_> = frames.iter().filter_map(recognisable).collect();
        let prefixes: BTreeSet<String> = wanted.iter().flat_map(prefixes).collect();
        let mut bands = stream::iter(prefixes)
            .map(|prefix| async move { self.0.read::<Band>(&prefix, &prefix).await })
            .buffer_unordered(AT_ONCE);
        while let Some(band) = bands.try_next().await? {
            let entries = band.map(|band| band.value.entries).unwrap_or_default();
            let same = |entry: &&Entry| {
                parse(&entry.hash).is_some_and(|known| wanted.iter().any(|w| is_same(w, &known)))
            };
            if let Some(entry) = entries.iter().find(same) {
                return Ok(Some(entry.photo_id));
            }
        }
        Ok(None)
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
            let add = |entries: &[Entry]| {
                (!entries.contains(&entry))
                    .then(|| [entries, std::slice::from_ref(&entry)].concat())
            };
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
            let remove = |entries: &[Entry]| {
                let others = entries.iter().filter(|entry| entry.photo_id != photo_id);
                let kept: Vec<Entry> = others.cloned().collect();
                (kept.len() < entries.len()).then_some(kept)
            };
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
            if entries.len() > MAX_ENTRIES {
                return Err(Full(prefix.clone()));
            }
            let band = Band { id: prefix.clone(), prefix: prefix.clone(), entries };
            Ok(Change::Write(band, ()))
        };
        Ok(self.0.change(&prefix, &prefix, decide).await?)
    }
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
    fn what_is_not_a_hash_is_never_recognised() {
        for wrong in ["", "zz", &"é".repeat(32), &"0".repeat(63)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        let dull = FrameHash { hash: "0".repeat(64), quality: MIN_QUALITY - 1 };
        assert_eq!(recognisable(&dull), None);
    }
}
