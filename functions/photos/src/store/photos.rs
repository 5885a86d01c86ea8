//! The container `photos`, partitioned by profile.

use super::photo_document::PhotoDocument;
use crate::domain::{Photo, PhotoId, PhotoKey, ProfileId};
use azure_data::Query;
use azure_data::{Container, Cosmos, CosmosFailure, Item, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Photos(Container);

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

    /// As [`Photos::of_profile`], erased ones included.
    pub(crate) async fn ever_of_profile(
        &self,
        profile_id: ProfileId,
        after: Option<PhotoId>,
        count: NonZeroU32,
    ) -> Result<Vec<Photo>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.profileId = @profile AND c.kind = 'photo' \
             AND c.id > @after ORDER BY c.id"
        );
        self.list(text, profile_id, after, count).await
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
        let documents: Vec<PhotoDocument> = self.0.query(query, count).await?;
        Ok(documents.into_iter().map(Photo::from).collect())
    }

    /// Photos that the sweep must look at, those that wait longest first.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<PhotoKey>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.id, c.profileId FROM c WHERE c.kind = 'photo' \
             AND c.sweepAfter <= @now ORDER BY c.sweepAfter"
        );
        let query =
            Query::from(text).with_parameter("@now", now.as_second()).expect("a number is JSON");
        self.0.query(query, count).await
    }

    pub(crate) async fn create(&self, photo: Photo) -> Result<Item<Photo>, WriteError> {
        let (partition, id) = (photo.profile_id.to_string(), photo.id.to_string());
        let document = PhotoDocument::from(photo);
        let etag = self.0.create(&partition, &id, &document).await?;
        Ok(Item { value: document.into(), etag })
    }

    /// Stores `changed` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Item<Photo>,
        changed: Photo,
    ) -> Result<Item<Photo>, WriteError> {
        let (partition, id) = (changed.profile_id.to_string(), changed.id.to_string());
        let document = PhotoDocument::from(changed);
        let etag = self.0.replace(&partition, &id, &document, &current.etag).await?;
        Ok(Item { value: document.into(), etag })
    }
}

fn with(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
