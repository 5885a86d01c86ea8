//! What the host does with queues, containers and blobs for a function, by its bindings.

use function_json::{FunctionJson, Input, Output, Trigger};
use serde_json::{Value, json};

/// The entries of one function, each with the member of the description that it belongs to.
pub(super) fn uses(function: &FunctionJson) -> Vec<(&'static str, Value)> {
    let mut uses = of_trigger(&function.trigger);
    uses.extend(function.inputs.iter().filter_map(|input| of_input(&input.kind)));
    uses.extend(function.outputs.iter().filter_map(|output| of_output(&output.kind)));
    uses
}

fn of_trigger(trigger: &Trigger) -> Vec<(&'static str, Value)> {
    match trigger {
        Trigger::Queue(queue) => vec![named("queues", &queue.queue_name, "trigger")],
        Trigger::CosmosDb(feed) => vec![
            container(&feed.database_name, &feed.container_name, "feed"),
            container(&feed.lease_database_name, &feed.lease_container_name, "leases"),
        ],
        Trigger::Blob(blob) => vec![blob_container(&blob.path, "trigger")],
        Trigger::EventHub(hub) => vec![named("eventHubs", &hub.event_hub_name, "trigger")],
        // A topic is not one of ours to make: nobody declares it.
        Trigger::Kafka(_) => Vec::new(),
        Trigger::Http(_) | Trigger::EventGrid(_) | Trigger::Timer(_) => Vec::new(),
    }
}

fn of_input(input: &Input) -> Option<(&'static str, Value)> {
    match input {
        Input::CosmosDb { database_name, container_name, .. } => {
            Some(container(database_name, container_name, "read"))
        }
        Input::Blob { path, .. } => Some(blob_container(path, "read")),
        Input::Other(_) => None,
    }
}

fn of_output(output: &Output) -> Option<(&'static str, Value)> {
    match output {
        Output::Queue { queue_name, .. } => Some(named("queues", queue_name, "send")),
        Output::CosmosDb { database_name, container_name, .. } => {
            Some(container(database_name, container_name, "write"))
        }
        Output::Blob { path, .. } => Some(blob_container(path, "write")),
        Output::EventHub { event_hub_name, .. } => Some(named("eventHubs", event_hub_name, "send")),
        Output::Http | Output::EventGrid { .. } | Output::Other(_) => None,
    }
}

fn named(member: &'static str, name: &str, usage: &str) -> (&'static str, Value) {
    (member, json!({ "name": name, "uses": [usage] }))
}

fn container(database: &str, name: &str, usage: &str) -> (&'static str, Value) {
    ("containers", json!({ "database": database, "name": name, "uses": [usage] }))
}

/// The first segment of a path is its container.
fn blob_container(path: &str, usage: &str) -> (&'static str, Value) {
    named("blobContainers", path.split('/').next().unwrap_or_default(), usage)
}
