//! Dead letters (container `dead-letters`).

use super::{MAX_TRIES, StoreError, with_text};
use crate::domain::{Letter, LetterState, Occurrence, ProfileId, Reason, moment};
use azure_data_cosmos::Query;
use iommi_app::{Container, Cosmos, CosmosFailure, Etag, Kept, Refusal, pause};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{num::NonZeroU32, sync::Arc};

/// How long a letter stays after it was dealt with, in seconds (90 days). An open one stays for ever.
const CLOSED_TTL_S: u32 = 90 * 24 * 3_600;

#[derive(Debug)]
pub(crate) struct Letters {
    container: Container,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    letter: Letter,
    /// Time and id: one order for all, without ties.
    sort_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

/// Which letters are meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) reason: Option<Reason>,
    pub(crate) state: Option<LetterState>,
    pub(crate) profile_id: Option<ProfileId>,
    /// Last reported at this time or later.
    pub(crate) since: Option<Timestamp>,
}

/// Where a letter stands in the list.
pub(crate) fn sort_key(letter: &Letter) -> String {
    format!("{} {}", moment::text(letter.last_at), letter.id)
}

impl Document {
    fn of(letter: &Letter) -> Self {
        let ttl = (letter.state != LetterState::Open).then_some(CLOSED_TTL_S);
        Self { sort_key: sort_key(letter), letter: letter.clone(), ttl }
    }
}

impl Filter {
    fn conditions(&self) -> String {
        let parts = [
            self.reason.map(|_| " AND c.reason = @reason"),
            self.state.map(|_| " AND c.state = @state"),
            self.profile_id.map(|_| " AND c.profileId = @profile"),
            self.since.map(|_| " AND c.lastAt >= @since"),
        ];
        parts.into_iter().flatten().collect()
    }

    fn fill(&self, query: Query) -> Query {
        let values = [
            ("@reason", self.reason.map(|reason| reason.name().to_owned())),
            ("@state", self.state.map(|state| state.name().to_owned())),
            ("@profile", self.profile_id.map(|id| id.to_string())),
            ("@since", self.since.map(moment::text)),
        ];
        let given = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.fold(query, |query, (name, value)| with_text(query, name, &value))
    }
}

impl Letters {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self { container: cosmos.container("dead-letters") }
    }

    /// Keeps a failure; the same one again is counted in the letter that is there.
    pub(crate) async fn keep(
        &self,
        occurrence: &Occurrence,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for tries in 0..MAX_TRIES {
            let written = match self.read(&occurrence.id).await? {
                None => {
                    let letter = Letter::new(occurrence.clone(), now);
                    self.container
                        .create(&letter.id, &letter.id, &Document::of(&letter))
                        .await
                        .map(drop)
                }
                Some(kept) => match kept.value.reported_again(occurrence.clone(), now) {
                    Some(again) => self.replace(&again, &kept.etag).await,
                    None => return Ok(()),
                },
            };
            match written {
                Ok(()) => return Ok(()),
                Err(Refusal::Changed) => pause(tries).await,
                Err(Refusal::Failed(failure)) => return Err(failure.into()),
            }
        }
        Err(StoreError::Busy(occurrence.id.clone()))
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Kept<Letter>>, CosmosFailure> {
        let kept = self.container.read::<Document>(id, id).await?;
        Ok(kept.map(|kept| Kept { value: kept.value.letter, etag: kept.etag }))
    }

    pub(crate) async fn replace(&self, letter: &Letter, etag: &Etag) -> Result<(), Refusal> {
        self.container.replace(&letter.id, &letter.id, &Document::of(letter), etag).await.map(drop)
    }

    /// The latest first; `before` is the place of the last one of the page before.
    pub(crate) async fn latest(
        &self,
        filter: &Filter,
        before: Option<&str>,
        most: NonZeroU32,
    ) -> Result<Vec<Letter>, CosmosFailure> {
        let paged = before.map_or("", |_| " AND c.sortKey < @before");
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.sortKey > ''{}{paged} ORDER BY c.sortKey DESC",
            filter.conditions()
        );
        let query = filter.fill(Query::from(text));
        let query =
            before.into_iter().fold(query, |query, before| with_text(query, "@before", before));
        self.letters(query, most).await
    }

    /// By id, which does not move while letters are dealt with.
    pub(crate) async fn by_id(
        &self,
        filter: &Filter,
        after: &str,
        most: NonZeroU32,
    ) -> Result<Vec<Letter>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.id > @after{} ORDER BY c.id",
            filter.conditions()
        );
        self.letters(with_text(filter.fill(Query::from(text)), "@after", after), most).await
    }

    /// How many there are, counted up to `most`.
    pub(crate) async fn count(
        &self,
        filter: &Filter,
        most: NonZeroU32,
    ) -> Result<usize, CosmosFailure> {
        let text =
            format!("SELECT TOP {most} VALUE 1 FROM c WHERE c.id > ''{}", filter.conditions());
        let found: Vec<u8> = self.container.query(filter.fill(Query::from(text)), most).await?;
        Ok(found.len())
    }

    async fn letters(&self, query: Query, most: NonZeroU32) -> Result<Vec<Letter>, CosmosFailure> {
        let found: Vec<Document> = self.container.query(query, most).await?;
        Ok(found.into_iter().map(|document| document.letter).collect())
    }
}
