//! Forgetting a person: the profile becomes a tombstone, its addresses become free, and a record without
//! personal data says what was removed and when.

use super::documents::{ProfileDocument, Removed, TOMBSTONE_TTL_S, Tombstone};
use super::profiles::Profiles;
use crate::domain::{Profile, ProfileId};
use azure_data::{Attempt, ChangeError, CosmosFailure, Etag, Item, WriteError, retry_conflicts};
use jiff::Timestamp;
use values::Clock;

impl Profiles {
    /// Erases the profile as it is then, if `check` lets it; again if others changed it meanwhile. If it is erased
    /// already, finishes what was interrupted. `false` if the id was never that of a profile.
    pub(crate) async fn erase<E>(
        &self,
        id: ProfileId,
        clock: &Clock,
        check: impl Fn(&Profile) -> Result<(), E>,
    ) -> Result<bool, ChangeError<E>> {
        retry_conflicts(&format!("erasing the profile {id}"), async || {
            let now = clock.now();
            let Some(current) = self.read(id).await? else {
                return Ok(self.finish_erasure(id, now).await?);
            };
            check(&current.value).map_err(Attempt::Refused)?;
            self.erase_version(&current, now).await?;
            Ok(true)
        })
        .await
    }

    async fn erase_version(
        &self,
        current: &Item<Profile>,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        let profile = &current.value;
        // All that the document lays claim to, also what a change that was interrupted left behind.
        let document = self.document(profile.id).await?;
        let Some(Item { value: ProfileDocument::Active(living), etag }) = document else {
            return Err(WriteError::Conflict);
        };
        if etag != current.etag {
            return Err(WriteError::Conflict);
        }
        let tombstone = Tombstone {
            id: profile.id,
            revision: profile.revision.next(),
            erased_at: now,
            ttl: TOMBSTONE_TTL_S,
            claims: living.claims,
            removed: vec![Removed { what: "profile".into(), count: 1, at: now }],
            completed_at: None,
        };
        let etag = self.bury(&tombstone, &etag).await?;
        Ok(self.finish(tombstone, &etag, now).await?)
    }

    /// Finishes an erasure that was interrupted; `false` if the id was never that of a profile.
    async fn finish_erasure(&self, id: ProfileId, now: Timestamp) -> Result<bool, CosmosFailure> {
        let Some(Item { value: ProfileDocument::Erased(tombstone), etag }) =
            self.document(id).await?
        else {
            return Ok(false);
        };
        if tombstone.completed_at.is_none() {
            self.finish(tombstone, &etag, now).await?;
        }
        Ok(true)
    }

    /// An erased profile never claims again, so its reservations may go whenever we find them.
    async fn finish(
        &self,
        tombstone: Tombstone,
        etag: &Etag,
        now: Timestamp,
    ) -> Result<(), CosmosFailure> {
        let held = self.addresses.held(&tombstone.claims, tombstone.id).await?;
        let count = self.addresses.release(held).await?;
        let mut removed = tombstone.removed.clone();
        removed.push(Removed { what: "address reservations".into(), count, at: now });
        let complete =
            Tombstone { claims: Vec::new(), removed, completed_at: Some(now), ..tombstone };
        match self.bury(&complete, etag).await {
            Ok(_) | Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }

    async fn bury(&self, tombstone: &Tombstone, etag: &Etag) -> Result<Etag, WriteError> {
        let id = tombstone.id.to_string();
        let document = ProfileDocument::Erased(tombstone.clone());
        self.container.replace(&id, &id, &document, etag).await
    }
}
