//! Spans for whoever receives OpenTelemetry: the local host sets `OTEL_EXPORTER_OTLP_ENDPOINT`. A simulator tells only of
//! work that somebody's trace asked for.

mod client;
mod span;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{Metadata, Subscriber};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{
    Layer,
    filter::{FilterFn, filter_fn},
    registry::LookupSpan,
};

use client::Client;
pub(crate) use span::of_request;
pub use span::{TARGET, continued, traceparent};

/// How long the last spans may take to be sent when the simulator ends.
const LAST_SPANS_TIMEOUT: Duration = Duration::from_millis(500);

/// The sending of spans. Without a receiver there is none.
#[derive(Debug)]
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Sends to the address in `OTEL_EXPORTER_OTLP_ENDPOINT`, under the name in `OTEL_SERVICE_NAME`.
    pub(crate) fn start(runtime: &Handle) -> Self {
        let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").unwrap_or_default();
        if endpoint.trim().is_empty() {
            return Self(None);
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new(runtime.clone()))
            .with_protocol(Protocol::HttpBinary)
            .build();
        match exporter {
            Ok(exporter) => {
                let provider = SdkTracerProvider::builder().with_batch_exporter(exporter);
                Self(Some(provider.build()))
            }
            Err(error) => {
                // It works as well unseen.
                tracing::warn!(%error, "no spans are sent");
                Self(None)
            }
        }
    }

    /// What makes spans of those with the target [`TARGET`].
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let provider = self.0.as_ref()?;
        let layer: OpenTelemetryLayer<S, SdkTracer> =
            tracing_opentelemetry::layer().with_tracer(provider.tracer("simulator-shell"));
        let layer = layer
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false);
        let ours: FilterFn<fn(&Metadata<'_>) -> bool> =
            filter_fn(|metadata| metadata.is_span() && metadata.target() == TARGET);
        Some(layer.with_filter(ours))
    }

    /// Sends what is left.
    pub(crate) fn stop(self) {
        if let Some(provider) = self.0 {
            // Whoever received it may have ended before.
            let _ = provider.shutdown_with_timeout(LAST_SPANS_TIMEOUT);
        }
    }
}
