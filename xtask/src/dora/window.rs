//! The time that is looked at. Days, weeks (from Monday) and months are those of UTC.

use std::str::FromStr;

use jiff::{Span, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

/// From when.
#[derive(Debug, Clone)]
pub(crate) enum Since {
    Day(Date),
    Before(Span),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        let span: Span = text.parse().map_err(|_| {
            format!("`{text}` is neither a day nor a duration; write 2026-03-01, or P90D")
        })?;
        if span.is_positive() {
            Ok(Self::Before(span))
        } else {
            Err(format!("`{text}` is no time at all; write P90D"))
        }
    }
}

/// To when.
#[derive(Debug, Clone)]
pub(crate) struct Until(Timestamp);

impl FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(moment) = text.parse() {
            return Ok(Self(moment));
        }
        let day: Date = text.parse().map_err(|_| {
            format!(
                "`{text}` is neither a day nor a moment; write 2026-03-31, or 2026-03-31T12:00:00Z"
            )
        })?;
        start(day.saturating_add(1.day()))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is too far away"))
    }
}

/// From a moment up to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

fn start(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

pub(crate) fn day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

impl Window {
    pub(crate) fn of(since: &Since, until: Option<&Until>) -> Self {
        let until = until.map_or_else(Timestamp::now, |until| until.0);
        let since = match since {
            Since::Day(day) => start(*day),
            Since::Before(span) => {
                let end = until.to_zoned(TimeZone::UTC);
                end.checked_sub(*span).ok().map(|moment| moment.timestamp())
            }
        };
        Self { since: since.unwrap_or(Timestamp::MIN).min(until), until }
    }

    pub(crate) fn has(&self, moment: Timestamp) -> bool {
        self.since <= moment && moment < self.until
    }

    pub(crate) fn last_day(&self) -> Date {
        let before = self.until.checked_sub(1.nanosecond()).unwrap_or(self.until);
        day(before.max(self.since))
    }

    /// The Mondays of its weeks, those that it cuts included.
    pub(crate) fn weeks(&self) -> Vec<Date> {
        steps(monday(day(self.since)), self.last_day(), 7.days())
    }

    /// The first days of its months, those that it cuts included.
    pub(crate) fn months(&self) -> Vec<Date> {
        steps(day(self.since).first_of_month(), self.last_day(), 1.month())
    }
}

/// The Monday of a day's week.
pub(crate) fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// More weeks than a repository is old.
const MAX_STEPS: usize = 10_000;

fn steps(first: Date, last: Date, step: Span) -> Vec<Date> {
    let days = std::iter::successors(Some(first), |day| day.checked_add(step).ok());
    days.take_while(|day| *day <= last).take(MAX_STEPS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(since: &str, until: &str) -> Window {
        Window::of(&since.parse().unwrap(), Some(&until.parse().unwrap()))
    }

    #[test]
    fn the_last_day_belongs_to_it_and_the_next_does_not() {
        let march = window("2026-03-01", "2026-03-31");
        assert!(march.has("2026-03-31T23:59:59.999Z".parse().unwrap()));
        assert!(!march.has("2026-04-01T00:00:00Z".parse().unwrap()));
        assert!(!march.has("2026-03-01T00:30:00+01:00".parse().unwrap()));
    }

    #[test]
    fn cut_weeks_and_months_count() {
        // A Sunday and a Tuesday.
        let window = window("2026-03-01", "2026-03-31");
        assert_eq!(window.weeks().len(), 6);
        assert_eq!(window.weeks()[0], "2026-02-23".parse().unwrap());
        assert_eq!(window.months().len(), 1);
    }

    #[test]
    fn a_duration_counts_back_from_the_end() {
        let window = window("P90D", "2026-03-31T12:00:00Z");
        assert_eq!(window.since, "2025-12-31T12:00:00Z".parse().unwrap());
        assert!("soon".parse::<Since>().is_err() && "PT0S".parse::<Since>().is_err());
    }
}
