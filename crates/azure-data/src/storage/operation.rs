//! One operation of Blob or Queue Storage: how long we wait for it, and what telemetry hears of it. Never the name of a
//! blob, nor what is in it or in a message.

use super::{QueueName, StorageFailure};
use custom_handler::{Label, Metric, TraceContext};
use futures::future::BoxFuture;
use std::{future::Future, time::Duration};
use tokio::time::Instant;
use tracing::{Instrument, Span, field};

const NAMESPACE: &str = "Microsoft.Storage";
const DURATION: Metric = Metric::histogram(
    "azure.storage.operation.duration",
    "s",
    "from an operation's start to its answer, the SDK's own retries included",
)
.without_line();

/// What is asked of which container or queue.
pub(super) struct Operation {
    name: &'static str,
    span: Span,
}

impl Operation {
    /// Of a blob container.
    pub(super) fn blob(name: &'static str, container: &str) -> Self {
        let span = tracing::info_span!(
            "blob_storage",
            otel.name = format!("{name} {container}").trim_end(),
            otel.kind = "client",
            otel.status_code = field::Empty,
            az.namespace = NAMESPACE,
            azure.storage.container = container,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
        );
        Self { name, span }
    }

    /// Of a queue, but for sending to it.
    pub(super) fn queue(name: &'static str, queue: &QueueName) -> Self {
        let kind = if name == "receive" { "receive" } else { "settle" };
        Self { name, span: queue_span(name, "client", kind, queue) }
    }

    /// A message on its way to a queue. It is sent in what goes on now, unless it belongs to another trace.
    pub(super) fn send(queue: &QueueName, trace: Option<&TraceContext>) -> Self {
        let span = queue_span("send", "producer", "send", queue);
        let here = TraceContext::of(&Span::current());
        let is_here =
            |trace: &TraceContext| here.as_ref().is_some_and(|here| here.shares_trace_with(trace));
        if let Some(other) = trace.filter(|trace| !is_here(trace)) {
            other.begin(&span);
        }
        Self { name: "send", span }
    }

    /// Where whoever gets the message goes on from.
    pub(super) fn position(&self) -> TraceContext {
        TraceContext::of(&self.span).unwrap_or_else(TraceContext::fresh)
    }

    /// Runs a call of the SDK. It is made here and kept on the heap: the SDK's futures are large, and would be part of every
    /// future around them.
    pub(super) fn run<'a, T, F>(
        self,
        deadline: Duration,
        what: impl Fn() -> String + Send + 'a,
        call: impl FnOnce() -> F,
    ) -> BoxFuture<'a, Result<T, StorageFailure>>
    where
        T: Send + 'a,
        F: Future<Output = azure_core::Result<T>> + Send + 'a,
    {
        let call = Box::pin(call());
        let inside = self.span.clone();
        let run = async move {
            let began = Instant::now();
            let outcome = match tokio::time::timeout(deadline, call).await {
                Ok(Ok(value)) => Ok(value),
                Ok(Err(error)) => Err(StorageFailure::new(what(), &error)),
                Err(_) => Err(StorageFailure::too_late(what(), deadline)),
            };
            self.tell(began.elapsed(), outcome.as_ref().err());
            outcome
        };
        Box::pin(run.instrument(inside))
    }

    fn tell(&self, took: Duration, failure: Option<&StorageFailure>) {
        let status = failure.and_then(StorageFailure::status);
        self.span.record("http.response.status_code", status);
        // That something is not there, or is there already, is an answer like others.
        let error = failure.filter(|failure| !failure.is_expected());
        let error =
            error.map(|_| status.map_or("no-answer".to_owned(), |status| status.to_string()));
        if let Some(error) = &error {
            self.span.record("error.type", error);
            self.span.record("otel.status_code", "ERROR");
        }
        let mut labels: Vec<(&'static str, Label)> = vec![("operation", self.name.into())];
        labels.extend(error.map(|error| ("error.type", error.into())));
        DURATION.record(took.as_secs_f64(), &labels);
    }
}

fn queue_span(name: &str, kind: &str, operation_type: &str, queue: &QueueName) -> Span {
    let queue = queue.as_str();
    tracing::info_span!(
        "queue_storage",
        otel.name = format!("{name} {queue}"),
        otel.kind = kind,
        otel.status_code = field::Empty,
        az.namespace = NAMESPACE,
        messaging.system = "azure_queue_storage",
        messaging.destination.name = queue,
        messaging.operation.name = name,
        messaging.operation.type = operation_type,
        http.response.status_code = field::Empty,
        error.type = field::Empty,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_answer_in_time_is_a_failure() {
        let call = std::future::pending::<azure_core::Result<()>>;
        let asking = Operation::blob("ask", "photos");
        let late = asking.run(Duration::ZERO, || "asking".to_owned(), call);
        assert_eq!(late.await.unwrap_err().to_string(), "asking: no answer within 0 s");
    }
}
