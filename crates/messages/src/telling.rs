//! Facts after storage: what documents of a change feed have to tell is published, and only then noted as told.

use crate::cloud_event::CloudEvent;
use crate::dead_letters::{DeadLetterApp, keep_rejected};
use crate::publishing::Publisher;
use custom_handler::{Done, Failure, Invocation, Item, Rejected, Writers};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use std::fmt::Display;
use std::future::Future;
use tracing::Instrument;

/// How many facts are noted as told at the same time.
const MAX_AT_ONCE: usize = 16;

/// What a batch of a change feed has to tell.
#[derive(Debug)]
pub struct Telling<T> {
    /// By document, in the order of the feed.
    pub tales: Vec<Tale<T>>,
    /// Documents that cannot be read; each becomes a dead letter.
    pub rejected: Vec<Rejected>,
}

/// What one document has to tell.
#[derive(Debug)]
pub struct Tale<T> {
    /// The document's id.
    pub document: String,
    /// The facts, those of one subject in their order.
    pub events: Vec<CloudEvent<Value>>,
    /// What is to be noted as told once they are.
    pub told: Option<T>,
}

impl<T> Telling<T> {
    /// Publishes the facts, has them noted as told, and keeps what cannot be read. Whoever is killed in between tells them
    /// again, with the same ids; the checkpoint moves when all of it is done.
    ///
    /// Facts go out, and are noted, in the trace in which their document was written, as far as `writers` has it.
    ///
    /// # Errors
    /// [`Failure::Again`]: the host brings the batch again, for ever.
    pub async fn tell<A: DeadLetterApp, F: Future<Output = Result<(), E>>, E: Display>(
        self,
        app: &A,
        publisher: &Publisher,
        invocation: &Invocation,
        writers: &Writers,
        note: impl Fn(T) -> F,
    ) -> Result<Done, Failure> {
        let (mut events, mut told) = (Vec::new(), Vec::new());
        for tale in self.tales.into_iter().filter(Tale::tells) {
            let item = writers.item(invocation, &tale.document);
            let in_trace = |event: CloudEvent<Value>| (event.in_trace(item.trace()), item.span());
            events.extend(tale.events.into_iter().map(in_trace));
            told.push((tale.told, item));
        }
        let items: Vec<Item> = told.iter().map(|(_, item)| item.clone()).collect();
        let again = |failure: &dyn Display| {
            items.iter().for_each(|item| item.failed("again"));
            Failure::again(failure)
        };
        let count = events.len();
        publisher.publish_each(events).await.map_err(|failure| again(&failure))?;
        stream::iter(told.into_iter().filter_map(|(told, item)| Some((told?, item))))
            .map(|(told, item)| note(told).instrument(item.span()))
            .buffer_unordered(MAX_AT_ONCE)
            .try_collect::<()>()
            .await
            .map_err(|failure| again(&failure))?;
        for rejected in &self.rejected {
            keep_rejected(app, rejected, invocation).await.map_err(Failure::again)?;
        }
        Ok(Done::nothing().log(format!("{count} facts")))
    }
}

impl<T> Tale<T> {
    fn tells(&self) -> bool {
        !self.events.is_empty() || self.told.is_some()
    }
}

/// The data of an event, without what is not known.
#[must_use]
pub fn without_nulls(mut data: Value) -> Value {
    if let Value::Object(members) = &mut data {
        members.retain(|_, value| !value.is_null());
    }
    data
}
