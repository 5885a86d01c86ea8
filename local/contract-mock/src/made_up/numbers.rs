//! Numbers within bounds.

use serde_json::{Map, Number, Value};

fn rule(rules: &Map<String, Value>, key: &str) -> Option<f64> {
    rules.get(key).and_then(Value::as_f64)
}

pub(super) fn integer(rules: &Map<String, Value>, index: usize) -> Option<Value> {
    let step = rule(rules, "multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let step = if step.fract() == 0.0 { step } else { 1.0 };
    let number = within(rules, step, index)?;
    // Whole, and small enough for a number to be exact.
    let whole = number.round();
    (whole.abs() < 9e15)
        .then(|| format!("{whole:.0}").parse::<i64>().ok())
        .flatten()
        .map(Value::from)
}

pub(super) fn number(rules: &Map<String, Value>, index: usize) -> Option<Value> {
    let step = rule(rules, "multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let number = within(rules, step, index)?;
    if number.fract() == 0.0 {
        return integer(rules, index);
    }
    // As it is written, not as it is stored: 0.1 + 0.2 is 0.3.
    let rounded: f64 = format!("{number:.10}").parse().ok()?;
    Number::from_f64(rounded).map(Value::Number)
}

/// The lowest multiple of the step that is allowed and above nothing, or the one `index` steps above it.
fn within(rules: &Map<String, Value>, step: f64, index: usize) -> Option<f64> {
    let index = f64::from(u32::try_from(index).ok()?);
    let lowest = rule(rules, "minimum");
    let above = rule(rules, "exclusiveMinimum");
    let highest = rule(rules, "maximum");
    let below = rule(rules, "exclusiveMaximum");
    let start = match (lowest, above) {
        (None, None) => match highest.or(below) {
            // Below nothing only if it must be.
            Some(limit) if limit <= 0.0 => (limit / step).floor() * step,
            // Nobody's id is 0.
            Some(limit) if limit < step => 0.0,
            _ => step,
        },
        (lowest, above) => {
            let from = lowest.unwrap_or(f64::MIN).max(above.unwrap_or(f64::MIN));
            (from / step).ceil() * step
        }
    };
    let fits = |number: f64| {
        lowest.is_none_or(|limit| number >= limit)
            && above.is_none_or(|limit| number > limit)
            && highest.is_none_or(|limit| number <= limit)
            && below.is_none_or(|limit| number < limit)
    };
    let limit = highest.or(below).unwrap_or(start + step);
    let between = f64::midpoint(start, limit);
    let candidates = [
        start + index * step,
        start + (index + 1.0) * step,
        start - index * step,
        start - (index + 1.0) * step,
        between,
    ];
    candidates.into_iter().find(|number| fits(*number))
}
