//! Sales: the container `sales`. A sale does not change, but for whether others know of it.

use super::SCHEMA_VERSION;
use crate::domain::{Sale, SaleId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Known};
use custom_handler::{ChangeFeed, Rejected};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

#[derive(Debug)]
pub(crate) struct Sales(Container);

/// Sales as a change feed brought them.
#[derive(Debug)]
pub(crate) struct KnownSales(Known<Document>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    sale: Sale,
    schema_version: u32,
}

impl From<Sale> for Document {
    fn from(sale: Sale) -> Self {
        Self { sale, schema_version: SCHEMA_VERSION }
    }
}

impl Sales {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("sales").saying_writers())
    }

    pub(crate) async fn read(&self, id: SaleId) -> Result<Option<Sale>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<Document>(&id, &id).await?;
        Ok(found.map(|item| item.value.sale))
    }

    /// Stores it, unless it is there already: that one is the sale then.
    pub(crate) async fn confirm(&self, sale: Sale) -> Result<Sale, ChangeError<Infallible>> {
        let id = sale.id.to_string();
        self.0
            .change(&id, &id, |there: Option<&Document>| {
                Ok(match there {
                    Some(there) => Change::Keep(there.sale.clone()),
                    None => Change::Write(Document::from(sale.clone()), sale.clone()),
                })
            })
            .await
    }

    /// Others know of it.
    pub(crate) async fn told(
        &self,
        id: SaleId,
        known: &KnownSales,
    ) -> Result<(), ChangeError<Infallible>> {
        let decide = |there: Option<&Document>| {
            Ok(match there.filter(|there| !there.sale.told) {
                None => Change::Keep(()),
                Some(there) => Change::Write(Document::from(there.sale.clone().told()), ()),
            })
        };
        self.0.change_known(&id.to_string(), &known.0, decide).await
    }

    /// The sales that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<Sale>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<Document>();
        (documents.into_iter().map(|document| document.sale).collect(), rejected)
    }

    /// The same sales, to be changed as the feed brought them.
    pub(crate) fn known_by(feed: &ChangeFeed) -> KnownSales {
        KnownSales(Known::of(&feed.documents))
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
            "id": "01980c6e-4444-8000-8000-000000000001", "fileId": "01980c6e-6666-8000-8000-000000000001",
            "row": 2, "leadId": "01980c6e-5555-8000-8000-000000000001",
            "contactId": "01980c6e-1111-7000-8000-000000000001", "serviceId": "home-care",
            "soldAt": "2026-11-01T08:00:00Z", "endsAt": "2027-11-01T08:00:00Z", "told": true,
            "schemaVersion": 1,
        });
        let read: Document = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(json!(Document::from(read.sale)), document);
    }
}
