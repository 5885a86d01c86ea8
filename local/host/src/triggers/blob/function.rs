use function_json::{BlobTrigger, Trigger};
use futures::future::BoxFuture;

use super::{BlobPointer, FUNCTION_PREFIX};
use crate::{
    envelope::{self, blob::Blob, queue::Message},
    triggers::{
        Delivered, Event, Runner, Target,
        queue::{Processor, QueueOptions, Source},
        wire::StoredBlob,
    },
};

/// Deliveries of a blob before it goes to the poison queue (`extensions.blobs.poisonBlobThreshold`).
const POISON_BLOB_THRESHOLD: u32 = 5;
/// Where pointers to blobs go that no function could process.
const POISON_QUEUE: &str = "webjobs-blobtrigger-poison";
/// Longest host id.
const MAX_HOST_ID_CHARS: usize = 32;

/// The host's own queue of an app's blobs.
pub fn blob_queue(app: &str) -> String {
    let plain = app.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let id: String = plain.trim_matches('-').chars().take(MAX_HOST_ID_CHARS).collect();
    format!("azure-webjobs-blobtrigger-{}", id.trim_end_matches('-'))
}

/// How the host's own queue is read: like any other, but for its limits.
pub fn blob_queue_options(options: &QueueOptions, cores: u32) -> QueueOptions {
    let parallel = cores.saturating_mul(8);
    let batch_size = parallel.min(32);
    QueueOptions {
        batch_size,
        new_batch_threshold: parallel - batch_size,
        max_dequeue_count: POISON_BLOB_THRESHOLD,
        ..options.clone()
    }
}

/// The blob functions of an app that share a connection, called through the host's own queue.
#[derive(Debug)]
pub struct BlobFunctions {
    /// What runs them.
    pub runner: Runner,
    /// The functions.
    pub targets: Vec<Target>,
}

impl BlobFunctions {
    /// The queue they are called through.
    pub fn source(app: &str, connection: &str) -> Source {
        Source {
            connection: connection.to_owned(),
            queue: blob_queue(app),
            poison: Some(POISON_QUEUE.to_owned()),
        }
    }

    async fn call(&self, pointer: &BlobPointer) -> Delivered {
        let name =
            pointer.function_id.strip_prefix(FUNCTION_PREFIX).unwrap_or(&pointer.function_id);
        let found = self.targets.iter().find_map(|target| match &target.json.trigger {
            Trigger::Blob(trigger) if target.name == name => Some((target, trigger)),
            _ => None,
        });
        // A function that is gone, and a blob that is gone: there is nothing left to do.
        let Some((target, trigger)) = found else { return Delivered::Succeeded(None) };
        match read(&self.runner, trigger, &pointer.container_name, &pointer.blob_name).await {
            Ok(Some(blob)) => {
                let event = blob_event(target, trigger, blob);
                self.runner.deliver(target, &event).await
            }
            Ok(None) => Delivered::Succeeded(None),
            Err(reason) => Delivered::Failed(reason),
        }
    }
}

/// Reads a blob as its trigger needs it.
pub(crate) async fn read(
    runner: &Runner,
    trigger: &BlobTrigger,
    container: &str,
    name: &str,
) -> Result<Option<Blob>, String> {
    let service =
        runner.connections.blobs(&trigger.connection).map_err(|error| error.to_string())?;
    let found = service.read(container, name).await.map_err(|error| error.to_string())?;
    Ok(found.map(|StoredBlob { url, content, properties, metadata }| Blob {
        container: container.to_owned(),
        name: name.to_owned(),
        uri: url,
        content: content.to_vec(),
        properties,
        metadata,
    }))
}

/// The event of a blob that was read.
pub(crate) fn blob_event(target: &Target, trigger: &BlobTrigger, blob: Blob) -> Event {
    Event {
        trigger: "blob",
        about: format!("container {}", blob.container),
        envelope: envelope::blob::blob(&target.json.trigger_name, &trigger.path, &blob),
    }
}

impl Processor for BlobFunctions {
    fn process(&self, message: Message) -> BoxFuture<'_, Delivered> {
        Box::pin(async move {
            match serde_json::from_slice(&message.body) {
                Ok(pointer) => self.call(&pointer).await,
                Err(error) => Delivered::Failed(format!(
                    "reading a message of the host's own blob queue: {error}"
                )),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_is_named_after_the_app() {
        assert_eq!(blob_queue("photos"), "azure-webjobs-blobtrigger-photos");
        assert_eq!(blob_queue("My_App."), "azure-webjobs-blobtrigger-my-app");
    }

    #[test]
    fn at_most_eight_blobs_a_core_are_processed_at_once() {
        for cores in [1, 2, 8] {
            let options = blob_queue_options(&QueueOptions::default(), cores);
            assert_eq!(options.batch_size + options.new_batch_threshold, 8 * cores);
            assert!(options.batch_size <= 32);
            assert_eq!(options.max_dequeue_count, 5);
        }
    }
}
