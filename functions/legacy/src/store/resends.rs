//! What is being sent again (container `legacy-resends`).

use super::NotStored;
use super::with_text;
use crate::domain::Resend;
use azure_data::{Change, Container, Cosmos, CosmosFailure, Query, WriteError};
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

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Resend>, CosmosFailure> {
        Ok(self.container.read(id, id).await?.map(|kept| kept.value))
    }

    /// Stores what `next` makes of it, and answers with that; nothing is stored if it makes nothing of it.
    pub(crate) async fn change(
        &self,
        id: &str,
        next: impl Fn(&Resend) -> Option<Resend>,
    ) -> Result<Option<Resend>, NotStored> {
        let decide = |kept: Option<&Resend>| {
            Ok(match kept.and_then(&next) {
                Some(next) => Change::Write(next.clone(), Some(next)),
                None => Change::Keep(None),
            })
        };
        self.container.change(id, id, decide).await
    }

    /// Those that run and whose step counts as lost.
    pub(crate) async fn stuck(
        &self,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Resend>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.state = 'running' AND \
             (NOT IS_STRING(c.dueAt) OR c.dueAt <= @now) ORDER BY c.updatedAt"
        );
        self.container.query(with_text(Query::from(text), "@now", &moment::text(now)), most).await
    }
}
