//! One metric of one service with one set of attributes.
//!
//! Each process counts from its own start. What is shown is all of them together: handlers come and go, and several may
//! run at once.

use std::{collections::BTreeMap, sync::Arc};

use super::{Attributes, Figure, Origin};

/// How many processes are told apart; the oldest are then counted as one.
const PARTS_MAX: usize = 16;
/// How many exemplars are kept: the latest.
const EXEMPLARS_MAX: usize = 4;

/// What tells a series from others: service, name, attributes as text.
pub(crate) type SeriesKey = (String, String, String);

/// The latest of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) origin: Arc<Origin>,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) description: String,
    /// `counter`, `sum`, `gauge`, `histogram` or `summary`.
    pub(crate) kind: &'static str,
    pub(crate) attributes: Attributes,
    /// When the latest came about, in nanoseconds since 1970.
    pub(crate) at_ns: u64,
    /// Attributes of the latest single values that were told of.
    pub(crate) exemplars: Vec<Attributes>,
    /// By the start of who counted.
    parts: BTreeMap<u64, Figure>,
}

/// One report of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) origin: Arc<Origin>,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) description: String,
    pub(crate) kind: &'static str,
    pub(crate) attributes: Attributes,
    /// Nanoseconds since 1970.
    pub(crate) start_ns: u64,
    /// Nanoseconds since 1970.
    pub(crate) at_ns: u64,
    /// Whether it is what came since the report before, instead of all since the start.
    pub(crate) is_delta: bool,
    pub(crate) figure: Figure,
    pub(crate) exemplars: Vec<Attributes>,
}

impl Point {
    pub(crate) fn key(&self) -> SeriesKey {
        let attributes = serde_json::to_string(&self.attributes).unwrap_or_default();
        (self.origin.service.clone(), self.name.clone(), attributes)
    }
}

impl Series {
    pub(crate) fn new(point: Point) -> Self {
        let mut series = Self {
            origin: Arc::clone(&point.origin),
            name: point.name.clone(),
            unit: point.unit.clone(),
            description: point.description.clone(),
            kind: point.kind,
            attributes: point.attributes.clone(),
            at_ns: 0,
            exemplars: Vec::new(),
            parts: BTreeMap::new(),
        };
        series.add(point);
        series
    }

    pub(crate) fn add(&mut self, point: Point) {
        self.at_ns = self.at_ns.max(point.at_ns);
        self.origin = point.origin;
        self.exemplars.extend(point.exemplars);
        let spare = self.exemplars.len().saturating_sub(EXEMPLARS_MAX);
        self.exemplars.drain(..spare);
        // The state of something is the latest one, not a sum over processes.
        let is_state = matches!(point.kind, "gauge" | "summary");
        let part = if is_state || point.is_delta { 0 } else { point.start_ns };
        let figure = match self.parts.get(&part) {
            Some(before) if point.is_delta && !is_state => before.plus(&point.figure),
            _ => point.figure,
        };
        self.parts.insert(part, figure);
        while self.parts.len() > PARTS_MAX
            && let (Some((_, oldest)), Some(mut next)) =
                (self.parts.pop_first(), self.parts.first_entry())
        {
            let sum = oldest.plus(next.get());
            next.insert(sum);
        }
    }

    /// All parts together.
    pub(crate) fn figure(&self) -> Figure {
        let mut parts = self.parts.values();
        let first = parts.next().cloned().unwrap_or(Figure::Number(0.0));
        parts.fold(first, |sum, part| sum.plus(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::model::Distribution;

    fn point(start_ns: u64, number: f64) -> Point {
        Point {
            origin: Arc::default(),
            name: "calls".into(),
            unit: "{call}".into(),
            description: String::new(),
            kind: "counter",
            attributes: Attributes::new(),
            start_ns,
            at_ns: 1,
            is_delta: false,
            figure: Figure::Number(number),
            exemplars: Vec::new(),
        }
    }

    fn after(points: impl IntoIterator<Item = Point>) -> Figure {
        let mut points = points.into_iter();
        let mut series = Series::new(points.next().unwrap());
        points.for_each(|point| series.add(point));
        series.figure()
    }

    #[test]
    fn what_a_process_counts_replaces_what_it_said_before_and_adds_to_other_processes() {
        let told = [point(1, 3.0), point(1, 5.0), point(2, 1.0), point(1, 6.0)];
        assert_eq!(after(told), Figure::Number(7.0));
        let many = (0..100).map(|start| point(start, 1.0));
        assert_eq!(after(many), Figure::Number(100.0), "none is lost when the oldest become one");
    }

    #[test]
    fn differences_add_up_and_a_gauge_is_the_latest() {
        let delta = |start_ns, number| Point { is_delta: true, ..point(start_ns, number) };
        assert_eq!(after([delta(1, 2.0), delta(2, 3.0)]), Figure::Number(5.0));
        let gauge = |start_ns, number| Point { kind: "gauge", ..point(start_ns, number) };
        assert_eq!(after([gauge(1, 9.0), gauge(2, 4.0)]), Figure::Number(4.0));
    }

    #[test]
    fn distributions_of_several_processes_are_one() {
        let distribution = |counts: [u64; 2]| {
            Figure::Distribution(Distribution {
                count: counts.iter().sum(),
                sum: 1.0,
                bounds: vec![5.0],
                counts: counts.to_vec(),
                ..Distribution::default()
            })
        };
        let of = |start, counts| Point { figure: distribution(counts), ..point(start, 0.0) };
        let Figure::Distribution(both) = after([of(1, [1, 2]), of(2, [3, 4])]) else { panic!() };
        assert_eq!((both.count, both.sum, both.counts), (10, 2.0, vec![4, 6]));
    }
}
