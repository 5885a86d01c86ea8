//! Values of JSON as JSON Schema sees them: `1.0` is `1`, and the order of members does not matter.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A number of JSON, exact where it is whole.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Num {
    Whole(i128),
    Float(f64),
}

impl Num {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 2^53 fits")]
    pub(crate) fn of(number: &Number) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if let Some(whole) = number.as_i64() {
            return Self::Whole(whole.into());
        }
        if let Some(whole) = number.as_u64() {
            return Self::Whole(whole.into());
        }
        match number.as_f64().unwrap_or(f64::NAN) {
            float if float.fract() == 0.0 && float.abs() <= EXACT => Self::Whole(float as i128),
            float => Self::Float(float),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only where one of two is no whole number")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (a, b) => a.as_f64().total_cmp(&b.as_f64()),
        }
    }

    /// Whether it is a whole number of steps.
    pub(crate) fn is_multiple_of(self, step: Self) -> bool {
        const TOLERANCE: f64 = 1e-9;
        match (self, step) {
            (Self::Whole(_), Self::Whole(0)) => true,
            (Self::Whole(a), Self::Whole(b)) => a % b == 0,
            (a, b) => {
                let steps = a.as_f64() / b.as_f64();
                (steps - steps.round()).abs() < TOLERANCE
            }
        }
    }

    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Whole(_))
    }
}

/// Whether two values are one to JSON Schema.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Num::of(a).compare(Num::of(b)) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        (a, b) => a == b,
    }
}

/// Whether a list has a value.
pub(crate) fn contains(values: &[Value], value: &Value) -> bool {
    values.iter().any(|there| same(there, value))
}
