//! Percentiles.

use jiff::SignedDuration;
use serde_json::{Value, json};

/// Durations of which percentiles are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    durations: Vec<SignedDuration>,
}

impl Sample {
    pub(crate) fn of(durations: impl IntoIterator<Item = SignedDuration>) -> Self {
        let mut durations: Vec<_> = durations.into_iter().collect();
        durations.sort();
        Self { durations }
    }

    pub(crate) fn len(&self) -> usize {
        self.durations.len()
    }

    /// A percentile, in seconds, between two neighbours in proportion (PERCENTILE_CONT of SQL); nothing of nothing.
    pub(crate) fn percentile(&self, percent: u8) -> Option<f64> {
        let seconds: Vec<f64> = self.durations.iter().map(SignedDuration::as_secs_f64).collect();
        percentile(&seconds, percent)
    }

    pub(crate) fn for_programs(&self) -> Value {
        let whole = |percent| self.percentile(percent).map(f64::round);
        json!({ "n": self.len(), "p50Seconds": whole(50), "p90Seconds": whole(90) })
    }

    /// Both percentiles and of how many.
    pub(crate) fn words(&self) -> String {
        match (self.percentile(50), self.percentile(90)) {
            (Some(half), Some(most)) => {
                format!("{} (p90 {}, n = {})", duration(half), duration(most), self.len())
            }
            _ => "no data (n = 0)".to_owned(),
        }
    }
}

/// A percentile of sorted numbers.
pub(crate) fn percentile(sorted: &[f64], percent: u8) -> Option<f64> {
    let place = usize::from(percent) * sorted.len().checked_sub(1)?;
    let (index, hundredths) = (place / 100, u8::try_from(place % 100).ok()?);
    let below = sorted.get(index)?;
    let above = sorted.get(index + 1).unwrap_or(below);
    Some(below + (above - below) * f64::from(hundredths) / 100.0)
}

/// A duration in the unit that says most.
pub(crate) fn duration(seconds: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")];
    for (unit, name) in UNITS {
        if seconds.abs() >= unit {
            return format!("{:.1} {name}", seconds / unit);
        }
    }
    format!("{seconds:.0} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_the_percentile_is_in_proportion() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[3.0], 90), Some(3.0));
        assert_eq!(percentile(&[1.0, 3.0], 50), Some(2.0));
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0, 14.0], 95), Some(12.0));
    }

    #[test]
    fn a_duration_is_said_in_its_largest_unit() {
        let said = [59.0, 90.0, 5_400.0, 129_600.0].map(duration);
        assert_eq!(said, ["59 s", "1.5 min", "1.5 h", "1.5 d"]);
    }
}
