use std::io;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt;

use super::super::fields::MAX_VALUE_BYTES;
use super::*;
use crate::metric::Metric;
use crate::position;

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

fn written(form: Form, work: impl FnOnce()) -> String {
    let written = Written::default();
    let out = written.clone();
    let lines = Lines { out: move || out.clone(), form };
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), work);
    let bytes = written.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// What is logged while `work` runs, one value for each line, without its time.
fn logged(work: impl FnOnce()) -> Vec<Value> {
    let lines = written(Form::Json, work);
    let lines = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(time.as_str().unwrap().parse::<Timestamp>().is_ok());
        line
    });
    lines.collect()
}

#[test]
fn an_event_is_one_flat_object_with_the_fields_of_its_spans_and_their_trace() {
    let mut trace = None;
    let lines = logged(|| {
        let outer =
            tracing::error_span!("outer", faas.name = "f", db.name = "unseen", n = 1, m = 1);
        trace = Some(position::begin(&outer, None));
        outer.record("m", 2);
        let _outer = outer.entered();
        let _inner = tracing::error_span!("inner", n = 2).entered();
        tracing::info!(status = 200_u16, ok = true, ms = 1.5, none = None::<&str>, "two\nlines");
    });
    let trace = trace.unwrap();
    assert_eq!(
        lines,
        [
            json!({ "level": "INFO", "target": "custom_handler::log::lines::tests", "message": "two\nlines",
            "function": "f", "trace_id": trace.trace_id(), "span_id": trace.span_id(), "n": 2, "m": 2,
            "status": 200, "ok": true, "ms": 1.5 })
        ]
    );
}

#[test]
fn a_figure_is_a_line_with_its_labels() {
    const BAKED: Metric = Metric::counter("cakes.baked", "{cake}", "cakes that left the oven");
    const WAIT: Metric = Metric::histogram("cakes.wait", "s", "from the order to the oven");
    let lines = logged(|| {
        BAKED.add(2, &[("kind", "sponge".into()), ("late", true.into())]);
        WAIT.record(1.5, &[]);
        BAKED.without_line().add(1, &[]);
    });
    assert_eq!(
        lines,
        [
            json!({ "level": "INFO", "target": "metric", "metric": "cakes.baked", "value": 2,
                "unit": "{cake}", "kind": "sponge", "late": true }),
            json!({ "level": "INFO", "target": "metric", "metric": "cakes.wait", "value": 1.5, "unit": "s" }),
        ]
    );
}

#[test]
fn a_line_for_people_begins_with_what_happened() {
    let line = written(Form::ForPeople, || tracing::info!(status = 200_u16, "request answered"));
    let line = line.replace("\x1b[0m", "").replace("\x1b[2m", "");
    assert!(line.ends_with(" INFO  request answered  status=200\n"), "{line:?}");
}

#[test]
fn a_long_value_is_cut_between_characters() {
    let lines = logged(|| tracing::warn!(long = "ü".repeat(MAX_VALUE_BYTES), "x"));
    let long = lines[0]["long"].as_str().unwrap();
    assert!(long.len() <= MAX_VALUE_BYTES && long.len() > MAX_VALUE_BYTES - 4);
}
