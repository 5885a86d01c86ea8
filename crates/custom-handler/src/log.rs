//! Structured logs: one JSON object per line on standard output, which the host takes as information.

use std::fmt;
use std::io::Write;

use jiff::Timestamp;
use serde::Serializer;
use serde::ser::SerializeMap;
use serde_json::Value;
use thiserror::Error;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Longest value of a field, in bytes; consoles cut longer lines at places of their own choice.
const MAX_VALUE_BYTES: usize = 8 * 1024;

/// The target of lines with numbers that metrics are made of: `tracing::info!(target: "metric", …)`.
const METRIC: &str = "metric";

/// A text that says no level.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no level; use error, warn, info, debug or trace, or levels by target such as info,hyper=warn"
)]
pub(crate) struct InvalidLevel(String);

/// Sends everything from the level on to standard output. Levels may be given by target:
/// `info,azure_core=warn`.
pub(crate) fn init(levels: &str) -> Result<(), InvalidLevel> {
    let layer = JsonLines { out: std::io::stdout }.with_filter(filter(levels)?);
    // Only a second call could fail, in a program that has its own logging: then that one stays.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
    Ok(())
}

fn filter(levels: &str) -> Result<Targets, InvalidLevel> {
    for directive in levels.split(',') {
        // A bare word that is no level would be taken for a target, and silence everything else.
        let level = directive.split_once('=').map_or(directive, |(_, level)| level).trim();
        if level.is_empty() || level.parse::<LevelFilter>().is_err() {
            return Err(InvalidLevel(directive.to_owned()));
        }
    }
    let targets: Targets = levels.parse().map_err(|_| InvalidLevel(levels.to_owned()))?;
    // Numbers that metrics are made of are there whatever else is logged, unless somebody says otherwise of them.
    let says_metric = levels.split(',').any(|one| one.trim().starts_with("metric="));
    let targets =
        if says_metric { targets } else { targets.with_target(METRIC, LevelFilter::INFO) };
    // A client that hangs up is no error of ours, and the only thing the server would report.
    Ok(targets.with_target("warp", LevelFilter::OFF))
}

/// Writes each event as one flat object: time, level, target, message, its fields and those of the
/// spans around it, the innermost winning.
struct JsonLines<M> {
    out: M,
}

/// Fields in the order of their first appearance.
#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), Value::from(shortened(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field.name(), Value::from(shortened(&format!("{value:?}"))));
    }
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_VALUE_BYTES)]
}

impl<S, M, W> Layer<S> for JsonLines<M>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    M: Fn() -> W + 'static,
    W: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut own = Fields::default();
        event.record(&mut own);
        let mut all = Fields::default();
        if let Some(at) = own.0.iter().position(|(name, _)| *name == "message") {
            all.0.push(own.0.remove(at));
        }
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                fields.0.iter().for_each(|(name, value)| all.set(name, value.clone()));
            }
        }
        own.0.into_iter().for_each(|(name, value)| all.set(name, value));
        if let Ok(mut line) = line(event.metadata().level(), event.metadata().target(), &all) {
            line.push(b'\n');
            // Whoever reads the log may be gone; the work goes on.
            let _ = (self.out)().write_all(&line);
        }
    }
}

fn line(level: &Level, target: &str, fields: &Fields) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut line);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("timestamp", &format_args!("{:.3}", Timestamp::now()))?;
    map.serialize_entry("level", level.as_str())?;
    map.serialize_entry("target", target)?;
    for (name, value) in &fields.0 {
        map.serialize_entry(name, value)?;
    }
    map.end()?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged while `work` runs, one value for each line, without its time.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let out = written.clone();
        let subscriber =
            tracing_subscriber::registry().with(JsonLines { out: move || out.clone() });
        tracing::subscriber::with_default(subscriber, work);
        let bytes = written.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
            assert!(time.as_str().unwrap().parse::<Timestamp>().is_ok());
            line
        });
        lines.collect()
    }

    #[test]
    fn an_event_is_one_flat_object_with_the_fields_of_its_spans() {
        let lines = logged(|| {
            let outer =
                tracing::error_span!("outer", function = "f", trace_id = "old", n = 1).entered();
            outer.record("trace_id", "new");
            let _inner = tracing::error_span!("inner", n = 2).entered();
            tracing::info!(
                status = 200_u16,
                ok = true,
                ms = 1.5,
                none = None::<&str>,
                "two\nlines"
            );
        });
        assert_eq!(
            lines,
            [
                json!({ "level": "INFO", "target": "custom_handler::log::tests", "message": "two\nlines", "function": "f",
                "trace_id": "new", "n": 2, "status": 200, "ok": true, "ms": 1.5 })
            ]
        );
    }

    #[test]
    fn numbers_for_metrics_are_logged_at_any_level_unless_their_own_is_said() {
        for levels in ["info", "warn", "off", "warn,app=error"] {
            assert!(filter(levels).unwrap().would_enable("metric", &Level::INFO), "{levels}");
        }
        assert!(!filter("info,metric=off").unwrap().would_enable("metric", &Level::INFO));
        assert!(!filter("warn").unwrap().would_enable("app", &Level::INFO));
    }

    #[test]
    fn levels_are_one_for_all_or_one_for_each_target() {
        for levels in ["info", "WARN", "info,azure_core=warn", "off", "error, hyper=debug"] {
            assert!(filter(levels).is_ok(), "{levels}");
        }
        for levels in ["", "loud", "app=loud", "info,loud", "info,"] {
            assert!(filter(levels).is_err(), "{levels}");
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let lines = logged(|| tracing::warn!(long = "ü".repeat(MAX_VALUE_BYTES), "x"));
        let long = lines[0]["long"].as_str().unwrap();
        assert!(long.len() <= MAX_VALUE_BYTES && long.len() > MAX_VALUE_BYTES - 4);
    }
}
