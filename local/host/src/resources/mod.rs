//! Creating what an app owns in the local services, and filling it with sample data, when the host starts. What that is
//! stands in the app's `app.json`.

mod absent;
mod all;
mod captures;
mod provision;
mod queue_names;
mod sample;
mod sample_blobs;

use std::{io, path::PathBuf};

use local_data::{LifecycleRule, RetentionRule};
use serde_json::Value;

pub(crate) use all::provision_all;

use queue_names::queues_of;

use crate::{
    App,
    app_json::{APP_JSON, BlobContainer, ConsumerGroup, CosmosContainer, EventHub},
    triggers::event_grid::Subscription,
};

/// What is created for one app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resources {
    /// The databases with their containers.
    pub(crate) databases: Vec<CosmosDatabase>,
    pub(crate) queues: Vec<String>,
    pub(crate) blob_containers: Vec<BlobContainer>,
    pub(crate) event_hubs: Vec<EventHub>,
    pub(crate) consumer_groups: Vec<ConsumerGroup>,
    /// Which events reach which function.
    pub(crate) subscriptions: Vec<Subscription>,
}

/// A database in Cosmos DB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CosmosDatabase {
    pub(crate) name: String,
    pub(crate) containers: Vec<CosmosContainer>,
}

/// Why what an app owns could not be created.
#[derive(Debug, thiserror::Error)]
pub enum ResourcesError {
    /// A file cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file does not say what it should.
    #[error("reading {path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A file of sample data that belongs to no container.
    #[error(
        "{path}: {APP_JSON} of this app owns no container of that name; add it or remove the file"
    )]
    NoContainer {
        /// The file.
        path: PathBuf,
    },
    /// A document without a partition key.
    #[error(
        "{path}: document {number} has no value at {partition_key}, the container's partition key"
    )]
    NoPartitionKey {
        /// The file.
        path: PathBuf,
        /// Its place in the file, from 1.
        number: usize,
        /// The path of the partition key.
        partition_key: String,
    },
    /// A hub is captured into a blob container that is nobody's.
    #[error(
        "{APP_JSON} of {app} captures the event hub {hub} into {container}, a blob container that no app owns; add it to \
         owns.blobContainers of the app that reads the files"
    )]
    NoCaptureContainer {
        /// The app that owns the hub.
        app: String,
        /// The hub.
        hub: String,
        /// The container.
        container: String,
    },
    /// A local service refused.
    #[error("{doing}: {what}")]
    Refused {
        /// What was being created.
        doing: String,
        /// What the service answered.
        what: String,
    },
}

impl Resources {
    /// What an app owns, and the queues for messages that its functions give up.
    pub(crate) fn of(app: &App) -> Self {
        let owns = app.declared.owns.clone();
        let declared = owns.queues.into_iter().chain(app.declared.uses.poison_queues());
        let mut queues: Vec<String> = Vec::new();
        for queue in declared.flat_map(|name| queues_of(&name, &app.settings)) {
            if !queues.contains(&queue) {
                queues.push(queue);
            }
        }
        let mut databases: Vec<CosmosDatabase> = Vec::new();
        for container in owns.containers {
            let name = container.database.as_ref().unwrap_or(&app.name);
            match databases.iter_mut().find(|database| database.name == *name) {
                Some(database) => database.containers.push(container),
                None => databases
                    .push(CosmosDatabase { name: name.clone(), containers: vec![container] }),
            }
        }
        Self {
            databases,
            queues,
            blob_containers: owns.blob_containers,
            event_hubs: owns.event_hubs,
            consumer_groups: owns.consumer_groups,
            subscriptions: app.declared.event_subscriptions.clone(),
        }
    }

    /// After how many days the blobs of each container go.
    pub(crate) fn lifecycle_rules(&self) -> impl Iterator<Item = LifecycleRule> {
        self.blob_containers.iter().filter_map(|container| {
            let delete_after_days = container.delete_after_days?;
            Some(LifecycleRule { container: container.name.clone(), delete_after_days })
        })
    }

    /// For how many days the blobs of each container stay as they were written.
    pub(crate) fn retention_rules(&self) -> impl Iterator<Item = RetentionRule> {
        self.blob_containers.iter().filter_map(|container| {
            Some(RetentionRule {
                container: container.name.clone(),
                days: container.keep_for_days?,
            })
        })
    }
}

/// The value at a path such as `/address/city`.
fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('/').skip(1).try_fold(document, |value, name| value.get(name))
}
