//! Assessments: the container `assessments`.

use super::documents::AssessmentDocument;
use crate::domain::{Assessment, AssessmentId, PartnerId, Subject};
use crate::figures;
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Assessments(Container);

impl Assessments {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("assessments"))
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(&self, id: AssessmentId) -> Result<Option<Assessment>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<AssessmentDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores a new one. The one that is there already under its id, if there is one: it may be further.
    pub(crate) async fn begin(&self, assessment: &Assessment) -> Result<Assessment, WriteError> {
        let id = assessment.id.to_string();
        match self.0.create(&id, &id, &AssessmentDocument::from(assessment)).await {
            Ok(_) => Ok(assessment.clone()),
            Err(error) => match self.read(assessment.id).await {
                Ok(Some(there)) => Ok(there),
                // A refused write without what refused it: an old read.
                Ok(None) => Err(error),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// Applies `edit` to the assessment as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        id: AssessmentId,
        edit: impl Fn(Assessment) -> Result<Assessment, E>,
    ) -> Result<Option<Assessment>, ChangeError<E>> {
        let decide = |now: Option<&AssessmentDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Assessment::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some((edited, None)))
            } else {
                Change::Write(AssessmentDocument::from(&edited), Some((edited, Some(current))))
            })
        };
        let id = id.to_string();
        let changed = self.0.change(&id, &id, decide).await?;
        Ok(changed.map(|(assessment, before)| {
            if let Some(before) = before {
                figures::changed(&before, &assessment);
            }
            assessment
        }))
    }

    /// Those that a round has to look at, in the order of their ids: at most `count` after the one given, begun before
    /// `before`.
    pub(crate) async fn watched(
        &self,
        after: Option<AssessmentId>,
        before: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Assessment>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.watched = true AND c.id > @after AND c.createdAt < @before ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = Query::from(text).with_parameter("@after", after).expect("a string is JSON");
        let before = format!("{before:.3}");
        let query = query.with_parameter("@before", before).expect("a string is JSON");
        let found = self.0.query::<AssessmentDocument>(query, count).await?;
        Ok(found.into_iter().map(Assessment::from).collect())
    }

    /// Those that ended between `from` and `to`, in the order of their ids: at most `count` after the one given. `from` is
    /// in it, `to` is not.
    pub(crate) async fn ended_in(
        &self,
        from: Timestamp,
        to: Timestamp,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Assessment>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.phase = 'ended' AND c.endedAt >= @from AND c.endedAt < @to \
             AND c.id > @after ORDER BY c.id"
        );
        let query = Query::from(text)
            .with_parameter("@from", format!("{from:.3}"))
            .and_then(|query| query.with_parameter("@to", format!("{to:.3}")))
            .and_then(|query| query.with_parameter("@after", after.unwrap_or_default()))
            .expect("a string is JSON");
        let found = self.0.query::<AssessmentDocument>(query, count).await?;
        Ok(found.into_iter().map(Assessment::from).collect())
    }

    /// Those of a person that were begun until then, at most `count`.
    pub(crate) async fn of_subject(
        &self,
        partner: &PartnerId,
        subject: &Subject,
        until: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<AssessmentId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} VALUE c.id FROM c \
             WHERE c.person.subject = @subject AND c.partner = @partner AND c.createdAt <= @until"
        );
        let until = format!("{until:.3}");
        let query = Query::from(text).with_parameter("@until", until).expect("a string is JSON");
        let query = query.with_parameter("@subject", subject).expect("a string is JSON");
        let query = query.with_parameter("@partner", partner).expect("a string is JSON");
        self.0.query(query, count).await
    }
}
