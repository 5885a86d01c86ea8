//! Everything that runs, shared by gateway, triggers and page.

use std::sync::{Arc, atomic::AtomicBool};

use jiff::Timestamp;

use crate::{
    App, InvocationRecord, Log, TimeTravel,
    endpoints::Endpoints,
    exchanges::{Exchange, Exchanges},
    handler::Pool,
    journal::Journal,
    lifecycle::LifecycleState,
    reminder::Reminder,
    simulators::Simulators,
    telemetry,
    throttle::Throttle,
};

/// The running apps, and what is known of them. It carries invocations (`Invoke`, in `invoker`).
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) apps: Vec<RunningApp>,
    pub(crate) journal: Journal,
    pub(crate) exchanges: Exchanges,
    /// What programs and the host tell by OpenTelemetry.
    pub(crate) telemetry: Arc<telemetry::Store>,
    pub(crate) log: Log,
    pub(crate) lifecycle: LifecycleState,
    pub(crate) endpoints: Endpoints,
    pub(crate) simulators: Arc<Simulators>,
    pub(crate) started_at: Timestamp,
    pub(crate) travel: TimeTravel,
    /// Whether envelopes are sent with a `Content-Length`, as under `func start`, instead of chunked as in Azure.
    pub(crate) envelope_content_length: bool,
}

/// An app and its handlers.
#[derive(Debug)]
pub(crate) struct RunningApp {
    pub(crate) app: Arc<App>,
    pub(crate) pool: Pool,
    /// The largest request body, in bytes.
    pub(crate) body_max_bytes: u64,
    pub(crate) throttle: Throttle,
    /// When triggers say again that the app is stopped.
    pub(crate) reminder: Reminder,
    /// Whether the log has told of chunked envelopes.
    pub(crate) chunks_told: AtomicBool,
}

impl Platform {
    pub(crate) fn app(&self, name: &str) -> Option<&RunningApp> {
        self.apps.iter().find(|running| running.app.name == name)
    }

    /// Writes a finished invocation to the log and the journal, with what was sent and answered.
    pub(crate) fn record(&self, record: InvocationRecord, exchange: Exchange) {
        self.log.invocation(&record);
        self.record_silently(record, exchange);
    }

    /// Writes a finished invocation to the journal and to the telemetry alone.
    pub(crate) fn record_silently(&self, record: InvocationRecord, exchange: Exchange) {
        self.tell_span(&record);
        self.exchanges.keep(record.id, exchange);
        self.journal.add(record);
    }

    /// Keeps the span of an invocation, in place of what was known of it before.
    pub(crate) fn tell_span(&self, record: &InvocationRecord) {
        let app = self.app(&record.app).map(|running| running.app.as_ref());
        self.telemetry.add_spans([telemetry::span_of_invocation(record, app)]);
    }
}
