//! Who was erased: the container `erasures`. A hash of the subject, never the subject.

use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::moment;

/// When all is looked through once more: whatever was being written when somebody was erased is written by then, and every
/// read is new enough.
const ONCE_MORE_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// Erasures of the last 60 days that are read at a time, and how often.
const PAGE: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
const MAX_PAGES: usize = 1_000;

#[derive(Debug)]
pub(crate) struct Erasures(Container);

/// An erasure. It is also what clients see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Erasure {
    /// A hash of the subject.
    pub(crate) id: String,
    pub(crate) requested_by: String,
    #[serde(with = "moment")]
    pub(crate) requested_at: Timestamp,
    /// How many events were taken out of the lake.
    pub(crate) events: u64,
    /// When the lake is looked through once more; null when that is done.
    pub(crate) again_at: Option<String>,
    pub(crate) done: bool,
}

#[derive(Deserialize)]
struct OnlyId {
    id: String,
}

impl Erasures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("erasures"))
    }

    /// Notes that somebody is erased: from now on nothing about them gets into the lake. Again it begins anew.
    pub(crate) async fn begin(
        &self,
        id: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Erasure, ChangeError<Infallible>> {
        self.0
            .change(id, id, |known: Option<&Erasure>| {
                let erasure = Erasure {
                    id: id.to_owned(),
                    requested_by: by.to_owned(),
                    requested_at: now,
                    events: known.map_or(0, |known| known.events),
                    again_at: Some(moment::text(now)),
                    done: false,
                };
                Ok(match known {
                    Some(running) if !running.done => Change::Keep(running.clone()),
                    _ => Change::Write(erasure.clone(), erasure),
                })
            })
            .await
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Erasure>, CosmosFailure> {
        Ok(self.0.read::<Erasure>(id, id).await?.map(|item| item.value))
    }

    /// Notes that the lake was looked through, and what was taken out of it. The first time it is done again later, the second
    /// time it is done.
    pub(crate) async fn looked_through(
        &self,
        id: &str,
        taken: u64,
        now: Timestamp,
    ) -> Result<(), ChangeError<Infallible>> {
        let decide = |known: Option<&Erasure>| {
            let Some(known) = known else { return Ok(Change::Keep(())) };
            let mut next = known.clone();
            next.events += taken;
            let is_late_enough = now >= known.requested_at + ONCE_MORE_AFTER;
            next.done = is_late_enough;
            let again = known.requested_at + ONCE_MORE_AFTER;
            next.again_at = (!is_late_enough).then(|| moment::text(again));
            Ok(if next == *known { Change::Keep(()) } else { Change::Write(next, ()) })
        };
        self.0.change(id, id, decide).await
    }

    /// Those for whom the lake is to be looked through.
    pub(crate) async fn due(&self, now: Timestamp) -> Result<Vec<String>, CosmosFailure> {
        let query = Query::from("SELECT c.id FROM c WHERE c.againAt <= @now");
        let query = query.with_parameter("@now", moment::text(now)).expect("a text is JSON");
        let due: Vec<OnlyId> = self.0.query(query, PAGE).await?;
        Ok(due.into_iter().map(|one| one.id).collect())
    }

    /// All who were erased in the last 60 days: longer than a capture file or a hub can bring anything about them.
    pub(crate) async fn all(&self) -> Result<HashSet<String>, CosmosFailure> {
        let mut all = HashSet::new();
        let mut after = String::new();
        for _ in 0..MAX_PAGES {
            let query =
                Query::from("SELECT TOP 1000 c.id FROM c WHERE c.id > @after ORDER BY c.id");
            let query = query.with_parameter("@after", &after).expect("a text is JSON");
            let page: Vec<OnlyId> = self.0.query(query, PAGE).await?;
            let is_last = page.len() < PAGE.get() as usize;
            if let Some(last) = page.last() {
                after.clone_from(&last.id);
            }
            all.extend(page.into_iter().map(|one| one.id));
            if is_last {
                return Ok(all);
            }
        }
        Err(CosmosFailure::no_answer("reading who was erased: there are more than a million"))
    }
}
