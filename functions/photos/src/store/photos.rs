//! The container `photos`, partitioned by profile.

use crate::domain::{Photo, PhotoId, ProfileId};
use azure_data_cosmos::Query;
use iommi_app::{Container, Cosmos, CosmosFailure, Kept, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{num::NonZeroU32, sync::Arc};

#[derive(Debug)]
pub(crate) struct Photos(Container);

/// Tells photos from the record of an erasure, which lies in the same partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Photo,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Document {
    kind: Kind,
    #[serde(flatten)]
    photo: Photo,
}

/// Where a photo's document is: what never changes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Whereabouts {
    pub(crate) id: PhotoId,
    pub(crate) profile_id: ProfileId,
}

impl Whereabouts {
    pub(crate) fn of(photo: &Photo) -> Self {
        Self { id: photo.id, profile_id: photo.profile_id }
    }
}

impl Photos {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self(cosmos.container("photos"))
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(
        &self,
        place: Whereabouts,
    ) -> Result<Option<Kept<Photo>>, CosmosFailure> {
        let Whereabouts { id, profile_id } = place;
        let kept: Option<Kept<Document>> =
            self.0.read(&profile_id.to_string(), &id.to_string()).await?;
        Ok(kept.map(|Kept { value, etag }| Kept { value: value.photo, etag }))
    }

    /// The photo with this id, whoever's it is. What the query finds only tells where to read: an index may lag
    /// behind, a read does not.
    pub(crate) async fn find(&self, id: PhotoId) -> Result<Option<Kept<Photo>>, CosmosFailure> {
        let text = "SELECT c.id, c.profileId FROM c WHERE c.id = @id AND c.kind = 'photo'";
        let query = with(Query::from(text), "@id", &id.to_string());
        let found: Vec<Whereabouts> = self.0.query(query, NonZeroU32::MIN).await?;
        match found.first() {
            Some(place) => self.read(*place).await,
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
        let documents: Vec<Document> = self.0.query(query, count).await?;
        Ok(documents.into_iter().map(|document| document.photo).collect())
    }

    /// Photos that the sweep must look at, those that wait longest first.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Whereabouts>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.id, c.profileId FROM c WHERE c.kind = 'photo' \
             AND c.sweepAfter <= @now ORDER BY c.sweepAfter"
        );
        let query =
            Query::from(text).with_parameter("@now", now.as_second()).expect("a number is JSON");
        self.0.query(query, count).await
    }

    pub(crate) async fn create(&self, photo: Photo) -> Result<Kept<Photo>, Refusal> {
        let (partition, id) = (photo.profile_id.to_string(), photo.id.to_string());
        let document = Document { kind: Kind::Photo, photo };
        let etag = self.0.create(&partition, &id, &document).await?;
        Ok(Kept { value: document.photo, etag })
    }

    /// Stores `changed` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Kept<Photo>,
        changed: Photo,
    ) -> Result<Kept<Photo>, Refusal> {
        let (partition, id) = (changed.profile_id.to_string(), changed.id.to_string());
        let document = Document { kind: Kind::Photo, photo: changed };
        let etag = self.0.replace(&partition, &id, &document, &current.etag).await?;
        Ok(Kept { value: document.photo, etag })
    }
}

fn with(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
