use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use function_json::{FunctionJson, Trigger};
use futures::FutureExt;
use http::StatusCode;
use serde_json::Map;

use super::call::Call;
use super::enveloped::{reply, reply_document};
use super::finish::duration_ms;
use super::work::Work;
use super::{Server, figures, spans};
use crate::envelope::{Envelope, EnvelopeError, Payload, input_values, trigger_value};
use crate::handler::MessageCode;
use crate::invocation::Invocation;
use crate::outcome::{Done, Failure, GivenUp};

impl Server {
    pub(super) async fn message(
        &self,
        call: &Call,
        code: &MessageCode,
        function_json: &FunctionJson,
        envelope: &Envelope,
        payload: Payload,
    ) -> Result<http::Response<Bytes>, EnvelopeError> {
        if let Work::Message(work) = &call.work {
            figures::waited(call, work);
        }
        let invocation = Invocation {
            function: call.function,
            id: call.invocation_id.clone(),
            trace: call.trace.clone(),
            span: call.span.clone(),
            metadata: envelope.metadata.clone(),
            inputs: input_values(function_json, envelope)?,
            continued: Arc::default(),
        };
        let continued = invocation.continued.clone();
        let running = code(payload, &function_json.trigger, invocation);
        let outcome = AssertUnwindSafe(running?).catch_unwind().await;
        match outcome.unwrap_or_else(|_| Err(Failure::again("the function panicked"))) {
            Ok(done) => Ok(self.done(call, done, function_json)),
            Err(Failure::Again(reason)) => {
                spans::ended(call, "again");
                figures::ended(call, "again");
                tracing::warn!(
                    outcome = "again",
                    duration_ms = duration_ms(call),
                    reason,
                    "message to be tried again"
                );
                Ok(self.failure(call))
            }
            Err(Failure::GiveUp(reason)) => {
                let given_up = GivenUp {
                    function: call.function,
                    queue: queue_of(&function_json.trigger),
                    reason,
                    payload: trigger_value(function_json, envelope)?,
                    metadata: envelope.metadata.clone(),
                    invocation_id: call.invocation_id.clone(),
                    trace_id: continued.get().cloned().unwrap_or_else(|| call.trace.trace_id()),
                };
                Ok(self.give_up(call, given_up).await)
            }
        }
    }

    fn done(&self, call: &Call, done: Done, function_json: &FunctionJson) -> http::Response<Bytes> {
        let (outputs, logs) = done.into_parts();
        match outputs.encode(function_json) {
            Ok(outputs) => {
                spans::ended(call, "done");
                figures::ended(call, "done");
                tracing::info!(
                    outcome = "done",
                    duration_ms = duration_ms(call),
                    "message dealt with"
                );
                reply(StatusCode::OK, &reply_document(outputs, logs))
            }
            Err(error) => self.fail(call, &error.to_string()),
        }
    }

    /// The message counts as dealt with only once it is kept.
    async fn give_up(&self, call: &Call, given_up: GivenUp) -> http::Response<Bytes> {
        let reason = given_up.reason.clone();
        let kept = match &self.0.settings.give_up {
            Some(keep) => AssertUnwindSafe(async { keep(given_up).await })
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err("keeping it panicked".to_owned())),
            None => Err("nothing keeps it".to_owned()),
        };
        if let Err(error) = kept {
            return self.fail(call, &format!("keeping a message given up for {reason:?}: {error}"));
        }
        let duration_ms = duration_ms(call);
        spans::ended(call, "given-up");
        figures::ended(call, "given-up");
        tracing::warn!(outcome = "given-up", duration_ms, reason, "message given up and kept");
        reply(StatusCode::OK, &reply_document(Map::new(), vec![format!("given up: {reason}")]))
    }
}

fn queue_of(trigger: &Trigger) -> Option<String> {
    match trigger {
        Trigger::Queue(queue) => Some(queue.queue_name.clone()),
        _ => None,
    }
}
