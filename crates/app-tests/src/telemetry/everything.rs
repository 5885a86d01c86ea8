//! All that was received.

use serde_json::Value;

/// Every span, log record and figure, each as the host tells of it: with `service`, `name` or `message`, `attributes`
/// and `resource`.
#[derive(Clone, Debug)]
pub struct Everything {
    /// Spans, with their events and links.
    pub spans: Vec<Value>,
    /// Log records.
    pub logs: Vec<Value>,
    /// Figures, with their exemplars.
    pub metrics: Vec<Value>,
    /// How many traces, spans, log records and metrics came and are forgotten: what is looked for may have been in them.
    pub forgotten: u64,
}

impl Everything {
    pub(super) fn new(mut spans: Value, mut logs: Value, mut metrics: Value) -> Self {
        let counts = spans["forgotten"].as_object().into_iter().flatten();
        let forgotten = counts.filter_map(|(_, count)| count.as_u64()).sum();
        let list = |value: &mut Value| match value.take() {
            Value::Array(values) => values,
            other => panic!("no list of telemetry: {other}"),
        };
        Self {
            spans: list(&mut spans["spans"]),
            logs: list(&mut logs["logs"]),
            metrics: list(&mut metrics["metrics"]),
            forgotten,
        }
    }

    /// One JSON text a line, to search in.
    #[must_use]
    pub fn text(&self) -> String {
        let all = self.spans.iter().chain(&self.logs).chain(&self.metrics);
        all.map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}
