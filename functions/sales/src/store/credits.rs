//! What is credited of each invoice: the container `invoice-credits`.

use crate::domain::Credits;
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use invoice::Number;
use serde::{Deserialize, Serialize};

#[derive(Debug)]
pub(crate) struct InvoiceCredits(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreditsDocument {
    id: Number,
    schema_version: u32,
    notes: Credits,
}

impl InvoiceCredits {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("invoice-credits"))
    }

    /// Nothing is credited of an invoice of which there is no document.
    pub(crate) async fn read(&self, invoice: &Number) -> Result<Credits, CosmosFailure> {
        let id = invoice.to_string();
        let found = self.0.read::<CreditsDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.notes).unwrap_or_default())
    }

    /// Applies `edit` to what is credited as it is when it is stored, and returns what became of it.
    pub(crate) async fn change<E>(
        &self,
        invoice: &Number,
        edit: impl Fn(Credits) -> Result<Credits, E>,
    ) -> Result<Credits, ChangeError<E>> {
        let decide = |now: Option<&CreditsDocument>| {
            let current = now.map(|document| document.notes.clone()).unwrap_or_default();
            let edited = edit(current.clone())?;
            if edited == current {
                return Ok(Change::Keep(edited));
            }
            let (id, notes) = (invoice.clone(), edited.clone());
            let document =
                CreditsDocument { id, schema_version: super::documents::SCHEMA_VERSION, notes };
            Ok(Change::Write(document, edited))
        };
        let id = invoice.to_string();
        self.0.change(&id, &id, decide).await
    }
}
