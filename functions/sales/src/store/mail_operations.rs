//! What we know of mails that are handed to the mail service: the container `mail-operations`, whose documents go after
//! 90 days. Nobody's address is in it.

use super::documents::MailOperationDocument;
use crate::domain::{MailOperation, OrderId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, WriteError};
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct MailOperations(Container);

impl MailOperations {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("mail-operations"))
    }

    pub(crate) async fn read(&self, id: Uuid) -> Result<Option<MailOperation>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<MailOperationDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores a new one. `false`: it was there already.
    pub(crate) async fn begin(&self, operation: &MailOperation) -> Result<bool, WriteError> {
        let id = operation.id.to_string();
        match self.0.create(&id, &id, &MailOperationDocument::from(operation)).await {
            Ok(_) => Ok(true),
            Err(WriteError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Applies `edit` to it as it is when it is stored. `None`: it is gone.
    pub(crate) async fn change<E>(
        &self,
        id: Uuid,
        edit: impl Fn(MailOperation) -> Result<MailOperation, E>,
    ) -> Result<Option<MailOperation>, ChangeError<E>> {
        let decide = |now: Option<&MailOperationDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let edited = edit(now.clone().into())?;
            Ok(Change::Write(MailOperationDocument::from(&edited), Some(edited)))
        };
        let id = id.to_string();
        self.0.change(&id, &id, decide).await
    }

    /// Whose mail it is.
    pub(crate) async fn order_of(&self, id: Uuid) -> Result<Option<OrderId>, CosmosFailure> {
        Ok(self.read(id).await?.map(|operation| operation.order))
    }
}
