//! Which value a share of all values does not exceed, as far as buckets tell.

use super::Distribution;

/// An estimate: within a bucket values are taken as spread evenly; the first and the last bucket end where the least
/// and the greatest value are, where these are told. `None` without buckets or values.
pub(super) fn estimate(of: &Distribution, quantile: f64) -> Option<f64> {
    let total: u64 = of.counts.iter().sum();
    if total == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let wanted = quantile * total as f64;
    let mut below = 0.0;
    for (index, count) in of.counts.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let count = *count as f64;
        if count > 0.0 && below + count >= wanted {
            let (low, high) = ends(of, index);
            return Some(low + (high - low) * ((wanted - below) / count).clamp(0.0, 1.0));
        }
        below += count;
    }
    of.max
}

/// Between which values a bucket lies.
fn ends(of: &Distribution, index: usize) -> (f64, f64) {
    let below = index.checked_sub(1).and_then(|before| of.bounds.get(before)).copied();
    let above = of.bounds.get(index).copied();
    let low = match (below, of.min) {
        (Some(bound), Some(min)) => bound.max(min),
        (Some(bound), None) => bound,
        (None, Some(min)) => min,
        // Most of what is measured is never negative.
        (None, None) => above.unwrap_or(0.0).min(0.0),
    };
    let high = match (above, of.max) {
        (Some(bound), Some(max)) => bound.min(max),
        (Some(bound), None) => bound,
        (None, Some(max)) => max,
        (None, None) => low,
    };
    (low, high.max(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(bounds: &[f64], counts: &[u64]) -> Distribution {
        Distribution { bounds: bounds.to_vec(), counts: counts.to_vec(), ..Distribution::default() }
    }

    #[test]
    fn a_quantile_lies_in_the_bucket_where_its_share_is_reached() {
        let even = distribution(&[10.0, 20.0, 30.0], &[10, 10, 10, 0]);
        assert_eq!(estimate(&even, 0.5), Some(15.0));
        assert_eq!(estimate(&even, 1.0), Some(30.0));
        assert_eq!(estimate(&even, 0.0), Some(0.0));
    }

    #[test]
    fn the_outer_buckets_end_at_the_least_and_the_greatest_value() {
        let outer = Distribution {
            min: Some(4.0),
            max: Some(40.0),
            ..distribution(&[10.0, 30.0], &[1, 0, 1])
        };
        assert_eq!((estimate(&outer, 0.0), estimate(&outer, 1.0)), (Some(4.0), Some(40.0)));
        let endless = distribution(&[10.0], &[0, 5]);
        assert_eq!(estimate(&endless, 0.99), Some(10.0), "nothing is known above the last bound");
    }

    #[test]
    fn nothing_counted_is_nothing_estimated() {
        assert_eq!(estimate(&distribution(&[1.0], &[0, 0]), 0.5), None);
        assert_eq!(estimate(&Distribution::default(), 0.5), None);
    }
}
