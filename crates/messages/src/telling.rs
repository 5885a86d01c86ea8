//! Facts after storage: what documents of a change feed have to tell is published, and only then noted as told.

use crate::cloud_event::CloudEvent;
use crate::dead_letters::{DeadLetterApp, keep_rejected};
use crate::publishing::Publisher;
use custom_handler::{Done, Failure, Invocation, Rejected};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use std::fmt::Display;
use std::future::Future;

/// How many facts are noted as told at the same time.
const MAX_AT_ONCE: usize = 16;

/// What a batch of a change feed has to tell.
#[derive(Debug)]
pub struct Telling<T> {
    /// The facts, those of one subject in their order.
    pub events: Vec<CloudEvent<Value>>,
    /// What is to be noted as told once they are.
    pub told: Vec<T>,
    /// Documents that cannot be read; each becomes a dead letter.
    pub rejected: Vec<Rejected>,
}

impl<T> Telling<T> {
    /// Publishes the facts, has them noted as told, and keeps what cannot be read. Whoever is killed in between tells them
    /// again, with the same ids; the checkpoint moves when all of it is done.
    ///
    /// # Errors
    /// [`Failure::Again`]: the host brings the batch again, for ever.
    pub async fn tell<A: DeadLetterApp, F: Future<Output = Result<(), E>>, E: Display>(
        self,
        app: &A,
        publisher: &Publisher,
        invocation: &Invocation,
        note: impl Fn(T) -> F,
    ) -> Result<Done, Failure> {
        // What names no trace of its own goes out in that of the invocation.
        let in_trace = |event: CloudEvent<Value>| match event.traceparent {
            Some(_) => event,
            None => event.in_trace(invocation.trace()),
        };
        let events: Vec<CloudEvent<Value>> = self.events.into_iter().map(in_trace).collect();
        publisher.publish_all(&events).await.map_err(Failure::again)?;
        stream::iter(self.told)
            .map(note)
            .buffer_unordered(MAX_AT_ONCE)
            .try_collect::<()>()
            .await
            .map_err(Failure::again)?;
        for rejected in &self.rejected {
            keep_rejected(app, rejected, invocation).await.map_err(Failure::again)?;
        }
        Ok(Done::nothing().log(format!("{} facts", events.len())))
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
