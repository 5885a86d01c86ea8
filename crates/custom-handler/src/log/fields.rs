//! The fields of events and spans, as lines have them.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

/// Longest value of a field, in bytes; consoles cut longer lines at places of their own choice.
pub(super) const MAX_VALUE_BYTES: usize = 8 * 1024;
/// Attributes of spans that each line inside of them has, and what they are called there. The other attributes, all those
/// with a dot in their names, are for whoever looks at the spans.
const IN_LINES: [(&str, &str); 2] =
    [("faas.name", "function"), ("faas.invocation_id", "invocation_id")];

/// Fields in the order of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(&'static str, Value)>);

impl Fields {
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.remove(at).1)
    }

    /// The labels of a figure, which come as one text.
    pub(super) fn take_labels(&mut self) -> Map<String, Value> {
        let labels = self.take("labels");
        let labels = labels.and_then(|labels| serde_json::from_str(labels.as_str()?).ok());
        labels.unwrap_or_default()
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

/// Those fields of a span that lines have.
#[derive(Debug, Default)]
pub(super) struct SpanFields(pub(super) Fields);

impl SpanFields {
    fn set(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        let name = field.name();
        if let Some((_, line_name)) = IN_LINES.iter().find(|(attribute, _)| *attribute == name) {
            self.0.set(line_name, value());
        } else if !name.contains('.') {
            self.0.set(name, value());
        }
    }
}

impl Visit for SpanFields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, || Value::from(shortened(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, || value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, || value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, || value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, || value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, || Value::from(shortened(&format!("{value:?}"))));
    }
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_VALUE_BYTES)]
}
