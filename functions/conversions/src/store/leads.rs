//! Leads: the container `leads`.

use super::SCHEMA_VERSION;
use crate::domain::{ContactId, Lead, LeadId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Known, Query};
use custom_handler::{ChangeFeed, Rejected};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::Revision;

#[derive(Debug)]
pub(crate) struct Leads(Container);

/// Leads that were looked at all at once; they may be others by now.
#[derive(Debug, Default)]
pub(crate) struct KnownLeads(Known<Document>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    lead: Lead,
    schema_version: u32,
    /// When a round has to look at it.
    #[serde(default, with = "values::moment::optional", skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
}

impl From<Lead> for Document {
    fn from(lead: Lead) -> Self {
        Self { due_at: lead.due_at(), schema_version: SCHEMA_VERSION, lead }
    }
}

impl Leads {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("leads").saying_writers())
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(&self, id: LeadId) -> Result<Option<Lead>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<Document>(&id, &id).await?;
        Ok(found.map(|item| item.value.lead))
    }

    /// Applies `edit` to the lead as it is when it is stored; what comes of none may be none.
    pub(crate) async fn change(
        &self,
        id: LeadId,
        edit: impl Fn(Option<Lead>) -> Option<Lead>,
    ) -> Result<(), ChangeError<Infallible>> {
        self.change_known(id, &KnownLeads::default(), edit).await
    }

    /// As [`Leads::change`], beginning with what is known, which may be old: where `edit` finds something done already, it is
    /// done for ever.
    pub(crate) async fn change_known(
        &self,
        id: LeadId,
        known: &KnownLeads,
        edit: impl Fn(Option<Lead>) -> Option<Lead>,
    ) -> Result<(), ChangeError<Infallible>> {
        let decide = |there: Option<&Document>| {
            let current = there.map(|there| there.lead.clone());
            let edited = edit(current.clone()).filter(|edited| Some(edited) != current.as_ref());
            Ok(match edited {
                None => Change::Keep(()),
                Some(edited) => Change::Write(Document::from(edited), ()),
            })
        };
        self.0.change_known(&id.to_string(), &known.0, decide).await
    }

    pub(crate) async fn known(
        &self,
        ids: impl Iterator<Item = LeadId>,
    ) -> Result<KnownLeads, CosmosFailure> {
        let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
        self.0.read_known(ids).await.map(KnownLeads)
    }

    /// Others know its facts as far as this revision.
    pub(crate) async fn told(
        &self,
        id: LeadId,
        revision: Revision,
        known: &KnownLeads,
    ) -> Result<(), ChangeError<Infallible>> {
        self.change_known(id, known, |lead| lead.map(|lead| lead.told(revision))).await
    }

    /// The leads that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<Lead>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<Document>();
        (documents.into_iter().map(|document| document.lead).collect(), rejected)
    }

    /// The same leads, to be changed as the feed brought them.
    pub(crate) fn known_by(feed: &ChangeFeed) -> KnownLeads {
        KnownLeads(Known::of(&feed.documents))
    }

    /// Those of a contact, the oldest first.
    pub(crate) async fn of_contact(
        &self,
        contact: ContactId,
        most: NonZeroU32,
    ) -> Result<Vec<Lead>, CosmosFailure> {
        let text = format!("SELECT TOP {most} * FROM c WHERE c.contactId = @contact");
        let query = Query::from(text).with_parameter("@contact", contact.to_string());
        let mut leads = self.select(query.expect("a string is JSON"), most).await?;
        leads.sort_by_key(|lead| (lead.generated_at, lead.id));
        Ok(leads)
    }

    /// Those that time has changed until this moment, those first that wait longest.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Lead>, CosmosFailure> {
        let text = format!("SELECT TOP {most} * FROM c WHERE c.dueAt <= @now ORDER BY c.dueAt");
        let query = Query::from(text).with_parameter("@now", values::moment::text(now));
        self.select(query.expect("a string is JSON"), most).await
    }

    async fn select(&self, query: Query, most: NonZeroU32) -> Result<Vec<Lead>, CosmosFailure> {
        let found = self.0.query_readable::<Document>(query, most).await?;
        Ok(found.items.into_iter().map(|document| document.lead).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn a_document_is_read_and_written_as_it_always_was() {
        let document = json!({
            "id": "01980c6e-5555-8000-8000-000000000001", "contactId": "01980c6e-1111-7000-8000-000000000001",
            "reason": "abandoned-quote", "quoteId": "01980c6e-3333-7000-8000-000000000001",
            "serviceId": "home-care", "state": "open", "generatedAt": "2026-11-01T08:00:00Z",
            "facts": [{"revision": 1, "at": "2026-11-01T08:00:00Z", "what": "generated"}],
            "revision": 1, "schemaVersion": 1, "dueAt": "2026-12-01T08:00:00.000Z",
        });
        let read: Document = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(json!(Document::from(read.lead)), document);
    }
}
