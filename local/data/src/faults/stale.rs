//! Which containers' reads are answered from an old copy.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// Names a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct StaleId(u64);

/// Reads of a container are old until this is dropped.
#[derive(Debug)]
pub struct StaleReads {
    id: StaleId,
    all: Arc<Stale>,
}

impl Drop for StaleReads {
    fn drop(&mut self) {
        self.all.change(|list| list.retain(|one| one.id != self.id));
    }
}

/// All that are old now.
#[derive(Debug, Default)]
pub(super) struct Stale {
    any: AtomicBool,
    last: AtomicU64,
    list: Mutex<Vec<One>>,
}

#[derive(Debug)]
struct One {
    id: StaleId,
    database: String,
    container: String,
}

impl Stale {
    pub(super) fn begin(all: &Arc<Self>, database: &str, container: &str) -> StaleReads {
        let id = StaleId(all.last.fetch_add(1, Ordering::Relaxed));
        let (database, container) = (database.to_owned(), container.to_owned());
        all.change(|list| list.push(One { id, database, container }));
        StaleReads { id, all: Arc::clone(all) }
    }

    /// The copy that was taken last.
    pub(super) fn of(&self, database: &str, container: &str) -> Option<StaleId> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let list = self.lock();
        let found = list.iter().rfind(|one| one.database == database && one.container == container);
        found.map(|one| one.id)
    }

    pub(super) fn contains(&self, id: StaleId) -> bool {
        self.lock().iter().any(|one| one.id == id)
    }

    fn change(&self, edit: impl FnOnce(&mut Vec<One>)) {
        let mut list = self.lock();
        edit(&mut list);
        self.any.store(!list.is_empty(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<One>> {
        self.list.lock().expect("no code panics while it holds the list")
    }
}
