//! The containers of the account, as far as the adapter must know them.

use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tokio::sync::OnceCell;

use super::{change_log::ChangeLog, persistence::Position, ranges::Range, resource::ContainerName};

/// The container's `defaultTtl` when there is none: items never expire, whatever they say.
const NO_TTL: i64 = 0;

/// A container.
#[derive(Debug)]
pub(super) struct Container {
    /// Names this incarnation: a container that is deleted and created again has another number.
    pub(super) number: u64,
    pub(super) name: ContainerName,
    /// Such as `/pk`; several for a hierarchical key.
    pub(super) partition_key_paths: Vec<String>,
    /// The resource id, as the container document says it.
    pub(super) rid: String,
    pub(super) changes: ChangeLog,
    /// Its partition key ranges, which stay as they are; asked for when they are first needed.
    pub(super) ranges: OnceCell<Vec<Range>>,
    default_ttl: AtomicI64,
    /// Per range, where the document that was read back as the n-th stood in the order of its own run.
    restored: HashMap<String, Vec<Position>>,
}

impl Container {
    /// The container that `definition`, a container document, describes.
    pub(super) fn new(number: u64, name: ContainerName, definition: &Value) -> Self {
        let paths =
            definition["partitionKey"]["paths"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            number,
            name,
            partition_key_paths: paths
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            rid: definition["_rid"].as_str().unwrap_or_default().to_owned(),
            changes: ChangeLog::default(),
            ranges: OnceCell::new(),
            default_ttl: AtomicI64::new(ttl_of(definition)),
            restored: HashMap::new(),
        }
    }

    /// The same after its documents were read back, range by range in their order.
    pub(super) fn restored(self, restored: HashMap<String, Vec<Position>>) -> Self {
        Self { restored, ..self }
    }

    /// Takes over the `defaultTtl` of a new definition; true when it is another than before.
    pub(super) fn redefine(&self, definition: &Value) -> bool {
        let ttl = ttl_of(definition);
        self.default_ttl.swap(ttl, Ordering::Relaxed) != ttl
    }

    /// Seconds an item lives that says `ttl` of itself; `None` is for ever.
    /// <https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live>
    pub(super) fn time_to_live(&self, item_ttl: Option<i64>) -> Option<i64> {
        match (self.default_ttl.load(Ordering::Relaxed), item_ttl) {
            (NO_TTL, _) => None,
            (_, Some(seconds)) | (seconds, None) => (seconds > 0).then_some(seconds),
        }
    }

    /// Whether items of this container can expire.
    pub(super) fn has_ttl(&self) -> bool {
        self.default_ttl.load(Ordering::Relaxed) != NO_TTL
    }

    /// The positions of what was read back into a range, in the emulator's order.
    pub(super) fn restored_in(&self, range: &str) -> &[Position] {
        self.restored.get(range).map(Vec::as_slice).unwrap_or_default()
    }
}

fn ttl_of(definition: &Value) -> i64 {
    definition["defaultTtl"].as_i64().unwrap_or(NO_TTL)
}

/// The containers that exist.
#[derive(Debug, Default)]
pub(super) struct Containers {
    by_name: RwLock<HashMap<ContainerName, Arc<Container>>>,
    last_number: AtomicU64,
}

impl Containers {
    pub(super) fn get(&self, name: &ContainerName) -> Option<Arc<Container>> {
        self.by_name.read().expect(INTACT).get(name).cloned()
    }

    pub(super) fn numbered(&self, number: u64) -> Option<Arc<Container>> {
        self.by_name
            .read()
            .expect(INTACT)
            .values()
            .find(|container| container.number == number)
            .cloned()
    }

    pub(super) fn insert(&self, container: Container) -> Arc<Container> {
        self.last_number.fetch_max(container.number, Ordering::Relaxed);
        let container = Arc::new(container);
        self.by_name.write().expect(INTACT).insert(container.name.clone(), Arc::clone(&container));
        container
    }

    /// A number that no container has had, in this run or among those read back.
    pub(super) fn next_number(&self) -> u64 {
        self.last_number.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Forgets the containers of which `gone` is true, and returns them.
    pub(super) fn remove(&self, gone: impl Fn(&ContainerName) -> bool) -> Vec<Arc<Container>> {
        let mut by_name = self.by_name.write().expect(INTACT);
        by_name.extract_if(|name, _| gone(name)).map(|(_, container)| container).collect()
    }
}

const INTACT: &str = "no code panics while it holds the map of containers";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn container(definition: &Value) -> Container {
        let name = ContainerName { database: "db".into(), container: "c".into() };
        Container::new(1, name, definition)
    }

    #[test]
    fn an_item_lives_as_long_as_it_says_or_else_as_the_container_says() {
        let off = container(&json!({}));
        assert_eq!((off.time_to_live(Some(5)), off.time_to_live(None)), (None, None));
        let on = container(&json!({ "defaultTtl": -1 }));
        assert_eq!((on.time_to_live(Some(5)), on.time_to_live(None)), (Some(5), None));
        let sixty = container(&json!({ "defaultTtl": 60 }));
        assert_eq!((sixty.time_to_live(Some(-1)), sixty.time_to_live(None)), (None, Some(60)));
    }
}
