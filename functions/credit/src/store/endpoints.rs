//! Where partners hear of what happens: the container `endpoints`, one document for each partner.

use super::documents::EndpointsDocument;
use crate::domain::{Endpoints, PartnerId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};

#[derive(Debug)]
pub(crate) struct EndpointStore(Container);

impl EndpointStore {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("endpoints"))
    }

    pub(crate) async fn of(&self, partner: &PartnerId) -> Result<Endpoints, CosmosFailure> {
        let found = self.0.read::<EndpointsDocument>(partner.as_str(), partner.as_str()).await?;
        Ok(found.map_or_else(|| Endpoints::none(partner.clone()), |item| item.value.into()))
    }

    /// Applies `edit` to the partner's endpoints as they are when they are stored.
    pub(crate) async fn change<E>(
        &self,
        partner: &PartnerId,
        edit: impl Fn(Endpoints) -> Result<Endpoints, E>,
    ) -> Result<Endpoints, ChangeError<E>> {
        let decide = |now: Option<&EndpointsDocument>| {
            let current = now.cloned().map(Endpoints::from);
            let current = current.unwrap_or_else(|| Endpoints::none(partner.clone()));
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(current)
            } else {
                Change::Write(EndpointsDocument::from(&edited), edited)
            })
        };
        self.0.change(partner.as_str(), partner.as_str(), decide).await
    }
}
