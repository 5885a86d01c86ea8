//! Where each profile stands (container `legacy-sync`).

use super::with_text;
use crate::domain::{ProfileId, Standing, Sync};
use azure_data::{
    Attempt, ChangeError, Container, Cosmos, CosmosFailure, Item, Query, Remembered,
    retry_conflicts,
};
use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};
use std::{convert::Infallible, num::NonZeroU32};
use values::moment;

/// Profiles that are remembered; at most twice as many.
const REMEMBERED: usize = 10_000;

/// Why something was not stored.
pub(crate) type NotStored = ChangeError<Infallible>;

/// Of which profiles something is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    All,
    /// Only those of which no message is unanswered.
    Answered,
}

#[derive(Debug)]
pub(crate) struct Syncs {
    container: Container,
    /// `None` for a profile that had no document when we looked.
    remembered: Remembered<ProfileId, Option<Item<Sync>>>,
}

#[derive(Deserialize)]
struct Id {
    id: ProfileId,
}

impl Syncs {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self { container: cosmos.container("legacy-sync"), remembered: Remembered::new(REMEMBERED) }
    }

    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.container.read::<IgnoredAny>("ping", "ping").await.map(drop)
    }

    /// As it was when we last heard of it, which may be a moment ago; good enough to see that something was sent.
    pub(crate) async fn recent(&self, id: ProfileId) -> Result<Option<Sync>, CosmosFailure> {
        let kept = match self.remembered.get(id) {
            Some(kept) => kept,
            None => self.fetch(id).await?,
        };
        Ok(kept.map(|kept| kept.value))
    }

    /// Supposes that there is no document of a profile that we know nothing of, which saves a read. If there is one,
    /// creating it is refused, and what is there is read after all.
    pub(crate) fn presume_new(&self, id: ProfileId) {
        if self.remembered.get(id).is_none() {
            self.remembered.put(id, None);
        }
    }

    /// As it is now.
    pub(crate) async fn read(&self, id: ProfileId) -> Result<Option<Sync>, CosmosFailure> {
        Ok(self.fetch(id).await?.map(|kept| kept.value))
    }

    async fn fetch(&self, id: ProfileId) -> Result<Option<Item<Sync>>, CosmosFailure> {
        let text = id.to_string();
        let kept = self.container.read::<Sync>(&text, &text).await?;
        self.remembered.put(id, kept.clone());
        Ok(kept)
    }

    /// Stores what `change` makes of it and answers with that and what else `change` found. It may be called more than
    /// once, until nobody else writes at the same moment.
    ///
    /// # Errors
    /// Others kept writing, or Cosmos DB did not do it; then nothing is known.
    pub(crate) async fn change<R>(
        &self,
        id: ProfileId,
        change: impl Fn(Sync) -> (Sync, R),
    ) -> Result<(Sync, R), NotStored> {
        let what = format!("changing {id} in legacy-sync");
        retry_conflicts(&what, || self.attempt(id, &change)).await
    }

    async fn attempt<R>(
        &self,
        id: ProfileId,
        change: &impl Fn(Sync) -> (Sync, R),
    ) -> Result<(Sync, R), Attempt<Infallible>> {
        let text = id.to_string();
        let before = match self.remembered.get(id) {
            Some(kept) => kept,
            None => self.fetch(id).await?,
        };
        let (next, found) =
            change(before.as_ref().map_or_else(|| Sync::new(id), |kept| kept.value.clone()));
        let written = match &before {
            // Nothing new, but only what is there now can say so.
            Some(kept) if kept.value == next => match self.fetch(id).await? {
                Some(now) if now.value == next => return Ok((next, found)),
                _ => return Err(Attempt::Conflict),
            },
            Some(kept) => self.container.replace(&text, &text, &next, &kept.etag).await,
            None => self.container.create(&text, &text, &next).await,
        };
        match written {
            Ok(etag) => {
                self.remembered.put(id, Some(Item { value: next.clone(), etag }));
                Ok((next, found))
            }
            Err(error) => {
                self.remembered.forget(id);
                Err(error.into())
            }
        }
    }

    /// Profiles of which something is to be sent by now, the longest first.
    pub(crate) async fn due(
        &self,
        which: Due,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Sync>, CosmosFailure> {
        let only = match which {
            Due::All => "",
            Due::Answered => "AND c.sent.answered = true ",
        };
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.standing = 'waiting' AND c.dueAt <= @now {only}ORDER BY c.dueAt"
        );
        self.container.query(with_text(Query::from(text), "@now", &moment::text(now)), most).await
    }

    /// The profile that has waited longest for an answer.
    pub(crate) async fn oldest_waiting(&self) -> Result<Option<Sync>, CosmosFailure> {
        let text = "SELECT TOP 1 * FROM c WHERE c.standing = 'waiting' ORDER BY c.waitingSince";
        let found: Vec<Sync> = self.container.query(Query::from(text), NonZeroU32::MIN).await?;
        Ok(found.into_iter().next())
    }

    /// How many stand so, counted up to `most`.
    pub(crate) async fn count(
        &self,
        standing: Standing,
        most: NonZeroU32,
    ) -> Result<usize, CosmosFailure> {
        let standing = match standing {
            Standing::Waiting => "waiting",
            Standing::Applied => "applied",
            Standing::Refused => "refused",
        };
        let query =
            Query::from(format!("SELECT TOP {most} VALUE 1 FROM c WHERE c.standing = @standing"));
        let found: Vec<u8> =
            self.container.query(with_text(query, "@standing", standing), most).await?;
        Ok(found.len())
    }

    /// Profiles that were sent or answered in a time, by id.
    pub(crate) async fn active_between(
        &self,
        (from, to): (Timestamp, Timestamp),
        after: Option<ProfileId>,
        most: NonZeroU32,
    ) -> Result<Vec<ProfileId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} c.id FROM c WHERE c.id > @after AND ((c.sent.at >= @from AND c.sent.at < @to) OR \
             (c.answer.at >= @from AND c.answer.at < @to)) ORDER BY c.id"
        );
        let query = with_text(Query::from(text), "@from", &moment::text(from));
        self.ids(with_text(query, "@to", &moment::text(to)), after, most).await
    }

    /// Profiles whose erasure was sent, by id.
    pub(crate) async fn erased(
        &self,
        after: Option<ProfileId>,
        most: NonZeroU32,
    ) -> Result<Vec<ProfileId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} c.id FROM c WHERE c.id > @after AND IS_STRING(c.erasedAt) ORDER BY c.id"
        );
        self.ids(Query::from(text), after, most).await
    }

    async fn ids(
        &self,
        query: Query,
        after: Option<ProfileId>,
        most: NonZeroU32,
    ) -> Result<Vec<ProfileId>, CosmosFailure> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let found: Vec<Id> = self.container.query(with_text(query, "@after", &after), most).await?;
        Ok(found.into_iter().map(|found| found.id).collect())
    }
}
