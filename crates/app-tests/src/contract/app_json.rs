//! `app.json`, as far as the tests compare it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AppJson {
    pub(super) owns: Owns,
    pub(super) uses: Uses,
    pub(super) settings: BTreeMap<String, SettingEntry>,
    pub(super) partners: BTreeMap<String, Partner>,
    pub(super) event_subscriptions: Vec<Value>,
    pub(super) signs_urls: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Owns {
    pub(super) containers: Vec<Owned>,
    pub(super) queues: Vec<String>,
    pub(super) blob_containers: Vec<Owned>,
    pub(super) event_types: Vec<String>,
    pub(super) event_hubs: Vec<Owned>,
    pub(super) consumer_groups: Vec<ConsumerGroup>,
}

/// A group in which an event hub is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsumerGroup {
    pub(super) name: String,
    pub(super) event_hub: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Owned {
    pub(super) name: String,
}

/// What is used, by name, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Uses {
    pub(super) queues: BTreeMap<String, BTreeSet<String>>,
    pub(super) containers: BTreeMap<String, BTreeSet<String>>,
    pub(super) blob_containers: BTreeMap<String, BTreeSet<String>>,
    pub(super) event_types: BTreeMap<String, BTreeSet<String>>,
    pub(super) event_hubs: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingEntry {
    pub(super) local: Option<String>,
    pub(super) azure: Option<Value>,
}

/// A system of others that is given queues and blobs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Partner {
    pub(super) receives: Vec<String>,
    pub(super) sends: Vec<String>,
    pub(super) reads: Vec<String>,
}

impl AppJson {
    /// Whether a partner is given the queue or the blob container.
    pub(super) fn is_a_partners(&self, name: &str) -> bool {
        self.partners.values().any(|partner| {
            [&partner.receives, &partner.sends, &partner.reads]
                .into_iter()
                .flatten()
                .any(|known| known == name)
        })
    }
}
