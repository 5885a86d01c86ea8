//! Forgetting a person: the profile becomes a tombstone, its addresses become free, and a record without
//! personal data says what was removed and when.

use super::collection::{Collection, retry};
use super::documents::{ProfileDocument, Removed, TOMBSTONE_TTL_S, Tombstone};
use super::fences::fence_of;
use super::profiles::Profiles;
use crate::domain::{Profile, ProfileId};
use azure_data::{Attempt, ChangeError, Etag, Item, READS_MAY_BE_OLD_FOR, WriteError};
use jiff::Timestamp;
use std::convert::Infallible;
use values::Clock;

impl<C: Collection> Profiles<C> {
    /// Erases the profile as it is then, if `check` lets it; again if others changed it meanwhile. If it is erased
    /// already, finishes what was interrupted. `false` if the id was never that of a profile.
    pub(crate) async fn erase<E>(
        &self,
        id: ProfileId,
        clock: &Clock,
        check: impl Fn(&Profile) -> Result<(), E>,
    ) -> Result<bool, ChangeError<E>> {
        retry(&self.container, &format!("erasing the profile {id}"), async || {
            let now = clock.now();
            let Some(current) = self.read(id).await? else {
                return Ok(self.try_finish_erasure(id, now).await?);
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
        self.finish(tombstone, &etag, now).await
    }

    /// Finishes an erasure that was interrupted; `false` if the id was never that of a profile.
    pub(crate) async fn finish_erasure(
        &self,
        id: ProfileId,
        clock: &Clock,
    ) -> Result<bool, ChangeError<Infallible>> {
        let what = format!("finishing the erasure of {id}");
        retry(&self.container, &what, async || Ok(self.try_finish_erasure(id, clock.now()).await?))
            .await
    }

    async fn try_finish_erasure(&self, id: ProfileId, now: Timestamp) -> Result<bool, WriteError> {
        match self.document(id).await? {
            Some(Item { value: ProfileDocument::Erased(tombstone), etag }) => {
                if tombstone.completed_at.is_none() {
                    self.finish(tombstone, &etag, now).await?;
                }
                Ok(true)
            }
            // What is as young as this may only be missing in the copy that was read: a write shows it.
            None if id.is_younger_than(READS_MAY_BE_OLD_FOR, now) => {
                self.container.create(&id.to_string(), &fence_of(id)).await?;
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    /// An erased profile never claims again, so its reservations may go whenever we find them. A conflict is no end:
    /// somebody else finishes it too, or did.
    async fn finish(
        &self,
        tombstone: Tombstone,
        etag: &Etag,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        self.addresses.free(&tombstone.claims, tombstone.id).await?;
        let count = tombstone.claims.len();
        let mut removed = tombstone.removed.clone();
        removed.push(Removed { what: "address reservations".into(), count, at: now });
        let complete =
            Tombstone { claims: Vec::new(), removed, completed_at: Some(now), ..tombstone };
        self.bury(&complete, etag).await.map(drop)
    }

    async fn bury(&self, tombstone: &Tombstone, etag: &Etag) -> Result<Etag, WriteError> {
        let id = tombstone.id.to_string();
        let document = ProfileDocument::Erased(tombstone.clone());
        self.container.replace(&id, &document, etag).await
    }
}
