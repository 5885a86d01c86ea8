//! Whose a payment reference is: the container `references`. A reference is its account's before that can owe anything,
//! and no other's.

use crate::domain::{AccountId, CreditorReference};
use azure_data::{Container, Cosmos, CosmosFailure, WriteError};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReferenceDocument {
    id: String,
    account_id: AccountId,
}

#[derive(Debug)]
pub(crate) struct References(Container);

impl References {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("references"))
    }

    pub(crate) async fn find(
        &self,
        reference: &CreditorReference,
    ) -> Result<Option<AccountId>, CosmosFailure> {
        let id = reference.as_str();
        let found = self.0.read::<ReferenceDocument>(id, id).await?;
        Ok(found.map(|item| item.value.account_id))
    }

    /// Reserves the account's reference; whose it is, if that was said before.
    pub(crate) async fn claim(&self, account_id: AccountId) -> Result<AccountId, WriteError> {
        let reference = CreditorReference::of(account_id);
        let document = ReferenceDocument { id: reference.as_str().to_owned(), account_id };
        match self.0.create(&document.id, &document.id, &document).await {
            Ok(_) => Ok(account_id),
            Err(error) => self.find(&reference).await?.ok_or(error),
        }
    }
}
