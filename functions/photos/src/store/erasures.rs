//! The gate of a profile's photos, a document in the partition of the photos: tickets go through it together with the
//! photo (a transactional batch), and the erasure of the profile closes it before anything is removed. Whoever holds an
//! old copy of it writes nothing, so nothing new comes in behind an erasure. The record of the erasure lies beside it,
//! under the id that it has always had: instances of earlier versions take any document of that id for an erasure.

use super::erasure_document::{RECORD, Stored};
use super::own_write;
use super::photo_document::PhotoDocument;
use crate::domain::{ErasureRecord, Photo, PhotoState, ProfileId};
use azure_data::{
    Attempt, Batch, BatchError, ChangeError, Container, Cosmos, CosmosFailure, Item, Query,
    WriteError, retry_conflicts,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, num::NonZeroU32};

/// The id of the gate; photos have UUIDs.
const GATE: &str = "gate";

#[derive(Debug)]
pub(crate) struct Erasures(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gate {
    id: String,
    kind: String,
    profile_id: ProfileId,
    closed: bool,
}

/// The profile is erased: nobody gets a ticket for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed;

/// What stands in the partition of a profile besides photos.
struct Kept {
    gate: Option<Item<Gate>>,
    record: Option<Item<Stored>>,
}

impl Kept {
    fn is_closed(&self) -> bool {
        let gate = self.gate.as_ref().is_some_and(|gate| gate.value.closed);
        let is_erasure = |stored: &Item<Stored>| matches!(stored.value, Stored::Erasure(_));
        gate || self.record.as_ref().is_some_and(is_erasure)
    }

    /// The batch, which stands or falls with the gate as it was read.
    fn through_gate<'a>(&self, batch: Batch<'a>, gate: &Gate) -> Batch<'a> {
        match &self.gate {
            Some(current) => batch.replace(GATE, gate, &current.etag),
            None => batch.create(gate),
        }
    }
}

impl Gate {
    fn of(profile_id: ProfileId, closed: bool) -> Self {
        Self { id: GATE.to_owned(), kind: GATE.to_owned(), profile_id, closed }
    }
}

impl Erasures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("photos"))
    }

    /// Whether the profile is erased or being erased, as far as is known here; [`Erasures::admit`] knows for sure.
    pub(crate) async fn is_begun(&self, profile_id: ProfileId) -> Result<bool, CosmosFailure> {
        let record = self.0.read::<Stored>(&profile_id.to_string(), RECORD).await?;
        Ok(record.is_some_and(|record| matches!(record.value, Stored::Erasure(_))))
    }

    async fn kept(&self, partition: &str) -> Result<Kept, CosmosFailure> {
        let gate = self.0.read::<Gate>(partition, GATE).await?;
        Ok(Kept { gate, record: self.0.read::<Stored>(partition, RECORD).await? })
    }

    /// Stores a photo that begins with its ticket, unless the profile is erased.
    pub(crate) async fn admit(&self, photo: Photo) -> Result<Item<Photo>, ChangeError<Closed>> {
        let what = format!("giving the ticket of photo {}", photo.id);
        let document = PhotoDocument::from(photo);
        retry_conflicts(&what, || self.admit_once(&document)).await
    }

    async fn admit_once(&self, document: &PhotoDocument) -> Result<Item<Photo>, Attempt<Closed>> {
        let photo = Photo::from(document.clone());
        let partition = photo.profile_id.to_string();
        let kept = self.kept(&partition).await?;
        if kept.is_closed() {
            return Err(Attempt::Refused(Closed));
        }
        let batch = self.0.batch(&partition).create(document);
        let batch = kept.through_gate(batch, &Gate::of(photo.profile_id, false));
        // The open gate of the version before, which its next version does not understand under this id.
        let batch = match &kept.record {
            Some(earlier) => batch.delete(RECORD, &earlier.etag),
            None => batch,
        };
        match batch.commit().await {
            Ok(etags) => {
                let etag = etags.into_iter().next().flatten();
                let etag = etag.expect("what a batch creates has an entity tag");
                Ok(Item { value: photo, etag })
            }
            Err(BatchError::Failed(failure)) => Err(failure.into()),
            // Somebody else asks for a ticket, or the answer to our own write was lost.
            Err(_) => {
                match self.0.read::<PhotoDocument>(&partition, &photo.id.to_string()).await? {
                    Some(ours) => {
                        let photo = Photo::from(ours.value);
                        let erased = photo.state == PhotoState::Erased;
                        if erased {
                            return Err(Attempt::Refused(Closed));
                        }
                        Ok(Item { value: photo, etag: ours.etag })
                    }
                    None => Err(Attempt::Conflict),
                }
            }
        }
    }

    /// Closes the gate and begins the record, or finds the one that an earlier run began.
    pub(crate) async fn begin(
        &self,
        profile_id: ProfileId,
        erased_at: Timestamp,
        now: Timestamp,
    ) -> Result<Item<ErasureRecord>, ChangeError<Infallible>> {
        let what = format!("beginning the erasure of profile {profile_id}");
        let record = ErasureRecord::begun(profile_id, erased_at, now);
        retry_conflicts(&what, || self.begin_once(&record)).await
    }

    async fn begin_once(
        &self,
        record: &ErasureRecord,
    ) -> Result<Item<ErasureRecord>, Attempt<Infallible>> {
        let partition = record.profile_id.to_string();
        let kept = self.kept(&partition).await?;
        let gate = Gate::of(record.profile_id, true);
        let batch = self.0.batch(&partition);
        let stored = Stored::from(record.clone());
        let batch = match &kept.record {
            Some(Item { value: Stored::Erasure(begun), etag }) => {
                // Begun by the version before, which knows no gate.
                if kept.gate.as_ref().is_none_or(|gate| !gate.value.closed) {
                    kept.through_gate(batch, &gate).commit().await.map_err(attempt)?;
                }
                return Ok(Item { value: begun.record(), etag: etag.clone() });
            }
            Some(earlier) => batch.replace(RECORD, &stored, &earlier.etag),
            None => batch.create(&stored),
        };
        let etags = kept.through_gate(batch, &gate).commit().await.map_err(attempt)?;
        let etag = etags.into_iter().next().flatten();
        let etag = etag.expect("what a batch writes has an entity tag");
        Ok(Item { value: record.clone(), etag })
    }

    /// Stores the record in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Item<ErasureRecord>,
        record: ErasureRecord,
    ) -> Result<Item<ErasureRecord>, WriteError> {
        let partition = record.profile_id.to_string();
        let stored = Stored::from(record.clone());
        let etag = own_write::replace(&self.0, &partition, RECORD, &stored, &current.etag).await?;
        Ok(Item { value: record, etag })
    }

    /// Erasures that were interrupted, or that have to be looked at once more: the profile, and when it was erased.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<(ProfileId, Timestamp)>, CosmosFailure> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Due {
            profile_id: ProfileId,
            erased_at: Timestamp,
        }
        let text = format!(
            "SELECT TOP {count} c.profileId, c.erasedAt FROM c WHERE c.kind = 'erasure' \
             AND c.sweepAfter <= @now ORDER BY c.sweepAfter"
        );
        let query =
            Query::from(text).with_parameter("@now", now.as_second()).expect("a number is JSON");
        let due: Vec<Due> = self.0.query(query, count).await?;
        Ok(due.into_iter().map(|due| (due.profile_id, due.erased_at)).collect())
    }
}

fn attempt(error: BatchError) -> Attempt<Infallible> {
    match error {
        BatchError::Failed(failure) => Attempt::Failed(failure),
        // Somebody was faster, or the answer to our own write was lost.
        _ => Attempt::Conflict,
    }
}
