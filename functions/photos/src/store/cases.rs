//! The container `cases`: what moderators have to decide, and every decision ever made.

use super::case_document::CaseDocument;
use super::own_write;
use crate::domain::{Case, CaseId, CaseState, Photo};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Item, Query, WriteError};
use jiff::Timestamp;
use serde_json::Value;
use std::{convert::Infallible, num::NonZeroU32};

#[derive(Debug)]
pub(crate) struct Cases(Container);

/// A case was not opened or closed: others kept changing it, or Cosmos DB failed.
pub(crate) type NotChanged = ChangeError<Infallible>;

impl Cases {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("cases"))
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Item<Case>>, CosmosFailure> {
        let item: Option<Item<CaseDocument>> = self.0.read(id, id).await?;
        Ok(item.map(|Item { value, etag }| Item { value: value.into(), etag }))
    }

    /// Stores `changed` in the place of `current`.
    pub(crate) async fn replace(
        &self,
        current: &Item<Case>,
        changed: Case,
    ) -> Result<Item<Case>, WriteError> {
        let id = changed.id.clone();
        let document = CaseDocument::from(changed);
        let etag = own_write::replace(&self.0, &id, &id, &document, &current.etag).await?;
        Ok(Item { value: document.into(), etag })
    }

    /// Opens the case of a photo in review, or opens a decided one again: its decision was undone.
    pub(crate) async fn open(&self, photo: &Photo, now: Timestamp) -> Result<(), NotChanged> {
        let id = photo.case_id();
        let open = |document: Option<&CaseDocument>| {
            let Some(document) = document else {
                return Ok(Change::Write(Case::opened(photo, now).into(), ()));
            };
            let case = Case::from(document.clone());
            let reopened = case.reopened(photo, now);
            let is_open = reopened == case;
            Ok(if is_open { Change::Keep(()) } else { Change::Write(reopened.into(), ()) })
        };
        self.0.change(&id, &id, open).await
    }

    /// Closes the cases of a photo that is gone; how many there were to close. Doing it again changes nothing.
    pub(crate) async fn close(&self, photo: &Photo, now: Timestamp) -> Result<usize, NotChanged> {
        let mut closed = 0;
        for id in [CaseId::of_review(photo.id), CaseId::of_appeal(photo.id)] {
            closed += usize::from(self.close_one(&id, photo, now).await?);
        }
        Ok(closed)
    }

    async fn close_one(&self, id: &str, photo: &Photo, now: Timestamp) -> Result<bool, NotChanged> {
        let close = |document: Option<&CaseDocument>| {
            let case = document.map(|document| Case::from(document.clone()));
            // One that is on its way to be opened finds this one.
            let missing = || photo.is_to_have_case(id).then(|| Case::opened(photo, now));
            let (case, was_there) = match case {
                Some(case) => (Some(case), true),
                None => (missing(), false),
            };
            let was_open =
                was_there && case.as_ref().is_some_and(|case| case.state == CaseState::Open);
            Ok(match case.and_then(|case| case.closed(photo.revision, now)) {
                Some(closed) => Change::Write(closed.into(), was_open),
                None => Change::Keep(false),
            })
        };
        self.0.change(id, id, close).await
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
    /// At most `count` of them after the id given, in the order of ids.
    pub(crate) async fn unfinished(
        &self,
        after: &str,
        count: NonZeroU32,
    ) -> Result<Vec<Case>, CosmosFailure> {
        // Not `c.lease != null`: of an object and null Cosmos DB says neither that they are equal nor that they are not.
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.id > @after \
             AND ((c.state = 'decided' AND c.ruling.carriedOut = false) \
             OR (c.state = 'open' AND IS_OBJECT(c.lease))) ORDER BY c.id"
        );
        self.query(with(Query::from(text), "@after", after), count).await
    }

    async fn query(&self, query: Query, count: NonZeroU32) -> Result<Vec<Case>, CosmosFailure> {
        let documents: Vec<Value> = self.0.query(query, count).await?;
        Ok(documents.into_iter().filter_map(sound).collect())
    }
}

/// The case in a document. One that cannot be read must not hide the others; somebody is told.
fn sound(document: Value) -> Option<Case> {
    let id = document["id"].as_str().unwrap_or_default().to_owned();
    let read = serde_json::from_value::<CaseDocument>(document);
    let read = read.inspect_err(|error| {
        tracing::error!(%error, id, "unreadable-document: a case is left out");
    });
    read.ok().map(Case::from)
}

fn with(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
