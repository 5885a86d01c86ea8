//! How letters are kept: the container `dead-letters` of the app's database, partitioned by id. Every write is
//! conditional.

use super::letter::{Letter, LetterState};
use super::open_letters::Told;
use super::report::Report;
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use custom_handler::Metric;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, num::NonZeroU32};
use values::moment;

/// How long a letter stays after it was dealt with, in seconds (90 days). An open one stays for ever.
const CLOSED_TTL_S: u32 = 90 * 24 * 3_600;

const KEPT: Metric =
    Metric::counter("iommi.dead_letters.kept", "{letter}", "failures that were kept for people");

/// The letters of an app.
#[derive(Debug)]
pub(super) struct Letters {
    container: Container,
}

/// Why a letter was not kept, or not emptied.
pub type NotKept = ChangeError<Infallible>;

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

/// Which letters are meant; what is not said is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// With this reason.
    pub(super) reason: Option<String>,
    /// In this state.
    pub(super) state: Option<LetterState>,
    /// About this.
    pub(super) subject: Option<String>,
    /// Last reported at this time or later.
    pub(super) since: Option<Timestamp>,
}

/// Where a letter stands in the list.
pub(super) fn sort_key(letter: &Letter) -> String {
    format!("{} {}", moment::text(letter.last_at), letter.id)
}

impl Document {
    fn of(letter: Letter) -> Self {
        let ttl = (letter.state != LetterState::Open).then_some(CLOSED_TTL_S);
        Self { sort_key: sort_key(&letter), letter, ttl }
    }
}

impl Filter {
    fn conditions(&self) -> String {
        let parts = [
            self.reason.as_ref().map(|_| " AND c.reason = @reason"),
            self.state.map(|_| " AND c.state = @state"),
            self.subject.as_ref().map(|_| " AND c.subject = @subject"),
            self.since.map(|_| " AND c.lastAt >= @since"),
        ];
        parts.into_iter().flatten().collect()
    }

    fn fill(&self, query: Query) -> Query {
        let values = [
            ("@reason", self.reason.clone()),
            ("@state", self.state.map(|state| state.name().to_owned())),
            ("@subject", self.subject.clone()),
            ("@since", self.since.map(moment::text)),
        ];
        let given = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.fold(query, |query, (name, value)| with_text(query, name, &value))
    }
}

impl Letters {
    pub(super) fn new(cosmos: &Cosmos) -> Self {
        Self { container: cosmos.container("dead-letters") }
    }

    /// Keeps a failure; the same one again is counted in the letter that is there.
    pub(super) async fn keep(&self, report: &Report, now: Timestamp) -> Result<(), NotKept> {
        let is_news = self.change(&report.id, |letter| {
            let letter = match letter {
                None => Some(Letter::new(report.clone(), now)),
                Some(letter) => letter.reported_again(report.clone(), now),
            };
            Ok(letter.map_or(Change::Keep(false), |letter| Change::Write(letter, true)))
        });
        if is_news.await? {
            let function = report.origin.function.clone();
            KEPT.add(1, &[("reason", report.reason.clone().into()), ("function", function.into())]);
        }
        Ok(())
    }

    pub(super) async fn read(&self, id: &str) -> Result<Option<Letter>, CosmosFailure> {
        let item = self.container.read::<Document>(id, id).await?;
        Ok(item.map(|item| item.value.letter))
    }

    /// As [`Container::change`]; letters are never deleted here.
    pub(super) async fn change<R, E>(
        &self,
        id: &str,
        mut decide: impl FnMut(Option<&Letter>) -> Result<Change<Letter, R>, E>,
    ) -> Result<R, ChangeError<E>> {
        self.container
            .change(id, id, |document: Option<&Document>| {
                Ok(match decide(document.map(|document| &document.letter))? {
                    Change::Write(letter, result) => Change::Write(Document::of(letter), result),
                    Change::Keep(result) | Change::Delete(result) => Change::Keep(result),
                })
            })
            .await
    }

    /// The latest first; `before` is the place of the last one of the page before.
    pub(super) async fn latest(
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

    /// The latest open ones first, as far as others may know them.
    pub(super) async fn latest_open(&self, most: NonZeroU32) -> Result<Vec<Told>, CosmosFailure> {
        let open = Filter { state: Some(LetterState::Open), ..Filter::default() };
        let text = format!(
            "SELECT TOP {most} {} FROM c WHERE c.sortKey > ''{} ORDER BY c.sortKey DESC",
            Told::MEMBERS,
            open.conditions()
        );
        self.container.query(open.fill(Query::from(text)), most).await
    }

    /// By id, which does not move while letters are dealt with.
    pub(super) async fn by_id(
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

    /// Those with a message, by id.
    pub(super) async fn that_say_something(
        &self,
        after: &str,
        most: NonZeroU32,
    ) -> Result<Vec<Letter>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} * FROM c WHERE c.id > @after AND c.message != '' ORDER BY c.id"
        );
        self.letters(with_text(Query::from(text), "@after", after), most).await
    }

    /// How many there are, counted up to `most`.
    pub(super) async fn count(
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

fn with_text(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
