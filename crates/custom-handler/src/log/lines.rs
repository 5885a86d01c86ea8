//! Each event as a line.

use std::io::Write;

use opentelemetry::Context as Exported;
use opentelemetry::trace::TraceContextExt;
use serde::Serializer;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::fields::{Fields, SpanFields};
use crate::metric::METRIC;
use crate::now::now;
use crate::position::Position;
use crate::trace::TraceContext;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For machines: one flat object.
    Json,
    /// For somebody at a terminal.
    ForPeople,
}

/// Writes each event as one line: time, level, target, message, its fields and those of the spans around it, the innermost
/// winning, with the trace that it belongs to.
pub(super) struct Lines<M> {
    pub(super) out: M,
    pub(super) form: Form,
}

impl<S, M, W> Layer<S> for Lines<M>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    M: Fn() -> W + 'static,
    W: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = SpanFields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<SpanFields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut own = Fields::default();
        event.record(&mut own);
        let mut all = Fields::default();
        if let Some(message) = own.take("message") {
            all.set("message", message);
        }
        let labels = match event.metadata().target() {
            METRIC => own.take_labels(),
            _ => Map::new(),
        };
        let mut position = None;
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            let extensions = span.extensions();
            if let Some(SpanFields(fields)) = extensions.get() {
                fields.0.iter().for_each(|(name, value)| all.set(name, value.clone()));
            }
            if let Some(Position(here)) = extensions.get() {
                position = Some(here.clone());
            }
        }
        if let Some(position) = position.map(|position| innermost(&position).unwrap_or(position)) {
            all.set("trace_id", position.trace_id().into());
            all.set("span_id", position.span_id().into());
        }
        own.0.into_iter().for_each(|(name, value)| all.set(name, value));
        let line = match self.form {
            Form::Json => json(event.metadata(), &all, &labels).ok(),
            Form::ForPeople => Some(readable(event.metadata(), &all, &labels)),
        };
        if let Some(mut line) = line {
            line.push(b'\n');
            // Whoever reads the log may be gone; the work goes on.
            let _ = (self.out)().write_all(&line);
        }
    }
}

/// The span inside of that one which is exported, if there is one: it is of the same trace.
fn innermost(around: &TraceContext) -> Option<TraceContext> {
    let here =
        Exported::map_current(|context| TraceContext::of_context(context.span().span_context()));
    here.filter(|here| here.shares_trace_with(around))
}

fn json(
    metadata: &Metadata<'_>,
    fields: &Fields,
    labels: &Map<String, Value>,
) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut line);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", &format_args!("{:.3}", now()))?;
    map.serialize_entry("level", metadata.level().as_str())?;
    map.serialize_entry("target", metadata.target())?;
    for (name, value) in &fields.0 {
        map.serialize_entry(name, value)?;
    }
    for (name, value) in labels {
        map.serialize_entry(name, value)?;
    }
    map.end()?;
    Ok(line)
}

/// `10:00:00.000 INFO  request answered  method=GET status=200 …`, in which warnings and errors have a colour.
fn readable(metadata: &Metadata<'_>, fields: &Fields, labels: &Map<String, Value>) -> Vec<u8> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let colour = match *metadata.level() {
        Level::ERROR => "\x1b[31m",
        Level::WARN => "\x1b[33m",
        _ => "",
    };
    let time = now().strftime("%H:%M:%S%.3f").to_string();
    let mut line = format!("{time} {colour}{:<5}\x1b[0m", metadata.level().as_str());
    let (message, others) = match fields.0.split_first() {
        Some((("message", message), others)) => (text(message), others),
        _ => (metadata.target().to_owned(), fields.0.as_slice()),
    };
    line.push_str(&format!(" {message}"));
    let labels = labels.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in others.iter().map(|(name, value)| (*name, value)).chain(labels) {
        line.push_str(&format!("  \x1b[2m{name}=\x1b[0m{}", text(value).escape_debug()));
    }
    line.into_bytes()
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
