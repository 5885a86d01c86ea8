//! All containers of the account.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    block_blob::Blob,
    container::{self, Container, Record},
    contents::{Contents, Segments},
    event::BlobEvents,
    retention::Retention,
    shared::{Shared, Versions, commit},
};
use crate::{
    Error,
    storage::{
        code,
        failure::{Failure, internal},
        garbage::GarbageCollector,
        persistence::{Persistence, from_json},
    },
};

/// The containers by name.
#[derive(Debug)]
pub(super) struct Store {
    containers: RwLock<BTreeMap<String, Arc<Mutex<Container>>>>,
    last_number: AtomicU64,
    pub(super) garbage: GarbageCollector,
    pub(super) retention: Retention,
    pub(super) shared: Shared,
}

impl Store {
    /// Reads back what `persistence` and the files in `data` hold.
    pub(super) fn open(
        url: &str,
        persistence: Persistence,
        data: Option<&Path>,
        with_events: bool,
    ) -> Result<Self, Error> {
        let shared = Shared {
            url: url.to_owned(),
            contents: Contents::open(data)?,
            events: BlobEvents::open(persistence.clone(), with_events)?,
            versions: Versions::default(),
            persistence,
        };
        let (containers, garbage) = restore(&shared)?;
        let numbers = containers
            .values()
            .map(|container| container.record.number)
            .chain(garbage.iter().copied());
        let last_number = numbers.max().unwrap_or(0);
        let garbage = GarbageCollector::new(
            shared.persistence.clone(),
            &[container::BLOB, container::STAGED, container::SNAPSHOT],
            garbage,
        );
        let containers =
            containers.into_iter().map(|(name, container)| (name, Arc::new(Mutex::new(container))));
        Ok(Self {
            containers: RwLock::new(containers.collect()),
            last_number: AtomicU64::new(last_number),
            garbage,
            retention: Retention::default(),
            shared,
        })
    }

    /// Creates a container; `record` is made from its number.
    pub(super) fn create(
        &self,
        name: &str,
        record: impl FnOnce(u64) -> Record,
    ) -> Result<Record, Failure> {
        let mut containers = self.containers.write().expect(UNPOISONED);
        if containers.contains_key(name) {
            return Err(code::CONTAINER_ALREADY_EXISTS.into());
        }
        let record = record(self.last_number.fetch_add(1, Ordering::Relaxed) + 1);
        let mut change = self.shared.persistence.change();
        container::put_record(&mut change, name, &record);
        commit(change, "keeping a container")?;
        containers.insert(name.to_owned(), Arc::new(Mutex::new(Container::new(record.clone()))));
        Ok(record)
    }

    /// Does something with a container that must exist, alone with it.
    pub(super) fn with<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Container) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let container = self.containers.read().expect(UNPOISONED).get(name).cloned();
        let container = container.ok_or_else(|| Failure::from(code::CONTAINER_NOT_FOUND))?;
        let (result, garbage) = {
            let mut container = lock(&container);
            if container.is_deleted {
                return Err(code::CONTAINER_NOT_FOUND.into());
            }
            container.kept_for = self.retention.of(name);
            (work(&mut container), container.take_garbage())
        };
        drop(garbage);
        result
    }

    /// Deletes a container that `check` finds no fault with; its blobs are cleared away afterwards.
    pub(super) async fn delete(
        &self,
        name: &str,
        check: impl FnOnce(&Record) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (number, garbage) = {
            let mut containers = self.containers.write().expect(UNPOISONED);
            let container = containers.get(name).cloned();
            let container = container.ok_or_else(|| Failure::from(code::CONTAINER_NOT_FOUND))?;
            let mut container = lock(&container);
            check(&container.record)?;
            if self.retention.of(name).is_some() && !container.blobs.is_empty() {
                return Err(code::CONTAINER_PROTECTED_FROM_DELETION.into());
            }
            let mut change = self.shared.persistence.change();
            container::remove_record(&mut change, name);
            commit(change, "deleting a container")?;
            containers.remove(name);
            (container.record.number, container.abandon())
        };
        self.garbage.add(number);
        // Their files go with them.
        let dropped = tokio::task::spawn_blocking(move || drop(garbage)).await;
        dropped.map_err(|error| internal("removing the bytes of a container", &error))
    }

    /// Up to `max` containers whose names begin with `prefix`, from `marker` on, and the name where the next page
    /// begins.
    pub(super) fn list(
        &self,
        prefix: &str,
        marker: &str,
        max: usize,
    ) -> (Vec<(String, Record)>, Option<String>) {
        let containers = self.containers.read().expect(UNPOISONED);
        let mut rest = containers
            .range::<str, _>((Bound::Included(prefix.max(marker)), Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(prefix));
        let page = rest
            .by_ref()
            .take(max)
            .map(|(name, container)| (name.clone(), lock(container).record.clone()))
            .collect();
        let next = rest.next().map(|(name, _)| name.clone());
        (page, next)
    }
}

const UNPOISONED: &str = "no code panics while it holds the containers";

fn lock(container: &Mutex<Container>) -> MutexGuard<'_, Container> {
    container.lock().expect("no code panics while it holds a container")
}

/// The containers that were kept, and the numbers of those that were deleted.
fn restore(shared: &Shared) -> Result<(BTreeMap<String, Container>, Vec<u64>), Error> {
    let mut containers = BTreeMap::new();
    let mut names = HashMap::new();
    shared.persistence.scan(container::CONTAINER, |name, value| {
        let name = String::from_utf8(name.to_vec()).map_err(|e| e.to_string())?;
        let record: Record = from_json(value)?;
        shared.versions.seen(record.version);
        names.insert(record.number, name.clone());
        containers.insert(name, Container::new(record));
        Ok(())
    })?;
    let mut segments = Segments::default();
    let mut garbage = Vec::new();
    for kind in [container::BLOB, container::SNAPSHOT, container::STAGED] {
        shared.persistence.scan(kind, |key, value| {
            let (number, rest) =
                key.split_first_chunk::<8>().ok_or("a blob's key is shorter than its number")?;
            let number = u64::from_be_bytes(*number);
            let rest = std::str::from_utf8(rest).map_err(|e| e.to_string())?;
            let Some(container) = names.get(&number).and_then(|name| containers.get_mut(name))
            else {
                garbage.push(number);
                garbage.dedup();
                return Ok(());
            };
            if kind == container::BLOB {
                let blob = Blob::from_record(value, &shared.contents, &mut segments)?;
                shared.versions.seen(blob.version);
                container.blobs.insert(rest.to_owned(), Arc::new(blob));
            } else if kind == container::SNAPSHOT {
                let (name, snapshot) =
                    rest.split_once('\0').ok_or("a snapshot's key has no time")?;
                let blob = Blob::from_record(value, &shared.contents, &mut segments)?;
                let of_blob = container.snapshots.entry(name.to_owned()).or_default();
                of_blob.insert(snapshot.to_owned(), Arc::new(blob));
            } else {
                let (name, id) =
                    rest.split_once('\0').ok_or("a staged block's key has no block id")?;
                let (segment, length) = from_json(value)?;
                let segment = segments.claim(&shared.contents, segment, length)?;
                // Claimed twice, for the record and by the container: one of them is enough.
                segment.release();
                container.take_staged(name, id, segment);
            }
            Ok(())
        })?;
    }
    let losses = shared.persistence.losses();
    if let Some(losses) = losses.filter(|losses| losses.any() && !garbage.is_empty()) {
        losses.note(format!("blobs of {} containers that are missing are left out", garbage.len()));
    }
    shared.contents.restore(&mut segments, losses)?;
    Ok((containers, garbage))
}
