//! Figures: recorded once, seen twice. Each is a line of the log, of which the platform's alerts are made, and where
//! telemetry is exported also an instrument of OpenTelemetry.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::instruments;

/// The target of lines with figures: `{"target":"metric","metric":"cakes.baked","value":1,"unit":"{cake}",…}`.
pub(crate) const METRIC: &str = "metric";
/// Where those lines are written.
pub(crate) const MODULE: &str = module_path!();
/// Longest text of a label, in bytes: a longer one is no label but a value, and would make a series of its own.
const MAX_LABEL_BYTES: usize = 64;

/// A figure that is told of: a constant beside the code that knows it.
///
/// ```
/// use custom_handler::Metric;
///
/// const BAKED: Metric = Metric::counter("bakery.cakes.baked", "{cake}", "cakes that left the oven");
/// const WAIT: Metric = Metric::histogram("bakery.order.wait", "s", "from the order to the oven");
/// const FLOUR: Metric = Metric::gauge("bakery.flour.left", "kg", "flour in the store");
///
/// BAKED.add(1, &[("kind", "sponge".into())]);
/// WAIT.record(12.5, &[]);
/// FLOUR.set(80.0, &[("store", "north".into())]);
/// ```
///
/// Labels are few and their values fewer: each combination is a series. Ids, names and whatever else is of one person or
/// thing belong into no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: Kind,
    is_line: bool,
}

/// How a figure is put together over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Histogram,
    Gauge,
}

/// The value of a label of a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Label {
    /// One of few words.
    Text(Cow<'static, str>),
    /// One of few numbers, such as a status.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl Metric {
    /// How often something happened. `unit` by UCUM, what is counted in braces: `{cake}`.
    pub const fn counter(
        name: &'static str,
        unit: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, unit, description, kind: Kind::Counter, is_line: true }
    }

    /// How large or long something was, each time: `s`, `By`.
    pub const fn histogram(
        name: &'static str,
        unit: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, unit, description, kind: Kind::Histogram, is_line: true }
    }

    /// How much there is of something now.
    pub const fn gauge(name: &'static str, unit: &'static str, description: &'static str) -> Self {
        Self { name, unit, description, kind: Kind::Gauge, is_line: true }
    }

    /// Without a line of its own: for what happens with every request, which has a line already.
    #[must_use]
    pub const fn without_line(self) -> Self {
        Self { is_line: false, ..self }
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Something happened so often.
    pub fn add(&self, count: u64, labels: &[(&'static str, Label)]) {
        if self.is_line {
            let (metric, unit, labels) = (self.name, self.unit, written(labels));
            tracing::info!(target: METRIC, metric, value = count, unit, labels);
        }
        instruments::add(self, count, labels);
    }

    /// Something was so large.
    pub fn record(&self, value: f64, labels: &[(&'static str, Label)]) {
        self.line(value, labels);
        instruments::record(self, value, labels);
    }

    /// There is so much of something.
    pub fn set(&self, value: f64, labels: &[(&'static str, Label)]) {
        self.record(value, labels);
    }

    fn line(&self, value: f64, labels: &[(&'static str, Label)]) {
        if self.is_line {
            let (metric, unit, labels) = (self.name, self.unit, written(labels));
            tracing::info!(target: METRIC, metric, value, unit, labels);
        }
    }
}

/// A JSON object, since the fields of a line cannot have names that are known only now; whoever writes lines takes it apart.
fn written(labels: &[(&'static str, Label)]) -> Option<String> {
    let object: BTreeMap<_, _> = labels.iter().map(|(name, label)| (name, label)).collect();
    (!labels.is_empty()).then(|| serde_json::to_string(&object).ok()).flatten()
}

impl Label {
    fn text(text: Cow<'static, str>) -> Self {
        if text.len() <= MAX_LABEL_BYTES {
            return Self::Text(text);
        }
        Self::Text(text[..text.floor_char_boundary(MAX_LABEL_BYTES)].to_owned().into())
    }
}

impl From<&'static str> for Label {
    fn from(text: &'static str) -> Self {
        Self::text(text.into())
    }
}

impl From<String> for Label {
    fn from(text: String) -> Self {
        Self::text(text.into())
    }
}

impl From<u16> for Label {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<i64> for Label {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Label {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_whole_characters() {
        let Label::Text(text) = Label::from("ü".repeat(60)) else { panic!("a text is a text") };
        assert_eq!((text.len(), text.chars().count()), (64, 32));
    }

    #[test]
    fn labels_are_written_in_one_order_and_none_are_none() {
        let labels = [("step", "paid".into()), ("late", true.into()), ("code", 404_u16.into())];
        assert_eq!(written(&labels).unwrap(), r#"{"code":404,"late":true,"step":"paid"}"#);
        assert_eq!(written(&[]), None);
    }
}
