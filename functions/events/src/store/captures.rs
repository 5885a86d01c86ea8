//! Which capture files were worked at, and how far each partition was captured: the container `captures`.

use crate::domain::{CaptureName, Source};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::moment;

/// How long it is known that a file was worked at, in seconds: the file itself is kept for 30 days.
const WORKED_TTL_S: u32 = 40 * 24 * 3_600;
/// Files of one partition and hour: a window has at least 10 seconds, on a laptop.
const MAX_IN_AN_HOUR: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
/// Partitions of all hubs: 10 hubs of 32 (Event Hubs quotas, Standard).
const MAX_PARTITIONS: NonZeroU32 = NonZeroU32::new(320).expect("not zero");
const ONE: NonZeroU32 = NonZeroU32::new(1).expect("not zero");
/// What the ids of positions begin with; no name of a file does.
const POSITION: &str = "position ";

#[derive(Debug)]
pub(crate) struct Captures(Container);

/// What became of a capture file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worked {
    pub(crate) source: Source,
    /// Sequence numbers.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Events that were brought into the lake, or were there.
    pub(crate) events: u64,
    /// Of those that lie in another file of the lake.
    pub(crate) repeats: u64,
    /// Bodies that are no events.
    pub(crate) unreadable: u64,
}

/// How far a partition was captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Position {
    id: String,
    pub(crate) hub: String,
    pub(crate) partition: u32,
    /// The last sequence number in any file that was worked at.
    pub(crate) last: i64,
    /// When that was.
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkedDocument {
    id: String,
    /// Of which partition, and when its window began; files of earlier releases do not say it.
    #[serde(default)]
    source: Option<String>,
    #[serde(with = "moment::optional", default)]
    began: Option<Timestamp>,
    #[serde(with = "moment")]
    at: Timestamp,
    first: i64,
    last: i64,
    events: u64,
    repeats: u64,
    unreadable: u64,
    ttl: u32,
}

#[derive(Deserialize)]
struct OnlyId {
    id: String,
}

#[derive(Deserialize)]
struct OnlyBegan {
    began: Timestamp,
}

impl Captures {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("captures"))
    }

    /// Whether a file was worked at.
    pub(crate) async fn has(&self, name: &CaptureName) -> Result<bool, CosmosFailure> {
        let id = id(name.as_str());
        Ok(self.0.read::<WorkedDocument>(&id, &id).await?.is_some())
    }

    /// Of these names, which all begin with `prefix`, those that nobody has worked at.
    pub(crate) async fn new_ones(
        &self,
        prefix: &str,
        names: Vec<String>,
    ) -> Result<Vec<String>, CosmosFailure> {
        if names.is_empty() {
            return Ok(names);
        }
        let query = Query::from("SELECT c.id FROM c WHERE STARTSWITH(c.id, @prefix)");
        let query = query.with_parameter("@prefix", id(prefix)).expect("a text is JSON");
        let known: Vec<OnlyId> = self.0.query(query, MAX_IN_AN_HOUR).await?;
        let known: HashSet<String> = known.into_iter().map(|known| known.id).collect();
        Ok(names.into_iter().filter(|name| !known.contains(&id(name))).collect())
    }

    /// Notes that a file was worked at, and how far its partition is.
    pub(crate) async fn note(
        &self,
        name: &CaptureName,
        worked: &Worked,
        now: Timestamp,
    ) -> Result<(), ChangeError<Infallible>> {
        let Worked { source, first, last, events, repeats, unreadable } = worked.clone();
        let at = format!("{POSITION}{source}");
        let of_source = source.to_string();
        self.0
            .change(&at, &at, |position: Option<&Position>| -> Result<_, Infallible> {
                if position.is_some_and(|position| position.last >= last) {
                    return Ok(Change::Keep(()));
                }
                let Source { hub, partition } = source.clone();
                Ok(Change::Write(Position { id: at.clone(), hub, partition, last, at: now }, ()))
            })
            .await?;
        let id = id(name.as_str());
        let document = WorkedDocument {
            id: id.clone(),
            source: Some(of_source),
            began: Some(name.began),
            at: now,
            first,
            last,
            events,
            repeats,
            unreadable,
            ttl: WORKED_TTL_S,
        };
        let decide = |known: Option<&WorkedDocument>| {
            Ok(if known.is_some() { Change::Keep(()) } else { Change::Write(document.clone(), ()) })
        };
        self.0.change(&id, &id, decide).await
    }

    /// When the window began in which the first event after this one came; nothing if no file of it is known.
    pub(crate) async fn began_after(
        &self,
        source: &Source,
        after: i64,
    ) -> Result<Option<Timestamp>, CosmosFailure> {
        let query = Query::from(
            "SELECT TOP 1 c.began FROM c WHERE c.source = @source AND c.last > @after ORDER BY c.last",
        );
        let query = query.with_parameter("@source", source.to_string()).expect("a text is JSON");
        let query = query.with_parameter("@after", after).expect("a number is JSON");
        let found: Vec<OnlyBegan> = self.0.query(query, ONE).await?;
        Ok(found.first().map(|file| file.began))
    }

    /// How far each partition was captured.
    pub(crate) async fn positions(&self) -> Result<Vec<Position>, CosmosFailure> {
        let query = Query::from("SELECT * FROM c WHERE STARTSWITH(c.id, @start)");
        let query = query.with_parameter("@start", POSITION).expect("a text is JSON");
        self.0.query(query, MAX_PARTITIONS).await
    }
}

/// An id may have no slash.
fn id(name: &str) -> String {
    name.replace('/', "|")
}
