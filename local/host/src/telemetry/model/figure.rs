//! What a metric says: a number, or how values are distributed.

use serde::Serialize;

use super::quantiles;

/// The latest of a metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Figure {
    Number(f64),
    Distribution(Distribution),
}

/// Values counted by how large they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Distribution {
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    /// The upper bounds of all buckets but the last, ascending.
    pub(crate) bounds: Vec<f64>,
    /// One more than there are bounds; empty when there are no buckets.
    pub(crate) counts: Vec<u64>,
}

/// A distribution in figures that people read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) p50: Option<f64>,
    pub(crate) p95: Option<f64>,
    pub(crate) p99: Option<f64>,
}

impl Figure {
    /// Both together: what two processes counted, or one before and after.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => Self::Number(one + two),
            (Self::Distribution(one), Self::Distribution(two)) => Self::Distribution(one.plus(two)),
            // A metric that changed its kind: the newer counts.
            (_, newer) => newer.clone(),
        }
    }
}

impl Distribution {
    fn plus(&self, other: &Self) -> Self {
        let of_both =
            |pick: fn(f64, f64) -> f64, one: Option<f64>, two: Option<f64>| match (one, two) {
                (Some(one), Some(two)) => Some(pick(one, two)),
                (one, two) => one.or(two),
            };
        // Buckets of other bounds cannot be added: those of the larger part are the better estimate.
        let (bounds, counts) =
            if self.bounds == other.bounds && self.counts.len() == other.counts.len() {
                let sums = self.counts.iter().zip(&other.counts).map(|(one, two)| one + two);
                (self.bounds.clone(), sums.collect())
            } else if self.count > other.count {
                (self.bounds.clone(), self.counts.clone())
            } else {
                (other.bounds.clone(), other.counts.clone())
            };
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            min: of_both(f64::min, self.min, other.min),
            max: of_both(f64::max, self.max, other.max),
            bounds,
            counts,
        }
    }

    pub(crate) fn summary(&self) -> Summary {
        let at = |quantile| quantiles::estimate(self, quantile);
        Summary { count: self.count, sum: self.sum, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
    }
}
