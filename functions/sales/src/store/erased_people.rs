//! Who is erased: the container `erased-people`. An id, and since when; nothing else is left to say.

use crate::domain::ProfileId;
use azure_data::{Container, Cosmos, CosmosFailure, WriteError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::moment;

#[derive(Debug)]
pub(crate) struct ErasedPeople(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErasedDocument {
    id: ProfileId,
    schema_version: u32,
    #[serde(with = "moment")]
    erased_at: Timestamp,
}

impl ErasedPeople {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("erased-people"))
    }

    pub(crate) async fn has(&self, person: ProfileId) -> Result<bool, CosmosFailure> {
        let id = person.to_string();
        Ok(self.0.read::<ErasedDocument>(&id, &id).await?.is_some())
    }

    /// Whoever was added stays.
    pub(crate) async fn add(&self, person: ProfileId, at: Timestamp) -> Result<(), CosmosFailure> {
        let id = person.to_string();
        let document = ErasedDocument { id: person, schema_version: 1, erased_at: at };
        match self.0.create(&id, &id, &document).await {
            Ok(_) | Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }
}
