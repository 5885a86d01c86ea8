//! Invoices and credit notes: the container `invoices`. Each is written once.

use super::documents::IssuedDocument;
use crate::domain::{Issued, ProfileId};
use azure_data::{Container, Cosmos, CosmosFailure, Query, WriteError};
use invoice::Number;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Invoices(Container);

impl Invoices {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("invoices"))
    }

    pub(crate) async fn read(&self, number: &Number) -> Result<Option<Issued>, CosmosFailure> {
        let id = number.to_string();
        let found = self.0.read::<IssuedDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores one. The one that is there under its number, if there is one: it is the invoice, and never another.
    pub(crate) async fn keep(&self, issued: &Issued) -> Result<Issued, WriteError> {
        let id = issued.number().to_string();
        match self.0.create(&id, &id, &IssuedDocument::from(issued)).await {
            Ok(_) => Ok(issued.clone()),
            Err(error) => match self.read(issued.number()).await {
                Ok(Some(there)) => Ok(there),
                // A refused write without what refused it: an old read.
                Ok(None) => Err(error),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// Those of a profile, the newest numbers first: at most `count` after the one given.
    pub(crate) async fn of_profile(
        &self,
        profile: ProfileId,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Issued>, CosmosFailure> {
        let older = if after.is_some() { "AND c.id < @after " } else { "" };
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.profileId = @profile {older}ORDER BY c.id DESC"
        );
        let query = Query::from(text).with_parameter("@profile", profile);
        let query = query.and_then(|query| match after {
            Some(after) => query.with_parameter("@after", after),
            None => Ok(query),
        });
        let query = query.expect("a string is JSON");
        let found = self.0.query::<IssuedDocument>(query, count).await?;
        Ok(found.into_iter().map(Issued::from).collect())
    }
}
