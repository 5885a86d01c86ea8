//! Messages that cannot be dealt with yet, put back into the queue that they came from.

use crate::dead_letters::queue_of;
use azure_data::{Storage, TriggerQueues};
use custom_handler::{Done, Failure, Function, Payload, QueueMessage};
use std::time::Duration;

/// How often the host hands out a message (`maxDequeueCount` in host.json). Then it moves it to the poison queue; a message
/// of a poison queue it hands out no more, and says nothing.
pub(crate) const MAX_DEQUEUE_COUNT: u32 = 5;
/// How long a message rests that could not be dealt with in so many tries.
const REST: Duration = Duration::from_secs(60);

/// Keeps messages from being given up: on the host's last try it puts them back into their queue, where their tries begin
/// anew a minute later. For what must not be lost and waits for something that comes back by itself.
///
/// If the process dies in between, the message is there twice.
#[derive(Debug)]
pub struct PutOff {
    queues: TriggerQueues,
}

impl PutOff {
    /// For the queues that trigger this app's functions.
    #[must_use]
    pub fn new(storage: &Storage) -> Self {
        Self { queues: storage.trigger_queues() }
    }

    /// The outcome of a run of this function; if it failed for now, and the host will not try again, the message goes
    /// back to the queue that triggers the function. What is given up stays given up.
    ///
    /// # Errors
    /// Those of the run; if the message cannot be put back, that.
    pub async fn unless_done(
        &self,
        function: &Function,
        message: &QueueMessage,
        outcome: Result<Done, Failure>,
    ) -> Result<Done, Failure> {
        let queue = queue_of(function).unwrap_or_default();
        self.unless_done_from(&queue, message, outcome).await
    }

    /// As [`PutOff::unless_done`], with the name of the queue.
    pub(crate) async fn unless_done_from(
        &self,
        queue: &str,
        message: &QueueMessage,
        outcome: Result<Done, Failure>,
    ) -> Result<Done, Failure> {
        match outcome {
            Err(Failure::Again(reason)) if is_last_try(message) => {
                let content = bytes(&message.body);
                self.queues.put_back(queue, &content, REST).await.map_err(Failure::again)?;
                tracing::error!(queue, "a message was put off after its last try");
                Ok(Done::nothing().log(format!("put off: {reason}")))
            }
            outcome => outcome,
        }
    }
}

fn is_last_try(message: &QueueMessage) -> bool {
    message.dequeue_count.is_some_and(|count| count >= i64::from(MAX_DEQUEUE_COUNT))
}

/// As it was in the queue.
fn bytes(body: &Payload) -> Vec<u8> {
    match body {
        Payload::Bytes(bytes) => bytes.to_vec(),
        other => other.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_host_tries_as_often_as_host_json_says() {
        let host: Value = serde_json::from_str(include_str!("../../../host.json")).unwrap();
        assert_eq!(host["extensions"]["queues"]["maxDequeueCount"], MAX_DEQUEUE_COUNT);
    }
}
