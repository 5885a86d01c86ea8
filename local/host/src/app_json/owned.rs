//! What an app owns and what it uses.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};

use super::Capture;

/// What the host names a queue for messages that were given up, after the queue they were in.
const POISON: &str = "-poison";

/// What belongs to one app. Its database in Cosmos DB bears the app's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owned {
    /// Containers in Cosmos DB.
    #[serde(default)]
    pub containers: Vec<CosmosContainer>,
    /// Queues by name; one with a setting in percent signs is one for each of its values.
    #[serde(default)]
    pub queues: Vec<String>,
    /// Blob containers.
    #[serde(default)]
    pub blob_containers: Vec<BlobContainer>,
    /// Event hubs.
    #[serde(default)]
    pub event_hubs: Vec<EventHub>,
    /// Groups in which it reads event hubs, its own or those of others.
    #[serde(default)]
    pub consumer_groups: Vec<ConsumerGroup>,
    /// Types of the events that it alone sends.
    #[serde(default)]
    pub event_types: Vec<String>,
}

/// A container in Cosmos DB.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CosmosContainer {
    /// Its name.
    pub name: String,
    /// Its database, where that is not the one that bears the app's name: for apps from elsewhere.
    #[serde(default)]
    pub database: Option<String>,
    /// The path of its partition key: `/id`.
    pub partition_key: String,
    /// Seconds after which items expire; −1: only those that have a `ttl` of their own; absent: never.
    #[serde(default)]
    pub default_ttl_seconds: Option<i64>,
    /// Sets of paths whose values are unique within a partition key.
    #[serde(default)]
    pub unique_keys: Vec<Vec<String>>,
    /// Indexes make queries cheaper in Azure; here every query is answered without.
    #[serde(default, rename = "indexes")]
    _indexes: Option<Vec<String>>,
    #[serde(default, rename = "dedicatedThroughput")]
    _dedicated_throughput: bool,
}

/// A container for blobs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlobContainer {
    /// Its name.
    pub name: String,
    /// Days after its last change on which a blob is deleted; absent: never.
    #[serde(default)]
    pub delete_after_days: Option<u32>,
    /// Days for which a blob can be neither changed nor deleted; absent: it can at once.
    #[serde(default)]
    pub keep_for_days: Option<u32>,
    #[serde(default, rename = "uploadsFromBrowsers")]
    _uploads_from_browsers: bool,
}

/// An event hub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventHub {
    /// Its name.
    pub name: String,
    /// How many partitions it has; that stays.
    pub partitions: u32,
    /// Hours for which it keeps its events; absent: 24.
    #[serde(default)]
    pub retention_hours: Option<u32>,
    /// Where its events are written as files; absent: nowhere.
    #[serde(default)]
    pub capture: Option<Capture>,
    /// Whose it is, where that is not the app's team.
    #[serde(default, rename = "team")]
    _team: Option<String>,
}

/// A group in which an app reads an event hub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsumerGroup {
    /// Its name.
    pub name: String,
    /// The hub.
    pub event_hub: String,
}

/// What an app does with queues, containers and events.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Uses {
    /// Queues by name.
    #[serde(default)]
    pub queues: BTreeMap<String, Vec<QueueUse>>,
    #[serde(default, rename = "containers")]
    _containers: IgnoredAny,
    #[serde(default, rename = "blobContainers")]
    _blob_containers: IgnoredAny,
    #[serde(default, rename = "eventTypes")]
    _event_types: IgnoredAny,
    #[serde(default, rename = "eventHubs")]
    _event_hubs: IgnoredAny,
}

/// What an app does with a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QueueUse {
    /// One of its functions is called for each message.
    Trigger,
    /// It takes messages by itself.
    Process,
    /// It sends messages.
    Send,
    /// It asks how many messages there are.
    Length,
}

impl Uses {
    /// The queues for messages that were given up: one beside each queue that triggers a function, and those that the
    /// app names itself.
    pub(crate) fn poison_queues(&self) -> Vec<String> {
        let mut queues: Vec<String> = self
            .queues
            .iter()
            .filter_map(|(queue, uses)| match queue.ends_with(POISON) {
                true => Some(queue.clone()),
                false => uses.contains(&QueueUse::Trigger).then(|| format!("{queue}{POISON}")),
            })
            .collect();
        queues.sort_unstable();
        queues.dedup();
        queues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_queue_that_triggers_has_a_poison_queue_and_poison_queues_have_none() {
        let uses = r#"{"queues": {"a": ["trigger"], "a-poison": ["trigger"], "b": ["send", "trigger"],
                                  "c": ["send", "length"], "d-poison": ["process"]}}"#;
        let uses: Uses = serde_json::from_str(uses).unwrap();
        assert_eq!(uses.poison_queues(), ["a-poison", "b-poison", "d-poison"]);
    }

    #[test]
    fn everything_but_names_and_keys_may_be_left_out() {
        let owned = r#"{"containers": [{"name": "c", "partitionKey": "/id"}], "blobContainers": [{"name": "b"}]}"#;
        let owned: Owned = serde_json::from_str(owned).unwrap();
        let container = &owned.containers[0];
        assert_eq!((container.default_ttl_seconds, container.unique_keys.len()), (None, 0));
        let blobs = &owned.blob_containers[0];
        assert_eq!((blobs.delete_after_days, blobs.keep_for_days), (None, None));
    }
}
