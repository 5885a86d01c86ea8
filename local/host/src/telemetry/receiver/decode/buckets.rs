//! Buckets whose bounds grow by a factor, as buckets with explicit bounds.

use opentelemetry_proto::tonic::metrics::v1::ExponentialHistogramDataPoint;

use crate::telemetry::model::Distribution;

pub(super) type Exponential = ExponentialHistogramDataPoint;

/// The most buckets of one sign that are read: SDKs have at most 160.
const BUCKETS_MAX: usize = 1_024;

/// The same distribution: negative buckets from the largest down, zero, positive ones.
pub(super) fn explicit(point: &Exponential) -> Distribution {
    let base = 2_f64.powf(2_f64.powi(-point.scale));
    let bound = |index: i64| base.powf(index_as_f64(index));
    let (mut bounds, mut counts) = (Vec::new(), Vec::new());
    // A bucket of negative values ends where the next smaller one begins.
    if let Some(negative) = &point.negative {
        let buckets =
            negative.bucket_counts.iter().take(BUCKETS_MAX).zip(i64::from(negative.offset)..);
        for (count, index) in buckets.collect::<Vec<_>>().into_iter().rev() {
            bounds.push(-bound(index));
            counts.push(*count);
        }
    }
    let first = point.positive.as_ref().map(|positive| bound(positive.offset.into()));
    bounds.push(first.unwrap_or(point.zero_threshold));
    counts.push(point.zero_count);
    if let Some(positive) = &point.positive {
        let buckets =
            positive.bucket_counts.iter().take(BUCKETS_MAX).zip(i64::from(positive.offset)..);
        for (count, index) in buckets {
            bounds.push(bound(index + 1));
            counts.push(*count);
        }
    }
    // The last one has no upper bound.
    counts.push(0);
    Distribution {
        count: point.count,
        sum: point.sum.unwrap_or_default(),
        min: point.min,
        max: point.max,
        bounds,
        counts,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an index is far below 2^53")]
fn index_as_f64(index: i64) -> f64 {
    index as f64
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;

    use super::*;

    #[test]
    fn bounds_grow_by_the_factor_of_the_scale() {
        let buckets =
            |offset, counts: &[u64]| Some(Buckets { offset, bucket_counts: counts.to_vec() });
        let point = Exponential {
            count: 8,
            zero_count: 1,
            positive: buckets(1, &[2, 3]),
            negative: buckets(0, &[1, 1]),
            ..Exponential::default()
        };
        let explicit = explicit(&point);
        assert_eq!(explicit.bounds, [-2.0, -1.0, 2.0, 4.0, 8.0]);
        assert_eq!(explicit.counts, [1, 1, 1, 2, 3, 0]);
    }
}
