//! Events of a hub as an app takes them in. A hub has no queue for what fails: the host's checkpoint moves on, well or not,
//! so what cannot be done goes where it is kept, and the batch goes on.

use crate::dead_letters::{Content, DeadLetterApp, GIVEN_UP, Origin, Report};
use custom_handler::{Done, Failure, HubEvent, HubEvents, Invocation, Payload, QueueMessage};
use futures::{FutureExt, StreamExt, stream};
use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use tracing::{Instrument, field};

/// How often a batch is tried again before what still fails in it is put off; with the pauses of the functions' retry policy
/// (1 to 5 s) half a minute. As long as that the partition waits, and its order is kept.
const MAX_RETRIES: i32 = 8;
/// How many subjects of a batch are worked at at the same time; of one subject one event follows the other.
const MAX_AT_ONCE: usize = 16;

/// An app that takes in events of hubs: all of them with one code, whichever hub they come from, whether for the first time or
/// again.
///
/// An event comes more than once, and after those that are newer: what was done for it is recognised by what it is about (its
/// id, the revision of its subject), stored with the effect in the same write.
pub trait EventConsumer: DeadLetterApp {
    /// The app's queue of events that come once more: what failed again and again, replays, and what people re-drive. It is
    /// one of those that its [`DeadLetters`](crate::DeadLetters) name.
    const REPLAYS: &'static str;

    /// Does what follows from an event.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] if it never can; [`Failure::Again`] if not now.
    fn take(
        &self,
        event: &Payload,
        invocation: &mut Invocation,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The code of a function of an event hub. An event that is given up becomes a dead letter. One that fails is tried again,
/// with all that came with it, as the function's retry policy says; after some tries it is put into the app's queue of replays
/// alone, where it is tried for a day before it becomes a dead letter. The policy must have no end (`maxRetryCount: -1`), so
/// that nothing is lost while neither can be done.
///
/// # Errors
/// [`Failure::Again`]: the host brings the batch again.
pub async fn consume<A: EventConsumer>(
    app: &A,
    events: HubEvents,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let HubEvents { events, partition_id } = events;
    let count = events.len();
    let is_patient = invocation.retry().is_some_and(|retry| retry.retry_count < MAX_RETRIES);
    let partition = partition_id.unwrap_or_default();
    let batch = Batch { app, invocation: &invocation, partition, is_patient };
    let ended: Vec<Result<(), Failure>> = stream::iter(by_key(events))
        .map(|events| batch.in_order(events))
        .buffer_unordered(MAX_AT_ONCE)
        .collect()
        .await;
    ended.into_iter().collect::<Result<(), Failure>>()?;
    Ok(Done::nothing().log(format!("{count} events")))
}

/// The code of the function of the queue [`EventConsumer::REPLAYS`], whose messages are events as on a hub.
///
/// # Errors
/// As [`EventConsumer::take`].
pub async fn replay<A: EventConsumer>(
    app: &A,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    app.take(&message.body, &mut invocation).await?;
    Ok(Done::nothing())
}

/// What the events of an invocation share.
struct Batch<'a, A> {
    app: &'a A,
    invocation: &'a Invocation,
    partition: String,
    /// Whether what fails is tried again here, before others are.
    is_patient: bool,
}

impl<A: EventConsumer> Batch<'_, A> {
    /// Events of one key. None is done before an earlier one that will be tried again.
    async fn in_order(&self, events: Vec<HubEvent>) -> Result<(), Failure> {
        for event in &events {
            self.one(event).await?;
        }
        Ok(())
    }

    async fn one(&self, event: &HubEvent) -> Result<(), Failure> {
        let function = self.invocation.function();
        let mut invocation = self.invocation.on_behalf_of(function);
        let (partition, sequence) = (&self.partition, event.sequence_number);
        let span = tracing::info_span!("event", partition, sequence, trace_id = field::Empty);
        let work = AssertUnwindSafe(self.app.take(&event.body, &mut invocation)).catch_unwind();
        let ended = work.instrument(span).await;
        match ended.unwrap_or_else(|_| Err(Failure::again("the function panicked"))) {
            Ok(()) => Ok(()),
            Err(Failure::GiveUp(reason)) => self.keep(event, &invocation, &reason).await,
            Err(Failure::Again(reason)) if self.is_patient => Err(Failure::Again(reason)),
            Err(Failure::Again(reason)) => self.put_off(event, &invocation, &reason).await,
        }
    }

    /// Into the queue of replays, which goes on trying; the events after it are worth no less.
    async fn put_off(
        &self,
        event: &HubEvent,
        invocation: &Invocation,
        reason: &str,
    ) -> Result<(), Failure> {
        let queue = self.app.dead_letters().queue(A::REPLAYS);
        let queue = queue.expect("the queue of replays is one that dead letters are sent to");
        match queue.send_bytes(&event.body.bytes()).await {
            Ok(()) => {
                let (partition, sequence) = (&self.partition, event.sequence_number);
                tracing::warn!(partition, sequence, reason, "an event fails and is put off");
                Ok(())
            }
            Err(failure) if failure.is_too_large() => self.keep(event, invocation, reason).await,
            Err(failure) => Err(Failure::again(failure)),
        }
    }

    /// A letter that is re-driven goes to the queue of replays.
    async fn keep(
        &self,
        event: &HubEvent,
        invocation: &Invocation,
        reason: &str,
    ) -> Result<(), Failure> {
        let origin = Origin {
            function: invocation.function().to_owned(),
            queue: Some(A::REPLAYS.to_owned()),
        };
        let mut report = Report::new(GIVEN_UP, origin, reason, Content::of(&event.body));
        if let Some(sequence) = event.sequence_number {
            report.name = format!("{}/{}/{sequence}", invocation.function(), self.partition);
        }
        report.trace_id = Some(invocation.trace().trace_id());
        let app = self.app;
        app.dead_letters().keep(app, &app.told(report)).await.map_err(Failure::again)
    }
}

/// Events of one key together, in their order; those without a key are of one.
fn by_key(events: Vec<HubEvent>) -> Vec<Vec<HubEvent>> {
    let mut places: HashMap<Option<String>, usize> = HashMap::new();
    let mut groups: Vec<Vec<HubEvent>> = Vec::new();
    for event in events {
        let place = *places.entry(event.partition_key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(event),
            None => groups.push(vec![event]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::Map;

    fn event(key: Option<&str>, sequence_number: i64) -> HubEvent {
        HubEvent {
            body: Payload::Text("{}".into()),
            partition_key: key.map(str::to_owned),
            offset: None,
            sequence_number: Some(sequence_number),
            enqueued_time: None,
            properties: Map::new(),
            system_properties: Map::new(),
        }
    }

    #[test]
    fn events_of_one_key_stay_together_and_in_their_order() {
        let keys = [Some("a"), None, Some("b"), Some("a"), None, Some("a")];
        let events = keys.iter().zip(1..).map(|(key, number)| event(*key, number)).collect();
        let numbers: Vec<Vec<i64>> = by_key(events)
            .iter()
            .map(|group| group.iter().filter_map(|event| event.sequence_number).collect())
            .collect();
        assert_eq!(numbers, [vec![1, 4, 6], vec![2, 5], vec![3]]);
    }
}
