//! Forgetting a person: the profile becomes a tombstone, its addresses become free, and a record without
//! personal data says what was removed and when.

use super::documents::{ProfileDocument, Removed, TOMBSTONE_TTL_S, Tombstone};
use super::profiles::Profiles;
use crate::domain::{Profile, ProfileId};
use iommi_app::Etag;
use iommi_app::{CosmosFailure, Kept, Refusal};
use jiff::Timestamp;

impl Profiles {
    /// Erases the profile that was read as `current`.
    pub(crate) async fn erase(
        &self,
        current: &Kept<Profile>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let profile = &current.value;
        // All that the document lays claim to, also what a change that was interrupted left behind.
        let document = self.document(profile.id).await?;
        let Some(Kept { value: ProfileDocument::Active(living), etag }) = document else {
            return Err(Refusal::Changed);
        };
        if etag != current.etag {
            return Err(Refusal::Changed);
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
    pub(crate) async fn finish_erasure(
        &self,
        id: ProfileId,
        now: Timestamp,
    ) -> Result<bool, CosmosFailure> {
        let Some(Kept { value: ProfileDocument::Erased(tombstone), etag }) =
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
            Ok(_) | Err(Refusal::Changed) => Ok(()),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }

    async fn bury(&self, tombstone: &Tombstone, etag: &Etag) -> Result<Etag, Refusal> {
        let id = tombstone.id.to_string();
        let document = ProfileDocument::Erased(tombstone.clone());
        self.container.replace(&id, &id, &document, etag).await
    }
}
