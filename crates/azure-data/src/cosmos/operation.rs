//! One operation of Cosmos DB: how long we wait for it, and what telemetry hears of it. Never an id, a query or a document.

use super::CosmosFailure;
use azure_data_cosmos::diagnostics::DiagnosticsContext;
use azure_data_cosmos::models::{BatchResponse, ItemResponse};
use azure_data_cosmos::{ContainerClient, CosmosClient, CosmosError, CosmosStatus};
use custom_handler::{Label, Metric};
use futures::future::BoxFuture;
use std::{future::Future, time::Duration};
use tokio::time::Instant;
use tracing::{Instrument, Span, field};

/// The longest we wait for one answer of Cosmos DB, the SDK's own retries included.
const DEADLINE: Duration = Duration::from_secs(8);
const SYSTEM: &str = "azure.cosmosdb";

const DURATION: Metric = Metric::histogram(
    "db.client.operation.duration",
    "s",
    "from an operation's start to its answer, the SDK's own retries included",
)
.without_line();
/// `reason`: `service`, as the SDK tried again, or `conflict`, as somebody else was faster.
const RETRIES: Metric =
    Metric::counter("db.client.operation.retries", "{retry}", "operations that were tried again")
        .without_line();

/// What is asked of which container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) database: &'static str,
    pub(super) container: &'static str,
}

/// What an answer says of itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Answered {
    status: Option<u16>,
    /// In request units.
    charge: f64,
    /// Requests that the SDK made.
    requests: usize,
}

/// Something that says what it cost.
pub(super) trait Answer {
    fn answered(&self) -> Answered;
}

impl Operation {
    /// Runs a call of the SDK. It is made here and kept on the heap: the SDK's futures have some 4 kB, which would be part of
    /// every future around them, and be copied with each.
    pub(super) fn run<'a, T, F>(
        self,
        what: impl Fn() -> String + Send + 'a,
        call: impl FnOnce() -> F,
    ) -> BoxFuture<'a, Result<T, CosmosFailure>>
    where
        T: Answer + Send + 'a,
        F: Future<Output = azure_data_cosmos::Result<T>> + Send + 'a,
    {
        let call = Box::pin(call());
        let span = self.span();
        let inside = span.clone();
        let run = async move {
            let began = Instant::now();
            let (outcome, answered) = match tokio::time::timeout(DEADLINE, call).await {
                Ok(Ok(value)) => {
                    let answered = value.answered();
                    (Ok(value), answered)
                }
                Ok(Err(error)) => {
                    (Err(CosmosFailure::new(what(), &error)), Answered::of_error(&error))
                }
                Err(_) => (Err(CosmosFailure::too_late(what(), DEADLINE)), Answered::default()),
            };
            self.tell(&span, began.elapsed(), outcome.as_ref().err(), answered);
            outcome
        };
        Box::pin(run.instrument(inside))
    }

    fn span(&self) -> Span {
        let Self { name, database, container } = *self;
        tracing::info_span!(
            "cosmos_db",
            otel.name = format!("{name} {container}").trim_end(),
            otel.kind = "client",
            otel.status_code = field::Empty,
            db.system.name = SYSTEM,
            db.namespace = database,
            db.collection.name = container,
            db.operation.name = name,
            db.response.status_code = field::Empty,
            azure.cosmosdb.operation.request_charge = field::Empty,
            http.request.resend_count = field::Empty,
            error.type = field::Empty,
        )
    }

    fn tell(
        &self,
        span: &Span,
        took: Duration,
        failure: Option<&CosmosFailure>,
        answered: Answered,
    ) {
        let status = answered.status.map(|status| status.to_string());
        span.record("db.response.status_code", status.as_deref());
        span.record("azure.cosmosdb.operation.request_charge", answered.charge);
        let retries = answered.requests.saturating_sub(1) as u64;
        if retries > 0 {
            span.record("http.request.resend_count", retries);
            RETRIES.add(retries, &[("reason", "service".into())]);
        }
        // That something is not there, or was changed meanwhile, is an answer like others.
        let error = failure.filter(|failure| !failure.is_expected());
        let error = error.map(|_| status.clone().unwrap_or_else(|| "no-answer".to_owned()));
        if let Some(error) = &error {
            span.record("error.type", error);
            span.record("otel.status_code", "ERROR");
        }
        let mut labels: Vec<(&'static str, Label)> = vec![
            ("db.system.name", SYSTEM.into()),
            ("db.operation.name", self.name.into()),
            ("db.namespace", self.database.into()),
            ("db.collection.name", self.container.into()),
        ];
        labels.extend(status.map(|status| ("db.response.status_code", status.into())));
        labels.extend(error.map(|error| ("error.type", error.into())));
        DURATION.record(took.as_secs_f64(), &labels);
    }
}

/// Somebody else was faster, and it is tried again.
pub(super) fn conflicted() {
    RETRIES.add(1, &[("reason", "conflict".into())]);
}

impl Answered {
    fn of(status: CosmosStatus, diagnostics: &DiagnosticsContext) -> Self {
        Self {
            status: Some(u16::from(status.status_code())),
            charge: diagnostics.total_request_charge().value(),
            requests: diagnostics.request_count(),
        }
    }

    fn of_error(error: &CosmosError) -> Self {
        let status = error.status();
        match error.diagnostics() {
            Some(diagnostics) => Self::of(status, &diagnostics),
            None => Self { status: Some(u16::from(status.status_code())), ..Self::default() },
        }
    }

    /// One more page of a query.
    pub(super) fn and(&mut self, diagnostics: &DiagnosticsContext) {
        self.status = diagnostics.status().map(|status| u16::from(status.status_code()));
        self.charge += diagnostics.total_request_charge().value();
        // Pages beyond the first are no retries.
        self.requests = self.requests.max(1) + diagnostics.request_count().saturating_sub(1);
    }
}

impl Answer for ItemResponse {
    fn answered(&self) -> Answered {
        Answered::of(self.status(), &self.diagnostics())
    }
}

impl Answer for BatchResponse {
    fn answered(&self) -> Answered {
        Answered::of(self.status(), &self.diagnostics())
    }
}

/// What a query selected, and what all of its pages cost.
impl<T> Answer for (Vec<T>, Answered) {
    fn answered(&self) -> Answered {
        self.1
    }
}

impl Answer for CosmosClient {
    fn answered(&self) -> Answered {
        Answered::default()
    }
}

impl Answer for ContainerClient {
    fn answered(&self) -> Answered {
        Answered::default()
    }
}
