//! What came of it, as one line of JSON.

use std::time::Duration;

use serde_json::{Value, json};

use crate::pace::Told;

pub(crate) fn of(told: &Told) -> Value {
    let seconds = told.time.as_secs_f64();
    let took = sorted(&told.took);
    json!({
        "asked": told.took.len(),
        "answered": told.answered,
        "errors": told.errors,
        "unanswered": told.unanswered,
        "seconds": seconds,
        "aSecond": told.answered as f64 / seconds,
        "p50Ms": percentile(&took, 500),
        "p90Ms": percentile(&took, 900),
        "p99Ms": percentile(&took, 990),
        "p999Ms": percentile(&took, 999),
        "maxMs": percentile(&took, 1_000),
        "lateP50Ms": percentile(&sorted(&told.late), 500),
        "lateP99Ms": percentile(&sorted(&told.late), 990),
    })
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times
}

/// Of sorted times, the smallest that so many thousandths of all do not exceed; none if there are none.
fn percentile(sorted: &[Duration], thousandths: usize) -> Option<f64> {
    let rank = (sorted.len() * thousandths).div_ceil(1_000);
    sorted.get(rank.max(1) - 1).map(|time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let of = |part| percentile(&times, part);
        assert_eq!([of(0), of(500), of(990), of(1_000)], [1.0, 100.0, 198.0, 200.0].map(Some));
        assert_eq!(percentile(&[], 500), None);
    }
}
