//! Cases of customer service: the container `support-cases`, whose time to live is two years after the last change.

use crate::domain::{CaseId, CaseState, Channel, CustomerId, SupportCase, Text};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use values::{Revision, moment};

/// The form in which documents are written today.
const SCHEMA_VERSION: u32 = 1;
/// After every id there is.
const END_OF_IDS: &str = "~";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CaseDocument {
    id: CaseId,
    schema_version: u32,
    customer_id: CustomerId,
    channel: Channel,
    text: Option<Text>,
    /// For the query for what is to be erased.
    has_text: bool,
    state: CaseState,
    revision: Revision,
    #[serde(with = "moment")]
    written_at: Timestamp,
}

impl From<&SupportCase> for CaseDocument {
    fn from(case: &SupportCase) -> Self {
        Self {
            id: case.id,
            schema_version: SCHEMA_VERSION,
            customer_id: case.customer_id,
            channel: case.channel,
            text: case.text.clone(),
            has_text: case.text.is_some(),
            state: case.state,
            revision: case.revision,
            written_at: case.written_at,
        }
    }
}

impl From<CaseDocument> for SupportCase {
    fn from(document: CaseDocument) -> Self {
        let CaseDocument { id, customer_id, channel, text, state, revision, written_at, .. } =
            document;
        Self { id, customer_id, channel, text, state, revision, written_at }
    }
}

#[derive(Debug)]
pub(crate) struct SupportCases(Container);

impl SupportCases {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("support-cases"))
    }

    /// Stores a new case, unless it is there.
    pub(crate) async fn add(&self, case: &SupportCase) -> Result<(), CosmosFailure> {
        let id = case.id.to_string();
        match self.0.create(&id, &id, &CaseDocument::from(case)).await {
            Ok(_) | Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Failed(failure)) => self.read(case.id).await?.map(drop).ok_or(failure),
        }
    }

    pub(crate) async fn read(&self, id: CaseId) -> Result<Option<SupportCase>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<CaseDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Applies `edit` to the case as it is when it is stored. `None`: there is no such case.
    pub(crate) async fn change<E>(
        &self,
        id: CaseId,
        edit: impl Fn(SupportCase) -> Result<SupportCase, E>,
    ) -> Result<Option<SupportCase>, ChangeError<E>> {
        let key = id.to_string();
        let decide = |now: Option<&CaseDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = SupportCase::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(CaseDocument::from(&edited), Some(edited))
            })
        };
        self.0.change(&key, &key, decide).await
    }

    /// At most `count` in this state before the id given, the newest first.
    pub(crate) async fn list(
        &self,
        state: CaseState,
        before: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<SupportCase>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = @state AND c.id < @before ORDER BY c.id DESC"
        );
        let query = Query::from(text)
            .with_parameter("@state", state)
            .and_then(|query| query.with_parameter("@before", before.unwrap_or(END_OF_IDS)))
            .expect("a string is JSON");
        let found: Vec<CaseDocument> = self.0.query(query, count).await?;
        Ok(found.into_iter().map(SupportCase::from).collect())
    }

    /// At most so many cases of a customer in which something is written.
    pub(crate) async fn written_by(
        &self,
        customer: CustomerId,
        most: NonZeroU32,
    ) -> Result<Vec<CaseId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} VALUE c.id FROM c WHERE c.customerId = @customer AND c.hasText = true"
        );
        let query =
            Query::from(text).with_parameter("@customer", customer).expect("a string is JSON");
        self.0.query(query, most).await
    }
}
