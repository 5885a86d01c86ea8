//! The container `cases`: what moderators have to decide, and every decision ever made.

use crate::domain::{Case, CaseId, CaseState, Photo};
use azure_data_cosmos::Query;
use iommi_app::{Container, Cosmos, CosmosFailure, Kept, Refusal, pause};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{num::NonZeroU32, sync::Arc};

/// How often a write is tried again because somebody else changed the case.
const MAX_TRIES: u32 = 5;
/// The worst a case can be.
const MAX_SEVERITY: u8 = 9;

#[derive(Debug)]
pub(crate) struct Cases(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Document {
    /// Where the case stands in the queue; sorts as text.
    rank: String,
    #[serde(flatten)]
    case: Case,
}

impl Document {
    fn of(case: Case) -> Self {
        Self { rank: rank(&case), case }
    }
}

/// The worst first, of these the oldest; unique, so that a list can continue after it.
pub(crate) fn rank(case: &Case) -> String {
    let mildness = MAX_SEVERITY.saturating_sub(case.severity);
    format!("{mildness}-{:015}-{}", case.opened_at.as_millisecond(), case.id)
}

impl Cases {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self(cosmos.container("cases"))
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Kept<Case>>, CosmosFailure> {
        let kept: Option<Kept<Document>> = self.0.read(id, id).await?;
        Ok(kept.map(|Kept { value, etag }| Kept { value: value.case, etag }))
    }

    /// Stores `changed` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Kept<Case>,
        changed: Case,
    ) -> Result<Kept<Case>, Refusal> {
        let document = Document::of(changed);
        let id = &document.case.id;
        let etag = self.0.replace(id, id, &document, &current.etag).await?;
        Ok(Kept { value: document.case, etag })
    }

    /// Opens the case of a photo in review, or opens a decided one again: its decision was undone.
    pub(crate) async fn open(&self, photo: &Photo, now: Timestamp) -> Result<(), CosmosFailure> {
        let id = photo.case_id();
        for tries in 0..MAX_TRIES {
            let written = match self.read(&id).await? {
                Some(kept) => {
                    let reopened = kept.value.reopened(photo, now);
                    if reopened == kept.value {
                        return Ok(());
                    }
                    self.replace(&kept, reopened).await.map(drop)
                }
                None => {
                    let document = Document::of(Case::opened(photo, now));
                    self.0.create(&id, &id, &document).await.map(drop)
                }
            };
            match written {
                Ok(()) => return Ok(()),
                Err(Refusal::Changed) => pause(tries).await,
                Err(Refusal::Failed(failure)) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Closes the cases of a photo that is gone; how many there were to close. Doing it again changes nothing.
    pub(crate) async fn close(
        &self,
        photo: &Photo,
        now: Timestamp,
    ) -> Result<usize, CosmosFailure> {
        let mut closed = 0;
        for id in [CaseId::of_review(photo.id), CaseId::of_appeal(photo.id)] {
            closed += usize::from(self.close_one(&id, now).await?);
        }
        Ok(closed)
    }

    async fn close_one(&self, id: &str, now: Timestamp) -> Result<bool, CosmosFailure> {
        for tries in 0..MAX_TRIES {
            let Some(kept) = self.read(id).await? else { return Ok(false) };
            let Some(closed) = kept.value.closed(now) else { return Ok(false) };
            match self.replace(&kept, closed).await {
                Ok(_) => return Ok(true),
                Err(Refusal::Changed) => pause(tries).await,
                Err(Refusal::Failed(failure)) => return Err(failure),
            }
        }
        Ok(false)
    }

    /// At most `count` cases in this state, after the rank given: the worst first, of these the oldest.
    pub(crate) async fn list(
        &self,
        state: CaseState,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Case>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = @state AND c.rank > @after ORDER BY c.rank"
        );
        let query = with(Query::from(text), "@state", state.as_str());
        self.query(with(query, "@after", after.unwrap_or_default()), count).await
    }

    /// The latest decisions, at most `count`, the newest first.
    pub(crate) async fn decided(&self, count: NonZeroU32) -> Result<Vec<Case>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = 'decided' ORDER BY c.ruling.at DESC"
        );
        self.query(Query::from(text), count).await
    }

    /// Cases that somebody must look after: decisions that the photo may not have followed yet, and leases.
    pub(crate) async fn unfinished(&self, count: NonZeroU32) -> Result<Vec<Case>, CosmosFailure> {
        // Not `c.lease != null`: of an object and null Cosmos DB says neither that they are equal nor that they are not.
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE (c.state = 'decided' AND c.ruling.carriedOut = false) \
             OR (c.state = 'open' AND IS_OBJECT(c.lease))"
        );
        self.query(Query::from(text), count).await
    }

    async fn query(&self, query: Query, count: NonZeroU32) -> Result<Vec<Case>, CosmosFailure> {
        let documents: Vec<Document> = self.0.query(query, count).await?;
        Ok(documents.into_iter().map(|document| document.case).collect())
    }
}

fn with(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
