//! The latest version of each document of a container, in the order of its partition key range. The emulator looks
//! through all documents of a range, and copies them, for each page of the change feed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard},
};

use bytes::Bytes;
use tokio::sync::{RwLock, RwLockReadGuard};

use super::{changes::Written, document_key::DocumentKey, message::Reply, ranges::RANGE};

/// A page ends with the document that fills it up to here, as in Azure.
/// <https://learn.microsoft.com/azure/cosmos-db/concepts-limits>
const MAX_PAGE_BYTES: usize = 4 << 20;

/// The changes of a container.
#[derive(Debug, Default)]
pub(super) struct ChangeLog {
    /// Shared by writes from before the emulator does them until they are noted. Whoever reads waits for them: one that is
    /// noted late may stand before others that are noted already, and would be passed over.
    under_way: RwLock<()>,
    changes: Mutex<Changes>,
}

#[derive(Debug, Default)]
struct Changes {
    ranges: HashMap<String, BTreeMap<Place, Changed>>,
    places: HashMap<DocumentKey, (String, Place)>,
}

/// Where a document stands in its range: the sequence number of the write, and its turn among those written with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    lsn: u64,
    turn: usize,
}

#[derive(Debug)]
struct Changed {
    /// Unix seconds, the document's `_ts`.
    ts: i64,
    /// JSON text with the stamps that clients know.
    body: Bytes,
    key: DocumentKey,
}

/// Some changes of a range.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    /// Oldest first, each with its `_ts`.
    pub(super) documents: Vec<(i64, Bytes)>,
    /// The sequence number of the last one; where the reader stood if there is none.
    pub(super) last: u64,
}

impl ChangeLog {
    /// To be held from before the emulator does a write until it is noted.
    pub(super) async fn under_way(&self) -> RwLockReadGuard<'_, ()> {
        self.under_way.read().await
    }

    /// Notes what a write did, as its reply says.
    pub(super) fn note(&self, reply: &Reply, written: &[Written]) {
        let lsn = reply.header("lsn").and_then(|lsn| lsn.parse().ok()).unwrap_or_default();
        let range = reply.header(RANGE).unwrap_or_default();
        let mut changes = self.lock();
        for (turn, one) in written.iter().enumerate() {
            changes.forget(&one.key);
            if let Some(document) = &one.document {
                let (ts, body) = (document.ts, document.body.clone());
                let changed = Changed { ts, body, key: one.key.clone() };
                changes.put(range, Place { lsn, turn }, changed);
            }
        }
    }

    /// The changes of a range after a sequence number: `most` of them, or more where one write wrote more, since what is
    /// written together is read together.
    /// <https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch>
    pub(super) async fn after(&self, range: &str, lsn: u64, most: usize) -> Page {
        let _settled = self.under_way.write().await;
        let changes = self.lock();
        let (mut page, mut bytes) = (Page { documents: Vec::new(), last: lsn }, 0);
        let Some(next) = lsn.checked_add(1) else { return page };
        let following = changes.ranges.get(range).into_iter();
        for (place, changed) in following.flat_map(|range| range.range(Place::first_of(next)..)) {
            let is_full = page.documents.len() >= most || bytes >= MAX_PAGE_BYTES;
            if is_full && place.lsn != page.last {
                break;
            }
            bytes += changed.body.len();
            page.documents.push((changed.ts, changed.body.clone()));
            page.last = place.lsn;
        }
        page
    }

    /// The sequence number of the last change of a range.
    pub(super) async fn end(&self, range: &str) -> u64 {
        let _settled = self.under_way.write().await;
        let changes = self.lock();
        let last = changes.ranges.get(range).and_then(BTreeMap::last_key_value);
        last.map_or(0, |(place, _)| place.lsn)
    }

    /// The sequence number after which a range has what was written at a second or later.
    pub(super) async fn before(&self, range: &str, ts: i64) -> u64 {
        let end = self.end(range).await;
        let changes = self.lock();
        let mut all = changes.ranges.get(range).into_iter().flatten();
        all.find(|(_, changed)| changed.ts >= ts)
            .map_or(end, |(place, _)| place.lsn.saturating_sub(1))
    }

    /// The latest version of a document, if it is there and lies in this range.
    pub(super) fn document(&self, key: &DocumentKey, range: &str) -> Option<Bytes> {
        let changes = self.lock();
        let (its, place) = changes.places.get(key).filter(|(its, _)| its == range)?;
        changes.ranges.get(its)?.get(place).map(|changed| changed.body.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().expect("no code panics while it holds the changes")
    }
}

impl Changes {
    fn forget(&mut self, key: &DocumentKey) {
        if let Some((range, place)) = self.places.remove(key)
            && let Some(changes) = self.ranges.get_mut(&range)
        {
            changes.remove(&place);
        }
    }

    fn put(&mut self, range: &str, place: Place, changed: Changed) {
        self.places.insert(changed.key.clone(), (range.to_owned(), place));
        match self.ranges.get_mut(range) {
            Some(changes) => changes.insert(place, changed),
            None => self.ranges.entry(range.to_owned()).or_default().insert(place, changed),
        };
    }
}

impl Place {
    fn first_of(lsn: u64) -> Self {
        Self { lsn, turn: 0 }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;
    use crate::cosmos::{changes::Document, partition_key::PartitionKey};

    const ALL: usize = usize::MAX;

    fn key(id: &str) -> DocumentKey {
        let partition_key = PartitionKey::of_document(&["/id".to_owned()], &json!({ "id": id }));
        DocumentKey::new(1, &partition_key, id)
    }

    /// Documents that one write wrote, with its sequence number as their time.
    fn write(log: &ChangeLog, lsn: i64, ids: &[&str]) {
        let reply = Reply::error(StatusCode::OK, "", "").with(RANGE, 0).with("lsn", lsn);
        let written = ids.iter().map(|id| {
            let body = Bytes::copy_from_slice(id.as_bytes());
            Written { key: key(id), document: Some(Document { body, ts: lsn, ttl: None }) }
        });
        log.note(&reply, &written.collect::<Vec<_>>());
    }

    async fn read(log: &ChangeLog, after: u64, most: usize) -> (Vec<String>, u64) {
        let Page { documents, last } = log.after("0", after, most).await;
        let text = |(_, body): (i64, Bytes)| String::from_utf8(body.to_vec()).unwrap();
        (documents.into_iter().map(text).collect(), last)
    }

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[tokio::test]
    async fn what_was_written_together_is_read_together_and_a_document_stands_where_it_was_written_last()
     {
        let log = ChangeLog::default();
        write(&log, 1, &["a"]);
        write(&log, 2, &["b", "c", "d"]);
        write(&log, 3, &["a"]);
        assert_eq!(read(&log, 0, 1).await, (texts(&["b", "c", "d"]), 2));
        assert_eq!(read(&log, 2, 1).await, (texts(&["a"]), 3));
        assert_eq!(read(&log, 3, ALL).await, (texts(&[]), 3));
        assert_eq!(
            (log.end("0").await, log.before("0", 3).await, log.before("0", 9).await),
            (3, 2, 3)
        );
    }

    #[tokio::test]
    async fn what_was_removed_is_not_there_and_another_range_has_nothing_of_it() {
        let log = ChangeLog::default();
        write(&log, 1, &["a", "b"]);
        let reply = Reply::error(StatusCode::NO_CONTENT, "", "");
        log.note(&reply, &[Written { key: key("a"), document: None }]);
        assert_eq!(read(&log, 0, ALL).await, (texts(&["b"]), 1));
        assert_eq!(log.document(&key("b"), "0"), Some(Bytes::from("b")));
        assert_eq!((log.document(&key("a"), "0"), log.document(&key("b"), "1")), (None, None));
        assert_eq!(log.after("1", 0, ALL).await, Page { documents: Vec::new(), last: 0 });
    }

    #[tokio::test]
    async fn whoever_reads_waits_for_a_write_that_is_under_way_and_passes_over_none() {
        let log = ChangeLog::default();
        let under_way = log.under_way().await;
        write(&log, 2, &["later"]);
        let mut reading = std::pin::pin!(read(&log, 0, ALL));
        assert!(futures::poll!(&mut reading).is_pending());
        write(&log, 1, &["earlier"]);
        drop(under_way);
        assert_eq!(reading.await, (texts(&["earlier", "later"]), 2));
    }
}
