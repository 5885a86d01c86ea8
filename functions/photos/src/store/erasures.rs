//! The record of a profile's erasure, in the partition of the profile. It is written before anything is removed:
//! a ticket is given only if it is not there, so nothing new can come in behind the erasure.

use crate::domain::{PhotoId, ProfileId};
use azure_data::{Container, Cosmos, CosmosFailure, Item, WriteError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The id of the document; photos have UUIDs.
const ID: &str = "erasure";

#[derive(Debug)]
pub(crate) struct Erasures(Container);

/// What was removed and when. Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasureRecord {
    id: String,
    kind: String,
    profile_id: ProfileId,
    /// When the profile was erased.
    pub(crate) erased_at: Timestamp,
    /// When this app began.
    started_at: Timestamp,
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) photos: Vec<PhotoErased>,
    /// Uploads without a photo.
    pub(crate) stray_uploads: usize,
}

/// One photo of the record: how many blobs of it there were in each container, and how many open cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhotoErased {
    pub(crate) photo_id: PhotoId,
    pub(crate) at: Timestamp,
    pub(crate) uploads: usize,
    pub(crate) quarantine: usize,
    pub(crate) published: usize,
    pub(crate) cases: usize,
}

impl ErasureRecord {
    fn begun(profile_id: ProfileId, erased_at: Timestamp, now: Timestamp) -> Self {
        Self {
            id: ID.to_owned(),
            kind: ID.to_owned(),
            profile_id,
            erased_at,
            started_at: now,
            completed_at: None,
            photos: Vec::new(),
            stray_uploads: 0,
        }
    }

    /// Adds what was found of a photo; what an earlier run found stays counted.
    pub(crate) fn add(&mut self, found: PhotoErased) {
        let known = self.photos.iter_mut().find(|known| known.photo_id == found.photo_id);
        let Some(known) = known else { return self.photos.push(found) };
        known.uploads += found.uploads;
        known.quarantine += found.quarantine;
        known.published += found.published;
        known.cases += found.cases;
    }
}

impl Erasures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("photos"))
    }

    /// The record, if the profile is erased or being erased.
    pub(crate) async fn read(
        &self,
        profile_id: ProfileId,
    ) -> Result<Option<Item<ErasureRecord>>, CosmosFailure> {
        self.0.read(&profile_id.to_string(), ID).await
    }

    /// Writes the record, or finds the one that an earlier run wrote.
    pub(crate) async fn begin(
        &self,
        profile_id: ProfileId,
        erased_at: Timestamp,
        now: Timestamp,
    ) -> Result<Item<ErasureRecord>, WriteError> {
        let record = ErasureRecord::begun(profile_id, erased_at, now);
        match self.0.create(&profile_id.to_string(), ID, &record).await {
            Ok(etag) => Ok(Item { value: record, etag }),
            Err(WriteError::Conflict) => self.read(profile_id).await?.ok_or(WriteError::Conflict),
            Err(failed) => Err(failed),
        }
    }

    pub(crate) async fn replace(
        &self,
        current: &Item<ErasureRecord>,
        record: &ErasureRecord,
    ) -> Result<(), WriteError> {
        let partition = record.profile_id.to_string();
        self.0.replace(&partition, ID, record, &current.etag).await.map(drop)
    }
}
