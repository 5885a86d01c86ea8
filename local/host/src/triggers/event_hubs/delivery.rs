//! From a page of a partition to invocations and checkpoints.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use function_json::{Cardinality, EventHubTrigger};
use local_data::{HubEvent, Property};
use serde_json::Value;

use super::ownership::OwnershipStore;
use crate::{
    envelope::{
        Envelope,
        event_hubs::{self, PartitionContext},
    },
    triggers::{Delivered, Event, Runner, Target, wire::EventHub},
};

/// What the deliveries of a listener share.
pub(super) struct Feed {
    pub(super) runner: Runner,
    pub(super) target: Target,
    pub(super) trigger: EventHubTrigger,
    pub(super) hub: EventHub,
    pub(super) store: OwnershipStore,
}

/// Events of a partition on their way to the function.
pub(super) struct Batch {
    pub(super) partition: String,
    pub(super) events: Vec<HubEvent>,
    /// Invocations of this partition before, since it was taken.
    pub(super) invocations: u32,
    /// Turns false when the partition is somebody else's by now.
    pub(super) is_ours: Arc<AtomicBool>,
}

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was dealt with; so many invocations there have been now.
    Done(u32),
    /// The host stops, or the partition is somebody else's: the checkpoint stays where it is.
    Left,
}

impl Feed {
    /// Calls the function with the events, all at once or one after the other. **A checkpoint is written when the function
    /// succeeded and also when it failed**: only a retry policy that is still at work, or a host that stops, holds it.
    pub(super) async fn deliver(&self, batch: Batch) -> Ended {
        let delay = self.runner.faults.message_delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let size = match self.trigger.cardinality {
            Cardinality::One => 1,
            Cardinality::Many => batch.events.len().max(1),
        };
        let mut invocations = batch.invocations;
        for events in batch.events.chunks(size) {
            if !batch.is_ours.load(Ordering::Relaxed) {
                return Ended::Left;
            }
            invocations = invocations.wrapping_add(1);
            let is_checkpoint =
                invocations.is_multiple_of(self.runner.event_hubs.batch_checkpoint_frequency);
            if self.invoke(&batch.partition, events, is_checkpoint).await == Delivered::Stopped {
                return Ended::Left;
            }
            if is_checkpoint && batch.is_ours.load(Ordering::Relaxed) {
                self.checkpoint(&batch.partition, events).await;
            }
        }
        Ended::Done(invocations)
    }

    async fn invoke(&self, partition: &str, events: &[HubEvent], is_checkpoint: bool) -> Delivered {
        let about = format!("{} partition {partition}, {} events", self.hub.name(), events.len());
        let envelope = match self.envelope(partition, events, is_checkpoint) {
            Ok(envelope) => envelope,
            Err(reason) => {
                self.tell_of_loss(partition, events, &reason);
                return Delivered::Failed(reason);
            }
        };
        let event = Event { trigger: "eventHub", about, envelope };
        loop {
            match self.runner.deliver(&self.target, &event).await {
                Delivered::Succeeded(_) if self.runner.faults.take_duplicate() => {}
                Delivered::Failed(reason) => {
                    self.tell_of_loss(partition, events, &reason);
                    return Delivered::Failed(reason);
                }
                other => return other,
            }
        }
    }

    fn envelope(
        &self,
        partition: &str,
        events: &[HubEvent],
        is_checkpoint: bool,
    ) -> Result<Envelope, String> {
        let context = PartitionContext {
            namespace: self.hub.namespace().to_owned(),
            event_hub: self.hub.name().to_owned(),
            consumer_group: self.trigger.consumer_group.clone(),
            partition_id: partition.to_owned(),
            is_checkpointing_after_invocation: is_checkpoint,
        };
        let (name, data_type) = (&self.target.json.trigger_name, self.trigger.data_type);
        let events: Vec<event_hubs::Event> = events.iter().map(shown).collect();
        match (self.trigger.cardinality, &events[..]) {
            (Cardinality::One, [event]) => Ok(event_hubs::one(name, data_type, &context, event)),
            _ => event_hubs::many(name, data_type, &context, &events)
                .map_err(|error| error.to_string()),
        }
    }

    /// A checkpoint that cannot be written is no reason to deliver again now; after a crash it would be.
    async fn checkpoint(&self, partition: &str, events: &[HubEvent]) {
        let Some(last) = events.last() else { return };
        if let Err(error) = self.store.write_checkpoint(partition, last).await {
            self.runner.log.warn(&self.runner.app, format!("{error}; events may come again"));
        }
    }

    fn tell_of_loss(&self, partition: &str, events: &[HubEvent], reason: &str) {
        let (function, hub, count) = (&self.target.name, self.hub.name(), events.len());
        self.runner.log.error(
            &self.runner.app,
            format!(
                "{function} failed on {count} events of {hub}, partition {partition} ({reason}); the checkpoint moves \
                 on, as in Azure, and they will not come again: give the function a retry policy, or keep what it \
                 cannot do in a place of its own and succeed"
            ),
        );
    }
}

/// An event as the envelope shows it.
fn shown(event: &HubEvent) -> event_hubs::Event {
    let json = |(name, value): (&String, &Property)| (name.clone(), value.to_json());
    event_hubs::Event {
        body: event.body.to_vec(),
        partition_key: event.partition_key.clone(),
        offset: event.offset.to_string(),
        sequence_number: event.sequence_number,
        enqueued: event.enqueued,
        properties: event.properties.iter().map(json).collect(),
        system_properties: event
            .system_properties
            .iter()
            .map(json)
            .filter(|(_, value): &(String, Value)| !value.is_null())
            .collect(),
    }
}
