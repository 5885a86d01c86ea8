//! Telemetry as OpenTelemetry has it: spans, log records and figures over OTLP (HTTP, protobuf), when
//! `OTEL_EXPORTER_OTLP_ENDPOINT` says where to. Otherwise there is no provider, no thread and no cost.
//!
//! The SDK's batch processors have threads of their own; what they send goes through the handler's runtime. Nothing is
//! contacted before the handler listens, and nothing here ever holds up a request: what cannot be sent is dropped.

mod carrier;
mod keeping;
mod records;
mod resource;
mod sampler;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::logs::LoggerProvider;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::HttpClient;
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, MetricExporter, Protocol, RetryPolicy, SpanExporter,
    WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::logs::{BatchLogProcessor, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracerProvider, SpanProcessor};
use opentelemetry_sdk::{Resource, logs, trace};
use tokio::runtime::Handle;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, LevelFilter, Targets, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use self::carrier::Carrier;
use self::keeping::Keeping;
use self::records::Records;
use crate::instruments;
use crate::settings::{Setting, Settings, SettingsError};

const ENDPOINT: Setting = Setting::new(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "where telemetry goes, over OTLP; without it nowhere",
    "https://telemetry.example:4318",
);
/// Read by the exporters themselves; a key is in it.
const HEADERS: Setting = Setting::new(
    "OTEL_EXPORTER_OTLP_HEADERS",
    "headers of what goes there, as name=value with commas between",
    "api-key=0123456789abcdef",
);
const RATIO: Setting = Setting::new(
    "OTEL_TRACES_SAMPLER_ARG",
    "which part of the traces that begin here is exported, from 0 to 1; what failed or was slow always is",
    "0.1",
);
/// All of them.
const DEFAULT_RATIO: f64 = 1.0;
/// How often figures are sent, in milliseconds.
const INTERVAL: &str = "OTEL_METRIC_EXPORT_INTERVAL";
const DEFAULT_INTERVAL: Duration = Duration::from_secs(10);

/// Spans and records wait so long for others: a handler may be killed right after its answer.
const BATCH_DELAY: Duration = Duration::from_millis(500);
/// Most spans, and most records, that wait to be sent; what comes on top is dropped.
const MAX_WAITING: usize = 2_048;
/// Most of them that are sent together.
const MAX_BATCH: usize = 512;
/// What the instruments and spans are said to be made by.
const SCOPE: &str = "custom-handler";
/// Who would report of the sending itself.
const SENDERS: [&str; 6] =
    ["hyper", "h2", "reqwest", "rustls", "opentelemetry", "custom_handler::telemetry"];

/// Where telemetry goes, and what is on its way there.
pub(crate) struct Telemetry {
    endpoint: String,
    interval: Duration,
    resource: Resource,
    tracer: SdkTracerProvider,
    spans: Arc<OnceLock<BatchSpanProcessor>>,
    logger: Arc<OnceLock<SdkLogger>>,
    meters: OnceLock<SdkMeterProvider>,
}

impl Telemetry {
    /// `None` if nobody wants any.
    pub(crate) fn read(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        let endpoint = settings.optional_text(&ENDPOINT);
        settings.optional_text(&HEADERS);
        let ratio = settings.value_or(&RATIO, DEFAULT_RATIO)?;
        if !(0.0..=1.0).contains(&ratio) {
            return Err(settings.refuse(&RATIO, "must be from 0 to 1"));
        }
        let interval = settings.platform(INTERVAL).and_then(|ms| ms.parse().ok());
        let interval =
            interval.filter(|ms| *ms > 0).map_or(DEFAULT_INTERVAL, Duration::from_millis);
        Ok(endpoint.map(|endpoint| {
            let (resource, spans) = (resource::of(settings), Arc::default());
            let tracer = SdkTracerProvider::builder()
                .with_resource(resource.clone())
                .with_sampler(sampler::Unforgetting::new(ratio))
                .with_span_processor(Keeping::new(Arc::clone(&spans)))
                .build();
            let endpoint = endpoint.trim_end_matches('/').to_owned();
            let (logger, meters) = (Arc::default(), OnceLock::new());
            Self { endpoint, interval, resource, tracer, spans, logger, meters }
        }))
    }

    /// Takes spans.
    pub(crate) fn spans<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let of_interest =
            filter_fn(|metadata| metadata.is_span() && *metadata.level() <= Level::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.tracer.tracer(SCOPE))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(of_interest)
    }

    /// Takes events of these levels.
    pub(crate) fn records<S>(&self, levels: Targets) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let senders = SENDERS.map(|target| (target, LevelFilter::OFF));
        let others = Targets::new().with_default(LevelFilter::TRACE).with_targets(senders);
        Records::new(Arc::clone(&self.logger)).with_filter(levels.and(others))
    }

    /// From now on what was taken is sent, through this runtime. To be called once the handler listens.
    pub(crate) fn start(&self, runtime: Handle) {
        let carrier: Arc<dyn HttpClient> = Arc::new(Carrier::new(runtime));
        if let Err(error) = self.send_through(&carrier) {
            tracing::error!(%error, "telemetry is not sent: {} cannot be used", ENDPOINT.name);
        }
    }

    fn send_through(&self, carrier: &Arc<dyn HttpClient>) -> Result<(), ExporterBuildError> {
        let spans = self.to(SpanExporter::builder().with_http(), "traces", carrier).build()?;
        let records = self.to(LogExporter::builder().with_http(), "logs", carrier).build()?;
        let figures = self.to(MetricExporter::builder().with_http(), "metrics", carrier).build()?;

        let batches = trace::BatchConfigBuilder::default()
            .with_scheduled_delay(BATCH_DELAY)
            .with_max_queue_size(MAX_WAITING)
            .with_max_export_batch_size(MAX_BATCH);
        let mut spans = BatchSpanProcessor::new(spans, batches.build());
        spans.set_resource(&self.resource);
        // Somebody who starts twice sends once.
        let _ = self.spans.set(spans);

        let batches = logs::BatchConfigBuilder::default()
            .with_scheduled_delay(BATCH_DELAY)
            .with_max_queue_size(MAX_WAITING)
            .with_max_export_batch_size(MAX_BATCH);
        let records = BatchLogProcessor::builder(records).with_batch_config(batches.build());
        let records = SdkLoggerProvider::builder()
            .with_resource(self.resource.clone())
            .with_log_processor(records.build())
            .build();
        let _ = self.logger.set(records.logger(SCOPE));

        let figures = PeriodicReader::builder(figures).with_interval(self.interval);
        let figures = SdkMeterProvider::builder()
            .with_resource(self.resource.clone())
            .with_reader(figures.build())
            .build();
        instruments::install(figures.meter(SCOPE));
        let _ = self.meters.set(figures);
        Ok(())
    }

    fn to<B: WithExportConfig + WithHttpConfig>(
        &self,
        exporter: B,
        signal: &str,
        carrier: &Arc<dyn HttpClient>,
    ) -> B {
        exporter
            .with_shared_http_client(Arc::clone(carrier))
            .with_endpoint(format!("{}/v1/{signal}", self.endpoint))
            .with_protocol(Protocol::HttpBinary)
            // The carrier tries again, and counts.
            .with_retry_policy(RetryPolicy::disabled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_endpoint_there_is_no_telemetry() {
        let read = |pairs: &[(&str, &str)]| {
            Telemetry::read(&Settings::from_map(pairs.iter().copied()))
                .map(|telemetry| telemetry.map(|telemetry| telemetry.endpoint))
                .map_err(|error| error.to_string())
        };
        let endpoint = (ENDPOINT.name, "http://127.0.0.1:4318/");
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[endpoint]), Ok(Some("http://127.0.0.1:4318".to_owned())));
        let refused = read(&[endpoint, (RATIO.name, "7")]).unwrap_err();
        assert!(refused.contains("OTEL_TRACES_SAMPLER_ARG must be from 0 to 1"), "{refused}");
    }
}
