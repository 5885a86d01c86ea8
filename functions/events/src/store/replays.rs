//! How far replays are: the container `replays`.

use crate::domain::{Cursor, LeftOut, Replay};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;
use values::moment;

/// Replays that stand still and are found at a time.
const FORGOTTEN: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

#[derive(Debug)]
pub(crate) struct Replays(Container);

/// Why a replay does not go on here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdvanced {
    #[error("somebody else goes on with it, or it has ended")]
    Elsewhere,
}

impl Replays {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("replays"))
    }

    pub(crate) async fn add(&self, replay: &Replay) -> Result<(), WriteError> {
        self.0.create(&replay.id, &replay.id, replay).await.map(drop)
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Replay>, CosmosFailure> {
        Ok(self.0.read::<Replay>(id, id).await?.map(|item| item.value))
    }

    /// Moves on from where `before` stands; refused if it stands elsewhere by now.
    pub(crate) async fn advance(
        &self,
        before: &Replay,
        cursor: Cursor,
        (sent, left_out): (u64, Vec<LeftOut>),
        now: Timestamp,
    ) -> Result<Replay, ChangeError<NotAdvanced>> {
        let next = before.advanced(cursor, sent, left_out, now);
        self.write(before, next).await
    }

    /// Ends it; with a reason it did not come to its end.
    pub(crate) async fn end(
        &self,
        before: &Replay,
        why: Option<String>,
        now: Timestamp,
    ) -> Result<Replay, ChangeError<NotAdvanced>> {
        self.write(before, before.ended(why, now)).await
    }

    async fn write(
        &self,
        before: &Replay,
        next: Replay,
    ) -> Result<Replay, ChangeError<NotAdvanced>> {
        let decide = |known: Option<&Replay>| match known {
            // An answer of ours that was lost: times are kept in milliseconds.
            Some(known) if is_same(known, &next) => Ok(Change::Keep(known.clone())),
            Some(known) if known.cursor == before.cursor && known.state == before.state => {
                Ok(Change::Write(next.clone(), next.clone()))
            }
            _ => Err(NotAdvanced::Elsewhere),
        };
        self.0.change(&before.id, &before.id, decide).await
    }

    /// The latest first; `before` is the place of the last one of the page before.
    pub(crate) async fn latest(
        &self,
        before: Option<&str>,
        most: NonZeroU32,
    ) -> Result<Vec<Replay>, CosmosFailure> {
        let paged = before.map_or("", |_| " AND c.id < @before");
        let query = format!("SELECT TOP {most} * FROM c WHERE c.id > ''{paged} ORDER BY c.id DESC");
        let query = Query::from(query);
        let query = before.into_iter().fold(query, |query, before| {
            query.with_parameter("@before", before).expect("a text is JSON")
        });
        self.0.query(query, most).await
    }

    /// Those that are running and were touched by nobody since.
    pub(crate) async fn standing_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<Replay>, CosmosFailure> {
        let query =
            Query::from("SELECT * FROM c WHERE c.state = 'running' AND c.touchedAt < @since");
        let query = query.with_parameter("@since", moment::text(since)).expect("a text is JSON");
        self.0.query(query, FORGOTTEN).await
    }
}

fn is_same(known: &Replay, next: &Replay) -> bool {
    let marks = |replay: &Replay| {
        (replay.cursor.clone(), replay.state, replay.sent, moment::text(replay.touched_at))
    };
    marks(known) == marks(next)
}
