//! What is being sent again (container `legacy-resends`).

use super::with_text;
use crate::domain::Resend;
use azure_data::{Container, Cosmos, CosmosFailure, Etag, Item, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;
use values::moment;

#[derive(Debug)]
pub(crate) struct Resends {
    container: Container,
}

impl Resends {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self { container: cosmos.container("legacy-resends") }
    }

    pub(crate) async fn create(&self, resend: &Resend) -> Result<(), WriteError> {
        self.container.create(&resend.id, &resend.id, resend).await.map(drop)
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Item<Resend>>, CosmosFailure> {
        self.container.read(id, id).await
    }

    pub(crate) async fn replace(&self, resend: &Resend, etag: &Etag) -> Result<(), WriteError> {
        self.container.replace(&resend.id, &resend.id, resend, etag).await.map(drop)
    }

    /// Those that run and have not moved since `before`.
    pub(crate) async fn stuck(
        &self,
        before: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Resend>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.state = 'running' AND c.updatedAt < @before"
        );
        self.container
            .query(with_text(Query::from(text), "@before", &moment::text(before)), most)
            .await
    }
}
