//! Events of a hub as an app takes them in. A hub has no queue for what fails: the host's checkpoint moves on, well or not,
//! so what cannot be done goes where it is kept, and the batch goes on.

mod apart;
mod in_order;

use crate::dead_letters::DeadLetterApp;
use apart::{Apart, Come};
use custom_handler::{Done, Failure, HubEvents, Invocation, Payload, QueueMessage};
use futures::{FutureExt, StreamExt, stream};
use in_order::{Patience, by_key, in_order};
use std::future::Future;
use std::panic::AssertUnwindSafe;

/// How often a batch is tried again before what still fails in it is put off; with the pauses of the functions' retry policy
/// (1 to 5 s) half a minute. As long as that the partition waits, and its order is kept.
const MAX_RETRIES: i32 = 8;
/// How many keys of a batch are worked at at the same time; of one key one fact follows the other.
const MAX_AT_ONCE: usize = 16;

/// An app that takes in events of hubs: all of them with one code, whichever hub they come from, whether for the first time or
/// again.
///
/// An event comes more than once, and after those that are newer: what was done for it is recognised by what it is about (its
/// id, the revision of its subject), stored with the effect in the same write.
///
/// A batch is taken in three steps, so that it costs one question and a write for each thing that changes: every event is read,
/// what is there of all that they are about is looked at at once, and then the facts of each key are taken together.
pub trait EventConsumer: DeadLetterApp {
    /// The app's queue of events that come once more: what failed again and again, replays, and what people re-drive. It is
    /// one of those that its [`DeadLetters`](crate::DeadLetters) name.
    const REPLAYS: &'static str;

    /// What an event says, as far as the app wants to know.
    type Fact: Send + Sync;
    /// What is known of what the facts of a batch are about. It may be old, and its default is that nothing is known: then
    /// every fact is taken by what is read for it.
    type Known: Default + Send + Sync;

    /// Reads an event and asks nobody. `None`: it is of a type that others read, or nothing follows from it.
    ///
    /// # Errors
    /// [`Failure::GiveUp`] if it is no event, or does not say what it should.
    fn read(
        &self,
        event: &Payload,
        invocation: &mut Invocation,
    ) -> Result<Option<Self::Fact>, Failure>;

    /// What a fact is about. Facts of one key are taken one after the other, in the hub's order, so everything that lies in one
    /// document has one key, and everything that one subject tells.
    fn key(fact: &Self::Fact) -> String;

    /// Looks at what is there of all that these facts are about, in as few questions as there can be.
    ///
    /// # Errors
    /// [`Failure::Again`].
    fn look(
        &self,
        facts: &[&Self::Fact],
    ) -> impl Future<Output = Result<Self::Known, Failure>> + Send;

    /// Does what follows from facts of one key, as if one after the other: how each ended, in their order. [`Failure::GiveUp`]
    /// if it never can be done; those after it count all the same. [`Failure::Again`] if not now: then none after it was
    /// done, and nothing is said of them.
    fn take(
        &self,
        facts: &[&Self::Fact],
        known: &Self::Known,
    ) -> impl Future<Output = Vec<Result<(), Failure>>> + Send;
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
    let patience = if is_patient { Patience::Waits } else { Patience::IsOver };
    let apart = Apart { app, partition: partition_id.unwrap_or_default() };
    let (mut facts, mut unread) = (Vec::new(), Vec::new());
    for event in events {
        let mut come = Come::new(event, &invocation);
        match apart.read(&mut come) {
            Ok(None) => {}
            Ok(Some(fact)) => facts.push((come, fact)),
            Err(failure) => unread.push((come, failure)),
        }
    }
    let known = known(app, &facts, patience).await?;
    let mut ended: Vec<Result<(), Failure>> = stream::iter(by_key::<A, Come>(facts))
        .map(|facts| in_order(app, facts, &known, patience, &apart))
        .buffer_unordered(MAX_AT_ONCE)
        .collect()
        .await;
    for (come, failure) in unread {
        ended.push(patience.with(&apart, &come, failure).await);
    }
    ended.into_iter().collect::<Result<(), Failure>>()?;
    Ok(Done::nothing().log(format!("{count} events")))
}

async fn known<A: EventConsumer>(
    app: &A,
    facts: &[(Come, A::Fact)],
    patience: Patience,
) -> Result<A::Known, Failure> {
    let facts: Vec<&A::Fact> = facts.iter().map(|(_, fact)| fact).collect();
    if facts.is_empty() {
        return Ok(A::Known::default());
    }
    let looked = AssertUnwindSafe(app.look(&facts)).catch_unwind().await;
    match (looked.unwrap_or_else(|_| Err(Failure::again("the function panicked"))), patience) {
        // What hinders one look at all of them may not hinder each.
        (Err(_), Patience::IsOver) => Ok(A::Known::default()),
        (known, _) => known,
    }
}

/// The code of the function of the queue [`EventConsumer::REPLAYS`], whose messages are events as on a hub.
///
/// # Errors
/// As [`EventConsumer::read`] and [`EventConsumer::take`].
pub async fn replay<A: EventConsumer>(
    app: &A,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    if let Some(fact) = app.read(&message.body, &mut invocation)? {
        let ended = app.take(&[&fact], &A::Known::default()).await.into_iter().next();
        ended.unwrap_or_else(|| Err(Failure::again("nothing is said of how it ended")))?;
    }
    Ok(Done::nothing())
}
