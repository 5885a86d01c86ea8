//! What programs are told so that they send here, in the standard variables of OpenTelemetry.

/// Where telemetry goes. Whoever sets it to something else, or to nothing, is left alone.
pub(crate) const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// How a program calls itself.
pub(crate) const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";

/// Spans and log records are sent after so many milliseconds, so that the page shows them at once. An SDK waits for
/// seconds otherwise.
const SOON_MS: &str = "200";

/// Figures are sent after so many milliseconds; a minute otherwise.
const FIGURES_MS: &str = "1000";

/// The variables for a program called `service` that sends to `endpoint`, `http://127.0.0.1:PORT`.
pub(crate) fn of_program(endpoint: &str, service: &str) -> [(&'static str, String); 6] {
    [
        (ENDPOINT, endpoint.to_owned()),
        // Some SDKs speak gRPC unless they are told.
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned()),
        (SERVICE_NAME, service.to_owned()),
        ("OTEL_BSP_SCHEDULE_DELAY", SOON_MS.to_owned()),
        ("OTEL_BLRP_SCHEDULE_DELAY", SOON_MS.to_owned()),
        ("OTEL_METRIC_EXPORT_INTERVAL", FIGURES_MS.to_owned()),
    ]
}
