//! Spans and log records as they are shown.

use serde::Serialize;
use serde_json::Value;

use super::moments::{clock, moment, ms, took};
use crate::telemetry::{
    model::{Attributes, LogRecord, Span, Status},
    tree::Node,
};

/// How many steps a span is indented at most; its level is told in words too.
const INDENTS: usize = 12;

/// A span in its trace.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpanView {
    pub(super) trace_id: String,
    pub(super) span_id: String,
    pub(super) parent_id: Option<String>,
    pub(super) service: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) start_time: String,
    pub(super) duration_ms: f64,
    /// 0 is a root.
    pub(super) depth: usize,
    pub(super) status: Status,
    pub(super) attributes: Attributes,
    pub(super) events: Vec<EventView>,
    pub(super) links: Vec<LinkView>,
    pub(super) logs: Vec<LogView>,
    pub(super) resource: Attributes,
    pub(super) scope: String,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub(super) scope_attributes: Attributes,
    /// Whether it names a parent that was not received.
    #[serde(skip)]
    pub(super) is_orphan: bool,
    #[serde(skip)]
    pub(super) start_ns: u64,
    #[serde(skip)]
    pub(super) end_ns: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct EventView {
    pub(super) name: String,
    pub(super) time: String,
    pub(super) attributes: Attributes,
    #[serde(skip)]
    pub(super) at_ns: u64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    pub(super) trace_id: String,
    pub(super) span_id: String,
    pub(super) attributes: Attributes,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogView {
    pub(super) time: String,
    pub(super) level: &'static str,
    pub(super) severity: String,
    pub(super) service: String,
    pub(super) scope: String,
    pub(super) message: String,
    pub(super) event_name: String,
    pub(super) attributes: Attributes,
    pub(super) trace_id: Option<String>,
    pub(super) span_id: Option<String>,
    pub(super) resource: Attributes,
    #[serde(skip)]
    pub(super) at_ns: u64,
}

impl SpanView {
    /// A span and the log records that were written in it.
    pub(super) fn new(node: &Node<'_>, logs: Vec<LogView>) -> Self {
        let Span { origin, .. } = node.span;
        let event = |event: &crate::telemetry::model::SpanEvent| EventView {
            name: event.name.clone(),
            time: moment(event.at_ns),
            attributes: event.attributes.clone(),
            at_ns: event.at_ns,
        };
        let link = |link: &crate::telemetry::model::Link| LinkView {
            trace_id: link.to.trace.to_string(),
            span_id: link.to.span.to_string(),
            attributes: link.attributes.clone(),
        };
        Self {
            trace_id: node.span.trace_id.to_string(),
            span_id: node.span.id.to_string(),
            parent_id: node.span.parent_id.map(|id| id.to_string()),
            service: origin.service.clone(),
            name: node.span.name.clone(),
            kind: node.span.kind.name(),
            start_time: moment(node.span.start_ns),
            duration_ms: ms(node.span.duration_ns()),
            depth: node.depth,
            status: node.span.status.clone(),
            attributes: node.span.attributes.clone(),
            events: node.span.events.iter().map(event).collect(),
            links: node.span.links.iter().map(link).collect(),
            logs,
            resource: origin.resource.clone(),
            scope: origin.scope.clone(),
            scope_attributes: origin.scope_attributes.clone(),
            is_orphan: node.is_orphan,
            start_ns: node.span.start_ns,
            end_ns: node.span.end_ns,
        }
    }

    pub(super) fn took(&self) -> String {
        took(self.duration_ms)
    }

    /// The name of the style for how deep it lies.
    pub(super) fn indent(&self) -> usize {
        self.depth.min(INDENTS)
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self.status, Status::Error(_))
    }

    /// What is said of the error.
    pub(super) fn error(&self) -> &str {
        match &self.status {
            Status::Error(message) => message,
            Status::Ok | Status::Unset => "",
        }
    }

    /// The invocation that this is the host's own span of.
    pub(super) fn invocation(&self) -> Option<&str> {
        let is_hosts = self.attributes.contains_key("faas.invoked_name");
        let id = self.attributes.get("faas.invocation_id").filter(|_| is_hosts)?;
        id.as_str()
    }
}

impl LogView {
    pub(super) fn new(log: &LogRecord) -> Self {
        Self {
            time: moment(log.at_ns),
            level: log.level.name(),
            severity: log.severity.clone(),
            service: log.origin.service.clone(),
            scope: log.origin.scope.clone(),
            message: log.message(),
            event_name: log.event_name.clone(),
            attributes: log.attributes.clone(),
            trace_id: log.trace_id.map(|id| id.to_string()),
            span_id: log.span_id.map(|id| id.to_string()),
            resource: log.origin.resource.clone(),
            at_ns: log.at_ns,
        }
    }

    pub(super) fn clock(&self) -> String {
        clock(&self.time)
    }

    /// `name=value …`
    pub(super) fn fields(&self) -> String {
        let pair = |(name, value): (&String, &Value)| format!("{name}={}", text(value));
        self.attributes.iter().map(pair).collect::<Vec<_>>().join("  ")
    }
}

/// A value for people: a text without its quotes.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
