//! The lease container. Every write is conditional: whoever comes second has lost the lease.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::lease::Lease;
use crate::triggers::wire::{Container, WireError};

/// The leases of one function in their container.
#[derive(Clone, Debug)]
pub(super) struct LeaseStore {
    container: Container,
    /// Path of the lease container's partition key.
    partition_key: String,
    /// What stands before the range in each id.
    prefix: String,
}

/// What came of a conditional write.
pub(super) enum Written {
    /// The lease as it is now.
    Yes(Lease),
    /// Somebody else has written it in between.
    Lost,
}

impl LeaseStore {
    pub(super) fn new(container: Container, partition_key: String, prefix: String) -> Self {
        Self { container, partition_key, prefix }
    }

    /// The lease of a range, created when there is none: nobody's, and read up to `continuation`.
    pub(super) async fn get_or_create(
        &self,
        range: &str,
        continuation: Option<&str>,
        now: Timestamp,
    ) -> Result<Lease, WireError> {
        let id = format!("{}{range}", self.prefix);
        if let Some(found) = self.read(&id).await? {
            return Ok(found);
        }
        let lease = Lease::fresh(&id, range, continuation, now);
        match self.container.create(&self.partition_of(lease.document()), lease.document()).await {
            Ok(created) => Ok(Lease::from_document(created)),
            Err(error) if error.has_status(409) => {
                let found = self.read(&id).await?;
                found.ok_or_else(|| {
                    WireError::unreadable("creating a lease", "it is there and cannot be read")
                })
            }
            Err(error) => Err(error),
        }
    }

    async fn read(&self, id: &str) -> Result<Option<Lease>, WireError> {
        let found = self.container.read(&self.partition_of(&json!({ "id": id })), id).await?;
        Ok(found.map(Lease::from_document))
    }

    /// Replaces `old` by `new`, unless somebody else has written it since `old` was read.
    pub(super) async fn replace(&self, old: &Lease, new: &Lease) -> Result<Written, WireError> {
        let partition = self.partition_of(new.document());
        match self.container.replace(&partition, new.id(), new.document(), old.etag()).await {
            Ok(written) => Ok(Written::Yes(Lease::from_document(written))),
            Err(error) if error.has_status(412) || error.has_status(404) => Ok(Written::Lost),
            Err(error) => Err(error),
        }
    }

    /// Deletes the lease of a range that exists no more.
    pub(super) async fn delete(&self, lease: &Lease) -> Result<(), WireError> {
        match self.container.delete(&self.partition_of(lease.document()), lease.id()).await {
            Err(error) if error.has_status(404) => Ok(()),
            deleted => deleted,
        }
    }

    fn partition_of(&self, document: &Value) -> String {
        match document.pointer(&self.partition_key) {
            Some(value) => json!([value]).to_string(),
            None => "[{}]".to_owned(),
        }
    }
}
