//! Messages that say in which trace they were sent, for whoever gets them.

use super::{QueueSender, StorageFailure};
use crate::said::Said;
use custom_handler::TraceContext;
use serde::Serialize;
use std::time::Duration;

impl QueueSender {
    /// Sends a value as JSON. An object says in the members `traceparent` and `tracestate` (W3C Trace Context) where in a
    /// trace it was sent: in the caller's, which goes on where it is got.
    ///
    /// # Errors
    /// As [`QueueSender::send`].
    ///
    /// # Panics
    /// If the value is no JSON: a mistake in the code.
    pub async fn send_json<T: Serialize + Sync>(&self, value: &T) -> Result<(), StorageFailure> {
        self.send_traced(None, None, |position| written(value, position)).await
    }

    /// As [`QueueSender::send_json`]; nobody sees it before `delay` is over: whole seconds, at most seven days.
    ///
    /// # Errors
    /// As [`QueueSender::send`].
    ///
    /// # Panics
    /// As [`QueueSender::send_json`].
    pub async fn send_json_later<T: Serialize + Sync>(
        &self,
        value: &T,
        delay: Duration,
    ) -> Result<(), StorageFailure> {
        self.send_traced(None, Some(delay), |position| written(value, position)).await
    }
}

fn written<T: Serialize>(value: &T, position: &TraceContext) -> String {
    let said = Said { value, position: Some(position.clone()) };
    serde_json::to_string(&said).expect("a message is JSON")
}
