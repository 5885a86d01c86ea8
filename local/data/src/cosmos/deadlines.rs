//! When which document expires.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
};

use super::document_key::DocumentKey;

/// The deadlines of the documents that have one. Times are Unix seconds; a document is over from its deadline on.
#[derive(Debug)]
pub(super) struct Deadlines {
    /// The earliest deadline, so that a request usually looks no further.
    first: AtomicI64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    in_order: BTreeSet<(i64, DocumentKey)>,
    of: HashMap<DocumentKey, i64>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { first: AtomicI64::new(i64::MAX), inner: Mutex::default() }
    }
}

impl Deadlines {
    /// Sets or takes away the deadline of a document.
    pub(super) fn set(&self, key: &DocumentKey, deadline: Option<i64>) {
        let mut inner = self.lock();
        if let Some(before) = inner.of.remove(key) {
            inner.in_order.remove(&(before, key.clone()));
        }
        if let Some(deadline) = deadline {
            inner.of.insert(key.clone(), deadline);
            inner.in_order.insert((deadline, key.clone()));
        }
        self.note_first(&inner);
    }

    /// Forgets the documents of a container.
    pub(super) fn forget(&self, container: u64) {
        let mut inner = self.lock();
        inner.of.retain(|key, _| key.container() != container);
        inner.in_order.retain(|(_, key)| key.container() != container);
        self.note_first(&inner);
    }

    /// Whether anything is over.
    pub(super) fn any_due(&self, now: i64) -> bool {
        self.first.load(Ordering::Relaxed) <= now
    }

    /// Whether this document is over.
    pub(super) fn is_due(&self, key: &DocumentKey, now: i64) -> bool {
        self.any_due(now) && self.lock().of.get(key).is_some_and(|deadline| *deadline <= now)
    }

    /// The documents that are over, the longest first, at most `limit`.
    pub(super) fn due(&self, now: i64, limit: usize) -> Vec<DocumentKey> {
        self.due_where(now, |_| true, limit)
    }

    /// The documents that are over and whose keys start like this.
    pub(super) fn due_in(&self, prefix: &[u8], now: i64) -> Vec<DocumentKey> {
        self.due_where(now, |key| key.as_bytes().starts_with(prefix), usize::MAX)
    }

    fn due_where(
        &self,
        now: i64,
        wanted: impl Fn(&DocumentKey) -> bool,
        limit: usize,
    ) -> Vec<DocumentKey> {
        if !self.any_due(now) {
            return Vec::new();
        }
        let inner = self.lock();
        let over = inner.in_order.iter().take_while(|(deadline, _)| *deadline <= now);
        over.filter(|(_, key)| wanted(key)).take(limit).map(|(_, key)| key.clone()).collect()
    }

    fn note_first(&self, inner: &Inner) {
        let first = inner.in_order.first().map_or(i64::MAX, |(deadline, _)| *deadline);
        self.first.store(first, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no code panics while it holds the deadlines")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::partition_key::PartitionKey, *};

    fn key(container: u64, id: &str) -> DocumentKey {
        DocumentKey::new(container, &PartitionKey::from_header(r#"["p"]"#).unwrap(), id)
    }

    #[test]
    fn a_document_is_over_from_its_deadline_on_until_the_deadline_is_moved() {
        let deadlines = Deadlines::default();
        let (a, b) = (key(1, "a"), key(1, "b"));
        deadlines.set(&b, Some(20));
        deadlines.set(&a, Some(10));
        assert_eq!(deadlines.due(9, 10), []);
        assert_eq!(deadlines.due(20, 10), [a.clone(), b.clone()]);
        assert_eq!(deadlines.due(20, 1), std::slice::from_ref(&a));
        deadlines.set(&a, Some(30));
        assert_eq!((deadlines.is_due(&a, 29), deadlines.is_due(&a, 30)), (false, true));
        deadlines.set(&a, None);
        assert_eq!(deadlines.due(99, 10), [b]);
    }

    #[test]
    fn a_container_that_goes_takes_its_deadlines_along() {
        let deadlines = Deadlines::default();
        deadlines.set(&key(1, "a"), Some(10));
        deadlines.set(&key(2, "a"), Some(10));
        deadlines.forget(1);
        assert_eq!(deadlines.due(10, 10), [key(2, "a")]);
        let prefix =
            DocumentKey::partition_prefix(2, &PartitionKey::from_header(r#"["q"]"#).unwrap());
        assert_eq!(deadlines.due_in(&prefix, 10), []);
        deadlines.forget(2);
        assert!(!deadlines.any_due(i64::MAX - 1));
    }
}
