//! The container `photos`, partitioned by profile.

use super::own_write;
use super::photo_document::PhotoDocument;
use crate::domain::{Photo, PhotoId, PhotoKey, ProfileId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Item, Query, WriteError};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::convert::Infallible;
use std::num::NonZeroU32;

/// The pause after the first failure of the sweep with a photo, in seconds; it doubles with each.
const FIRST_PAUSE_S: i64 = 60;
const LONGEST_PAUSE_S: i64 = 6 * 3_600;
/// Doubling ends here; the longest pause is reached before.
const MAX_DOUBLINGS: u32 = 10;

#[derive(Debug)]
pub(crate) struct Photos(Container);

/// What of the photos that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Those for which somebody waits: tickets, checks, and what follows from a change.
    Urgent,
    /// Those that have to be tidied up besides.
    Any,
}

/// A photo that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DuePhoto {
    #[serde(flatten)]
    pub(crate) key: PhotoKey,
    /// Since when, in seconds since 1970.
    pub(crate) sweep_after: i64,
}

impl Photos {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("photos"))
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(&self, key: PhotoKey) -> Result<Option<Item<Photo>>, CosmosFailure> {
        let PhotoKey { id, profile_id } = key;
        let item: Option<Item<PhotoDocument>> =
            self.0.read(&profile_id.to_string(), &id.to_string()).await?;
        Ok(item.map(|Item { value, etag }| Item { value: value.into(), etag }))
    }

    /// The photo with this id, whoever's it is. What the query finds only tells where to read: an index may lag
    /// behind, a read does not.
    pub(crate) async fn find(&self, id: PhotoId) -> Result<Option<Item<Photo>>, CosmosFailure> {
        let text = "SELECT c.id, c.profileId FROM c WHERE c.id = @id AND c.kind = 'photo'";
        let query = with(Query::from(text), "@id", &id.to_string());
        let found: Vec<PhotoKey> = self.0.query(query, NonZeroU32::MIN).await?;
        match found.first() {
            Some(key) => self.read(*key).await,
            None => Ok(None),
        }
    }

    /// At most `count` photos of a profile after the one given, in the order of their tickets.
    pub(crate) async fn of_profile(
        &self,
        profile_id: ProfileId,
        after: Option<PhotoId>,
        count: NonZeroU32,
    ) -> Result<Vec<Photo>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.profileId = @profile AND c.kind = 'photo' \
             AND c.state != 'erased' AND c.id > @after ORDER BY c.id"
        );
        self.list(text, profile_id, after, count).await
    }

    /// At most `count` photos of a profile after the one given of which something may be left: all but the tombstones
    /// that nothing has to be done about any more.
    pub(crate) async fn to_erase(
        &self,
        profile_id: ProfileId,
        after: Option<PhotoId>,
        count: NonZeroU32,
    ) -> Result<Vec<PhotoKey>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.id, c.profileId FROM c WHERE c.profileId = @profile \
             AND c.kind = 'photo' AND (c.state != 'erased' OR IS_NUMBER(c.sweepAfter)) \
             AND c.id > @after ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let profile = profile_id.to_string();
        let query = with(Query::from(text), "@profile", &profile);
        self.0.query_in(&profile, with(query, "@after", &after), count).await
    }

    /// As [`Photos::read`], but `None` also if nobody can read the document.
    pub(crate) async fn read_if_sound(
        &self,
        key: PhotoKey,
    ) -> Result<Option<Item<Photo>>, CosmosFailure> {
        let (partition, id) = (key.profile_id.to_string(), key.id.to_string());
        let item: Option<Item<Value>> = self.0.read(&partition, &id).await?;
        Ok(item.and_then(|Item { value, etag }| Some(Item { value: sound(value)?, etag })))
    }

    /// Removes a document, whatever is in it; whether it was there.
    pub(crate) async fn discard(&self, key: PhotoKey) -> Result<bool, ChangeError<Infallible>> {
        let (partition, id) = (key.profile_id.to_string(), key.id.to_string());
        let remove = |document: Option<&Value>| Ok(Change::Delete(document.is_some()));
        self.0.change(&partition, &id, remove).await
    }

    async fn list(
        &self,
        text: String,
        profile_id: ProfileId,
        after: Option<PhotoId>,
        count: NonZeroU32,
    ) -> Result<Vec<Photo>, CosmosFailure> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = with(Query::from(text), "@profile", &profile_id.to_string());
        let query = with(query, "@after", &after);
        let documents: Vec<Value> = self.0.query(query, count).await?;
        Ok(documents.into_iter().filter_map(sound).collect())
    }

    /// Photos that the sweep must look at, those that wait longest first.
    pub(crate) async fn due(
        &self,
        which: Due,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<DuePhoto>, CosmosFailure> {
        // Photos in review that nobody has to look at can only have been written by an earlier version.
        let condition = match which {
            Due::Urgent => {
                "c.sweepAfter <= @now AND (c.state IN ('awaiting-upload', 'checking') \
                 OR ARRAY_LENGTH(c.duties) > 0)"
            }
            Due::Any => "c.sweepAfter <= @now",
        };
        let text = format!(
            "SELECT TOP {count} c.id, c.profileId, c.sweepAfter FROM c \
             WHERE c.kind = 'photo' AND {condition} ORDER BY c.sweepAfter"
        );
        let query =
            Query::from(text).with_parameter("@now", now.as_second()).expect("a number is JSON");
        self.0.query(query, count).await
    }

    /// Photos in review that the sweep would never look at, as earlier versions wrote them.
    pub(crate) async fn unwatched(
        &self,
        count: NonZeroU32,
    ) -> Result<Vec<PhotoKey>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.id, c.profileId FROM c WHERE c.kind = 'photo' \
             AND c.state = 'review' AND NOT IS_NUMBER(c.sweepAfter)"
        );
        self.0.query(Query::from(text), count).await
    }

    /// Has the sweep look at a photo that it failed with later, the later the more often it failed, whether or not its
    /// document can be read. Whoever writes the photo for another reason starts the count anew: only this knows it.
    pub(crate) async fn put_off(
        &self,
        key: PhotoKey,
        now: Timestamp,
    ) -> Result<u64, ChangeError<Infallible>> {
        let (partition, id) = (key.profile_id.to_string(), key.id.to_string());
        let later = |document: Option<&Value>| {
            let Some(document) = document else { return Ok(Change::Keep(0)) };
            let mut document = document.clone();
            let failures = document["sweepFailures"].as_u64().unwrap_or_default() + 1;
            let doublings = u32::try_from(failures - 1).unwrap_or(MAX_DOUBLINGS).min(MAX_DOUBLINGS);
            let pause_s = (FIRST_PAUSE_S << doublings).min(LONGEST_PAUSE_S);
            document["sweepFailures"] = failures.into();
            document["sweepAfter"] = (now.as_second() + pause_s).into();
            Ok(Change::Write(document, failures))
        };
        self.0.change(&partition, &id, later).await
    }

    /// How many photos of a profile have a picture, or may still get one; at most `most`.
    pub(crate) async fn count(
        &self,
        profile_id: ProfileId,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<usize, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} VALUE c.id FROM c WHERE c.profileId = @profile AND c.kind = 'photo' \
             AND c.state NOT IN ('erased', 'expired') \
             AND (c.state != 'awaiting-upload' OR c.ticket.expiresAt > @now)"
        );
        let profile = profile_id.to_string();
        let query = with(with(Query::from(text), "@profile", &profile), "@now", &now.to_string());
        let counted: Vec<Value> = self.0.query_in(&profile, query, most).await?;
        Ok(counted.len())
    }

    /// Stores `changed` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Item<Photo>,
        changed: Photo,
    ) -> Result<Item<Photo>, WriteError> {
        let (partition, id) = (changed.profile_id.to_string(), changed.id.to_string());
        let document = PhotoDocument::from(changed);
        let etag = own_write::replace(&self.0, &partition, &id, &document, &current.etag).await?;
        Ok(Item { value: document.into(), etag })
    }
}

/// The photo in a document. One that cannot be read must not hide the others; somebody is told.
fn sound(document: Value) -> Option<Photo> {
    let id = document["id"].as_str().unwrap_or_default().to_owned();
    let read = serde_json::from_value::<PhotoDocument>(document);
    let read = read.inspect_err(|error| {
        tracing::error!(%error, id, "unreadable-document: a photo is left out");
    });
    read.ok().map(Photo::from)
}

fn with(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
