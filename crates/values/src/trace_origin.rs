use serde::{Deserialize, Serialize};

/// Where in a distributed trace something began, as W3C Trace Context has it. What is done for it later, by a timer or because
/// others say something of it, belongs to that trace as well. It is no part of what clients see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceOrigin {
    /// The header of that name.
    pub traceparent: String,
    /// What tracing systems add to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
}
