//! Spans, log records and figures as they are kept.

mod figure;
mod log_record;
mod origin;
mod quantiles;
mod series;
mod span;

use serde_json::{Map, Value};

pub(crate) use figure::{Distribution, Figure, Summary};
pub(crate) use log_record::LogRecord;
pub(crate) use origin::Origin;
pub(crate) use series::{Point, Series, SeriesKey};
pub(crate) use span::{Kind, Link, Span, SpanEvent, Status};

/// Attributes in their order.
pub(crate) type Attributes = Map<String, Value>;

/// About how many bytes attributes hold.
fn size_bytes(attributes: &Attributes) -> usize {
    attributes.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

fn value_bytes(value: &Value) -> usize {
    /// What a value takes whatever it holds.
    const OWN: usize = 32;
    OWN + match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(value_bytes).sum(),
        Value::Object(fields) => size_bytes(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
