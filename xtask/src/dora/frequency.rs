//! How often something is deployed, in the words of Four Keys.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    statistics::percentile,
    window::{Window, monday},
};

/// Of so many days in the median week it is daily.
const DAILY: f64 = 3.0;
/// Of so many days in the median week, or month, it is weekly, or monthly.
const ONCE: f64 = 1.0;

/// The days on which something was deployed, within a time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frequency {
    pub(crate) bucket: &'static str,
    pub(crate) days: usize,
    /// Deployment days of each week, empty ones too.
    pub(crate) weeks: Vec<usize>,
    pub(crate) median_week: f64,
}

impl Frequency {
    pub(crate) fn of(window: &Window, days: &BTreeSet<Date>) -> Self {
        let count = |of: &dyn Fn(Date) -> bool| days.iter().filter(|day| of(**day)).count();
        let weeks: Vec<usize> =
            window.weeks().iter().map(|week| count(&|day| monday(day) == *week)).collect();
        let months: Vec<usize> = window
            .months()
            .iter()
            .map(|month| count(&|day| day.first_of_month() == *month))
            .collect();
        let median_week = median(&weeks);
        let bucket = match median_week {
            _ if days.is_empty() => "none",
            days if days >= DAILY => "daily",
            days if days >= ONCE => "weekly",
            _ if median(&months) >= ONCE => "monthly",
            _ => "yearly",
        };
        Self { bucket, days: days.len(), weeks, median_week }
    }

    pub(crate) fn for_programs(&self) -> Value {
        json!({
            "bucket": self.bucket,
            "deploymentDays": self.days,
            "weeks": self.weeks,
            "medianDaysPerWeek": self.median_week,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "days of a week or month")]
fn median(counts: &[usize]) -> f64 {
    let mut counts: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
    counts.sort_by(f64::total_cmp);
    percentile(&counts, 50).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four whole weeks of February 2026, which begins on a Sunday: from Monday the 2nd to Sunday the 1st of March.
    fn bucket(days: &[&str]) -> &'static str {
        let window =
            Window::of(&"2026-02-02".parse().unwrap(), Some(&"2026-03-01".parse().unwrap()));
        Frequency::of(&window, &days.iter().map(|day| day.parse().unwrap()).collect()).bucket
    }

    #[test]
    fn the_median_week_decides_and_empty_weeks_count() {
        let three =
            ["02-02", "02-03", "02-04", "02-09", "02-10", "02-11", "02-16", "02-17", "02-18"];
        let three: Vec<String> = three.iter().map(|day| format!("2026-{day}")).collect();
        let three: Vec<&str> = three.iter().map(String::as_str).collect();
        assert_eq!(bucket(&three), "daily", "3, 3, 3, 0");
        assert_eq!(bucket(&three[..6]), "weekly", "3, 3, 0, 0: the median is 1.5");
        assert_eq!(
            bucket(&three[..3]),
            "monthly",
            "3, 0, 0, 0 in the weeks; 3 and 0 in the months"
        );
        assert_eq!(bucket(&three[..1]), "yearly", "1 and 0 in the months");
        assert_eq!(
            bucket(&["2026-02-02", "2026-02-03", "2026-03-01"]),
            "monthly",
            "2, 0, 0, 1 is 0.5; 2 and 1 in the months"
        );
        assert_eq!(bucket(&[]), "none");
    }
}
