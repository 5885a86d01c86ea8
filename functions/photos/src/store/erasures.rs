//! The gate of a profile's photos, a document in the partition of the photos: tickets go through it together with the
//! photo (a transactional batch), and the erasure of the profile closes it before anything is removed. Whoever holds an
//! old copy of it writes nothing, so nothing new comes in behind an erasure. Closed, it is the record of the erasure.

use super::photo_document::PhotoDocument;
use crate::domain::{ErasureRecord, Photo, PhotoState, ProfileId};
use azure_data::{
    Attempt, BatchError, Change, ChangeError, Container, Cosmos, CosmosFailure, Item, Query,
    WriteError, retry_conflicts,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, num::NonZeroU32};

/// The id of the document; photos have UUIDs.
const ID: &str = "erasure";

#[derive(Debug)]
pub(crate) struct Erasures(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Gate {
    /// Tickets are given.
    Open(OpenGate),
    #[serde(rename = "erasure")]
    Closed(Box<ErasureDocument>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpenGate {
    id: String,
    profile_id: ProfileId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErasureDocument {
    id: String,
    #[serde(flatten)]
    record: ErasureRecord,
    /// Seconds since 1970: when the sweep goes on with it.
    #[serde(default)]
    sweep_after: Option<i64>,
}

/// The profile is erased: nobody gets a ticket for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed;

impl Gate {
    fn open(profile_id: ProfileId) -> Self {
        Self::Open(OpenGate { id: ID.to_owned(), profile_id })
    }

    fn closed(record: ErasureRecord) -> Self {
        let sweep_after = record.due_at.map(Timestamp::as_second);
        Self::Closed(Box::new(ErasureDocument { id: ID.to_owned(), record, sweep_after }))
    }

    fn record(self) -> Option<ErasureRecord> {
        let Self::Closed(document) = self else { return None };
        let due_at = document.sweep_after.and_then(|at| Timestamp::from_second(at).ok());
        Some(ErasureRecord { due_at, ..document.record })
    }
}

impl Erasures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("photos"))
    }

    /// Whether the profile is erased or being erased, as far as is known here; [`Erasures::admit`] knows for sure.
    pub(crate) async fn is_begun(&self, profile_id: ProfileId) -> Result<bool, CosmosFailure> {
        let gate = self.0.read::<Gate>(&profile_id.to_string(), ID).await?;
        Ok(gate.is_some_and(|gate| matches!(gate.value, Gate::Closed(_))))
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
        let open = Gate::open(photo.profile_id);
        let batch = self.0.batch(&partition).create(document);
        let batch = match self.0.read::<Gate>(&partition, ID).await? {
            None => batch.create(&open),
            Some(Item { value: Gate::Open(_), etag }) => batch.replace(ID, &open, &etag),
            Some(_) => return Err(Attempt::Refused(Closed)),
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
        let partition = profile_id.to_string();
        let close = |gate: Option<&Gate>| {
            if let Some(Gate::Closed(_)) = gate {
                return Ok(Change::Keep(()));
            }
            let record = ErasureRecord::begun(profile_id, erased_at, now);
            Ok(Change::Write(Gate::closed(record), ()))
        };
        let what = format!("beginning the erasure of profile {profile_id}");
        retry_conflicts(&what, || async {
            self.0.change(&partition, ID, close).await.map_err(attempt)?;
            match self.0.read::<Gate>(&partition, ID).await? {
                Some(Item { value: gate @ Gate::Closed(_), etag }) => {
                    let value = gate.record().expect("a closed gate is a record");
                    Ok(Item { value, etag })
                }
                // This copy is older than what was just written.
                _ => Err(Attempt::Conflict),
            }
        })
        .await
    }

    /// Stores the record in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Item<ErasureRecord>,
        record: ErasureRecord,
    ) -> Result<Item<ErasureRecord>, WriteError> {
        let partition = record.profile_id.to_string();
        let gate = Gate::closed(record.clone());
        let etag = self.0.replace(&partition, ID, &gate, &current.etag).await?;
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

fn attempt(error: ChangeError<Infallible>) -> Attempt<Infallible> {
    match error {
        ChangeError::Refused(never) => match never {},
        ChangeError::Exhausted(_) => Attempt::Conflict,
        ChangeError::Failed(failure) => Attempt::Failed(failure),
    }
}
