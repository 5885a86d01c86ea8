//! Which events lie on a shelf, and in which file: the container `shelves`, partitioned by the shelf's name.
//!
//! A shelf has a head, which lists its files in the order in which they were admitted, and pages, which say by hashes what is in
//! each. Pages are written before their file is admitted, and the order of files never changes. So an event belongs to the first
//! file in that order whose pages name it: whoever asks, and however often, gets the same answer, without a lock.

use crate::domain::{Hour, Shelf, Source};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::convert::Infallible;
use std::num::NonZeroU32;

/// The head's id.
const HEAD: &str = "head";
/// Events on a page: of 22 characters each, and at most as many people, it has less than a megabyte of the two that a document
/// may have.
const EVENTS_ON_A_PAGE: usize = 10_000;
/// Pages of a shelf: an hour of a partition in 10,000,000 events.
const MAX_PAGES: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
/// Pages about a person that are dealt with at a time.
pub(crate) const PAGES_AT_A_TIME: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Heads that one list has: a day of 12 types in 24 partitions is up to 6,912, of which most are empty.
pub(crate) const MAX_HEADS: NonZeroU32 = NonZeroU32::new(2_000).expect("not zero");

#[derive(Debug)]
pub(crate) struct Shelves(Container);

/// What a shelf has to know of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Which event it is.
    pub(crate) event: String,
    /// Whom it is about.
    pub(crate) people: Vec<String>,
}

/// A shelf and its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShelfHead {
    id: String,
    pub(crate) shelf: String,
    kind: Kind,
    r#type: String,
    hour: String,
    hub: String,
    partition: u32,
    /// In the order in which they were admitted.
    pub(crate) files: Vec<FileOnShelf>,
}

/// A file: of which capture file it has the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileOnShelf {
    /// The sequence number with which that begins.
    pub(crate) first: i64,
    /// How many events are in it; 0 until it is written.
    pub(crate) events: u64,
    /// How many pages say which.
    pages: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Head,
    Page,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PageOfFile {
    id: String,
    shelf: String,
    kind: Kind,
    first: i64,
    events: Vec<String>,
    people: Vec<String>,
}

/// A page that names somebody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) shelf: String,
    pub(crate) first: i64,
}

type NotWritten = ChangeError<Infallible>;

impl ShelfHead {
    fn new(shelf: &Shelf) -> Self {
        let Source { hub, partition } = shelf.source.clone();
        Self {
            id: HEAD.to_owned(),
            shelf: shelf.to_string(),
            kind: Kind::Head,
            r#type: shelf.r#type.clone(),
            hour: shelf.hour.to_string(),
            hub,
            partition,
            files: Vec::new(),
        }
    }
}

impl Shelves {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("shelves"))
    }

    /// Admits the file with these events to a shelf, unless it was admitted before, and says which of them belong to
    /// another file.
    pub(crate) async fn admit(
        &self,
        shelf: &Shelf,
        first: i64,
        entries: &[Entry],
    ) -> Result<HashSet<String>, NotWritten> {
        let name = shelf.to_string();
        for (number, entries) in entries.chunks(EVENTS_ON_A_PAGE).enumerate() {
            let page = page(&name, first, number, entries);
            match self.0.create(&name, &page.id, &page).await {
                // It says the same: a capture file never changes. What was erased since is left out of it.
                Ok(_) | Err(WriteError::Conflict) => {}
                Err(WriteError::Failed(failure)) => return Err(failure.into()),
            }
        }
        let count = entries.len().div_ceil(EVENTS_ON_A_PAGE);
        let before = self.change(shelf, first, |file| file.pages = count).await?;
        let theirs = self.events_in(&name, &before).await?;
        let ours = entries.iter().map(|entry| &entry.event);
        Ok(ours.filter(|event| theirs.contains(*event)).cloned().collect())
    }

    /// The events in these files. A copy of the container that is too old to have all their pages is no answer.
    async fn events_in(
        &self,
        shelf: &str,
        files: &[FileOnShelf],
    ) -> Result<HashSet<String>, CosmosFailure> {
        if files.is_empty() {
            return Ok(HashSet::new());
        }
        let query = Query::from("SELECT * FROM c WHERE c.kind = 'page'");
        let mut pages: Vec<PageOfFile> = self.0.query_in(shelf, query, MAX_PAGES).await?;
        pages.retain(|page| files.iter().any(|file| file.first == page.first));
        if pages.len() < files.iter().map(|file| file.pages).sum() {
            return Err(CosmosFailure::no_answer(format!("reading all pages of {shelf}")));
        }
        Ok(pages.into_iter().flat_map(|page| page.events).collect())
    }

    /// Notes how many events a file has.
    pub(crate) async fn note(
        &self,
        shelf: &Shelf,
        first: i64,
        events: u64,
    ) -> Result<(), NotWritten> {
        self.change(shelf, first, |file| file.events = events).await.map(drop)
    }

    /// Changes a file in the head, in which it is noted if it was not; answers with those before it.
    async fn change(
        &self,
        shelf: &Shelf,
        first: i64,
        change: impl Fn(&mut FileOnShelf),
    ) -> Result<Vec<FileOnShelf>, NotWritten> {
        let decide = |head: Option<&ShelfHead>| {
            let mut next = head.cloned().unwrap_or_else(|| ShelfHead::new(shelf));
            let known = next.files.iter().position(|file| file.first == first);
            let at = known.unwrap_or(next.files.len());
            if known.is_none() {
                next.files.push(FileOnShelf { first, events: 0, pages: 0 });
            }
            change(&mut next.files[at]);
            let before = next.files[..at].to_vec();
            Ok(if head == Some(&next) { Change::Keep(before) } else { Change::Write(next, before) })
        };
        self.0.change(&shelf.to_string(), HEAD, decide).await
    }

    /// As [`Shelves::heads`], all of them: hour by hour where they are more than one list holds.
    pub(crate) async fn heads_in_all(
        &self,
        types: &[String],
        from: Hour,
        to: Hour,
    ) -> Result<Vec<(Shelf, Vec<FileOnShelf>)>, CosmosFailure> {
        let mut all: Vec<(Shelf, Vec<FileOnShelf>)> = Vec::new();
        let mut next = from;
        loop {
            let heads = self.heads(types, next, to).await?;
            let is_last = heads.len() < MAX_HEADS.get() as usize;
            let Some(last) = heads.last().map(|(shelf, _)| shelf.hour) else { return Ok(all) };
            // Of the last hour some may be missing; an hour alone has not so many.
            all.extend(heads.into_iter().filter(|(shelf, _)| is_last || shelf.hour < last));
            if is_last || last <= next {
                return Ok(all);
            }
            next = last;
        }
    }

    /// The shelves of these types in these hours, both included, in the order of hours and partitions: the first [`MAX_HEADS`].
    pub(crate) async fn heads(
        &self,
        types: &[String],
        from: Hour,
        to: Hour,
    ) -> Result<Vec<(Shelf, Vec<FileOnShelf>)>, CosmosFailure> {
        let query = Query::from(
            "SELECT * FROM c WHERE c.kind = 'head' AND ARRAY_CONTAINS(@types, c.type) AND c.hour >= @from \
             AND c.hour <= @to ORDER BY c.hour",
        );
        let query = query.with_parameter("@types", types).expect("texts are JSON");
        let query = query.with_parameter("@from", from.to_string()).expect("a text is JSON");
        let query = query.with_parameter("@to", to.to_string()).expect("a text is JSON");
        let heads: Vec<ShelfHead> = self.0.query(query, MAX_HEADS).await?;
        let shelves =
            heads.into_iter().filter_map(|head| Some((head.shelf.parse().ok()?, head.files)));
        let mut shelves: Vec<(Shelf, Vec<FileOnShelf>)> = shelves.collect();
        shelves.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(shelves)
    }

    /// Pages that name a person.
    pub(crate) async fn about(&self, person: &str) -> Result<Vec<Found>, CosmosFailure> {
        let query = Query::from(
            "SELECT c.id, c.shelf, c.first FROM c WHERE c.kind = 'page' AND ARRAY_CONTAINS(c.people, @person)",
        );
        let query = query.with_parameter("@person", person).expect("a text is JSON");
        self.0.query(query, PAGES_AT_A_TIME).await
    }

    /// Takes a person off a page: what the page's file said of them is gone.
    pub(crate) async fn forget(&self, page: &Found, person: &str) -> Result<(), NotWritten> {
        let decide = |page: Option<&PageOfFile>| {
            let Some(page) = page.filter(|page| page.people.iter().any(|one| one == person)) else {
                return Ok(Change::Keep(()));
            };
            let mut next = page.clone();
            next.people.retain(|one| one != person);
            Ok(Change::Write(next, ()))
        };
        self.0.change(&page.shelf, &page.id, decide).await
    }
}

fn page(shelf: &str, first: i64, number: usize, entries: &[Entry]) -> PageOfFile {
    let people: BTreeSet<&String> = entries.iter().flat_map(|entry| &entry.people).collect();
    PageOfFile {
        id: format!("{first}.{number}"),
        shelf: shelf.to_owned(),
        kind: Kind::Page,
        first,
        events: entries.iter().map(|entry| entry.event.clone()).collect(),
        people: people.into_iter().cloned().collect(),
    }
}
