//! Reviews: the container `reviews`.

use crate::domain::{AssessmentId, PartnerId, Review, ReviewState, Sealed};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::{Revision, moment};

/// The form in which documents are written today.
const SCHEMA_VERSION: u32 = 1;
/// After every id.
const END_OF_IDS: &str = "~";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewDocument {
    id: AssessmentId,
    schema_version: u32,
    partner: PartnerId,
    statement: Sealed,
    #[serde(with = "moment")]
    asked_at: Timestamp,
    state: ReviewState,
    finding: Option<String>,
    #[serde(with = "moment::optional", default)]
    decided_at: Option<Timestamp>,
    revision: Revision,
}

impl From<&Review> for ReviewDocument {
    fn from(review: &Review) -> Self {
        let Review { id, partner, statement, asked_at, state, finding, decided_at, revision } =
            review.clone();
        let schema_version = SCHEMA_VERSION;
        Self {
            id,
            schema_version,
            partner,
            statement,
            asked_at,
            state,
            finding,
            decided_at,
            revision,
        }
    }
}

impl From<ReviewDocument> for Review {
    fn from(document: ReviewDocument) -> Self {
        let ReviewDocument { id, partner, statement, asked_at, state, finding, .. } = document;
        let (decided_at, revision) = (document.decided_at, document.revision);
        Self { id, partner, statement, asked_at, state, finding, decided_at, revision }
    }
}

#[derive(Debug)]
pub(crate) struct Reviews(Container);

impl Reviews {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("reviews"))
    }

    /// Stores a new one. The one that is there already, if there is one.
    pub(crate) async fn ask(&self, review: &Review) -> Result<Review, WriteError> {
        let id = review.id.to_string();
        match self.0.create(&id, &id, &ReviewDocument::from(review)).await {
            Ok(_) => Ok(review.clone()),
            Err(error) => self.read(review.id).await?.ok_or(error),
        }
    }

    pub(crate) async fn read(&self, id: AssessmentId) -> Result<Option<Review>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<ReviewDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Applies `edit` to the review as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        id: AssessmentId,
        edit: impl Fn(Review) -> Result<Review, E>,
    ) -> Result<Option<Review>, ChangeError<E>> {
        let decide = |now: Option<&ReviewDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Review::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(ReviewDocument::from(&edited), Some(edited))
            })
        };
        let id = id.to_string();
        self.0.change(&id, &id, decide).await
    }

    /// Removes it. Done again it does nothing.
    pub(crate) async fn delete(&self, id: AssessmentId) -> Result<(), ChangeError<Infallible>> {
        let id = id.to_string();
        self.0.change(&id, &id, |_: Option<&ReviewDocument>| Ok(Change::Delete(()))).await
    }

    /// At most `count` in this state before the id given, the newest first.
    pub(crate) async fn list(
        &self,
        state: ReviewState,
        before: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Review>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = @state AND c.id < @before ORDER BY c.id DESC"
        );
        let query = Query::from(text)
            .with_parameter("@state", state)
            .and_then(|query| query.with_parameter("@before", before.unwrap_or(END_OF_IDS)))
            .expect("a string is JSON");
        let found: Vec<ReviewDocument> = self.0.query(query, count).await?;
        Ok(found.into_iter().map(Review::from).collect())
    }
}
