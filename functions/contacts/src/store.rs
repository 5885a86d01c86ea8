//! How contacts are kept: the container `contacts`, a document for each.

use crate::domain::{Contact, ContactId, ContactState, Heard, TooManyProducts};
use crate::figures;
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Known, Query};
use custom_handler::{ChangeFeed, Rejected};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::Revision;

/// The shape of what is stored; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
/// How long it is remembered that somebody is gone, in seconds (90 days, as long as `profiles` does): what was told of them
/// before may come again.
const GONE_TTL_S: u32 = 90 * 24 * 3_600;

#[derive(Debug)]
pub(crate) struct Contacts(Container);

/// Contacts that were looked at all at once; they may be others by now.
#[derive(Debug, Default)]
pub(crate) struct KnownContacts(Known<Document>);

/// How each of several facts about a contact ended.
type Ended = Vec<Result<(), TooManyProducts>>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    contact: Contact,
    schema_version: u32,
    /// When a round has to look at it.
    #[serde(default, with = "values::moment::optional", skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

impl From<Contact> for Document {
    fn from(contact: Contact) -> Self {
        let ttl = (contact.state == ContactState::Gone).then_some(GONE_TTL_S);
        Self { due_at: contact.due_at(), ttl, schema_version: SCHEMA_VERSION, contact }
    }
}

impl Contacts {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("contacts").saying_writers())
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(&self, id: ContactId) -> Result<Option<Contact>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<Document>(&id, &id).await?;
        Ok(found.map(|item| item.value.contact))
    }

    /// Applies `edit` to the contact as it is when it is stored; to one of whom nothing was heard, if there is none.
    pub(crate) async fn change<E>(
        &self,
        id: ContactId,
        edit: impl Fn(Contact) -> Result<Contact, E>,
    ) -> Result<Contact, ChangeError<E>> {
        let decide = |there: Option<&Document>| {
            let current =
                there.map_or_else(|| Contact::expected(id), |there| there.contact.clone());
            let edited = edit(current.clone())?;
            let news = figures::news(&current, &edited);
            Ok(match edited == current {
                true => Change::Keep((edited, news)),
                false => Change::Write(Document::from(edited.clone()), (edited, news)),
            })
        };
        let id = id.to_string();
        let (contact, news) = self.0.change(&id, &id, decide).await?;
        figures::stored(news);
        Ok(contact)
    }

    pub(crate) async fn known(
        &self,
        ids: impl Iterator<Item = ContactId>,
    ) -> Result<KnownContacts, CosmosFailure> {
        let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
        self.0.read_known(ids).await.map(KnownContacts)
    }

    /// The contact hears all of that, one after the other, in one write: how each ended.
    ///
    /// What is known may be old. That something was heard before is so for ever; what is refused is not, so it is refused only
    /// in a contact that is written, or that was read for it.
    pub(crate) async fn hear(
        &self,
        id: ContactId,
        heard: &[&Heard],
        known: &KnownContacts,
    ) -> Result<Ended, ChangeError<Infallible>> {
        let decide = |there: Option<&Document>| {
            let current =
                there.map_or_else(|| Contact::expected(id), |there| there.contact.clone());
            let (edited, ended) = current.clone().hears_all(heard);
            let news = figures::news(&current, &edited);
            match (edited == current, ended.iter().any(Result::is_err)) {
                (false, _) => Ok(Change::Write(Document::from(edited), (ended, news))),
                (true, false) => Ok(Change::Keep((ended, news))),
                (true, true) => Err(ended),
            }
        };
        match self.0.change_known(&id.to_string(), &known.0, decide).await {
            Ok((ended, news)) => {
                figures::stored(news);
                Ok(ended)
            }
            Err(ChangeError::Refused(ended)) => Ok(ended),
            Err(ChangeError::Exhausted(exhausted)) => Err(exhausted.into()),
            Err(ChangeError::Failed(failure)) => Err(failure.into()),
        }
    }

    /// Others know its facts as far as this revision.
    pub(crate) async fn told(
        &self,
        id: ContactId,
        revision: Revision,
        known: &KnownContacts,
    ) -> Result<(), ChangeError<Infallible>> {
        let decide = |there: Option<&Document>| {
            let Some(there) = there else { return Ok(Change::Keep(())) };
            let told = there.contact.clone().told(revision);
            Ok(match told == there.contact {
                true => Change::Keep(()),
                false => Change::Write(Document::from(told), ()),
            })
        };
        self.0.change_known(&id.to_string(), &known.0, decide).await
    }

    /// The contacts that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<Contact>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<Document>();
        (documents.into_iter().map(|document| document.contact).collect(), rejected)
    }

    /// The same contacts, to be changed as the feed brought them.
    pub(crate) fn known_by(feed: &ChangeFeed) -> KnownContacts {
        KnownContacts(Known::of(&feed.documents))
    }

    /// Those that time has changed until this moment, those first that wait longest.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Contact>, CosmosFailure> {
        let text = format!("SELECT TOP {most} * FROM c WHERE c.dueAt <= @now ORDER BY c.dueAt");
        let query = Query::from(text).with_parameter("@now", values::moment::text(now));
        let query = query.expect("a string is JSON");
        let found = self.0.query_readable::<Document>(query, most).await?;
        Ok(found.items.into_iter().map(|document| document.contact).collect())
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
            "id": "01980c6e-1111-7000-8000-000000000001", "state": "active", "accountRevision": 1,
            "products": [{
                "saleId": "01980c6e-4444-8000-8000-000000000001", "serviceId": "home-care",
                "soldAt": "2026-11-01T08:00:00Z", "endsAt": "2027-11-01T08:00:00Z", "expired": false,
            }],
            "quotes": [{
                "id": "01980c6e-3333-7000-8000-000000000001", "serviceId": "day-care",
                "askedAt": "2026-11-02T08:00:00Z", "state": "open",
            }],
            "facts": [
                {"revision": 1, "at": "2026-11-01T08:00:00Z", "what": "activated"},
                {"revision": 2, "at": "2026-11-01T08:00:00Z", "what": "purchased",
                 "saleId": "01980c6e-4444-8000-8000-000000000001", "serviceId": "home-care",
                 "endsAt": "2027-11-01T08:00:00Z"},
            ],
            "revision": 3, "schemaVersion": 1, "dueAt": "2026-11-05T08:00:00.000Z",
        });
        let read: Document = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(json!(Document::from(read.contact)), document);
    }

    #[test]
    fn whoever_is_gone_is_forgotten_after_a_time() {
        let id = ContactId::from(uuid::Uuid::from_u128(1));
        let gone = Contact::expected(id).closed(Revision::FIRST, Timestamp::UNIX_EPOCH);
        let document = json!(Document::from(gone));
        assert_eq!((&document["ttl"], &document["dueAt"]), (&json!(GONE_TTL_S), &json!(null)));
    }
}
