//! An hour, in UTC.

use jiff::{Timestamp, civil::Date};
use std::{fmt, str::FromStr};

/// `2026-11-30T08`
const CHARS: usize = 13;
/// An hour in seconds.
const SECONDS: i64 = 3600;

/// An hour in UTC; in texts `2026-11-30T08`, whose order is that of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hour(i64);

impl Hour {
    /// The hour in which this is; nothing before 1970, which no event of ours can be.
    pub(crate) fn of(time: Timestamp) -> Option<Self> {
        (time.as_second() >= 0).then(|| Self(time.as_second() / SECONDS))
    }

    /// As [`Hour::of`]; of what lies before 1970 it is the first hour of all.
    pub(crate) fn of_or_first(time: Timestamp) -> Self {
        Self::of(time).unwrap_or(Self(0))
    }

    /// The hour before this one; the first one has none before it.
    pub(crate) fn before(self, hours: u32) -> Self {
        Self((self.0 - i64::from(hours)).max(0))
    }

    /// The first and the last hour of a day.
    pub(crate) fn all_of(day: Date) -> Option<(Self, Self)> {
        let first: Self = format!("{day}T00").parse().ok()?;
        Some((first, Self(first.0 + 23)))
    }

    /// `2026-11-30`
    pub(crate) fn day(self) -> String {
        self.to_string()[..10].to_owned()
    }

    /// `08`
    pub(crate) fn of_day(self) -> String {
        self.to_string()[11..].to_owned()
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begins = Timestamp::from_second(self.0 * SECONDS).unwrap_or(Timestamp::MAX);
        f.write_str(&begins.to_string()[..CHARS])
    }
}

impl FromStr for Hour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let whole: Result<Timestamp, _> = format!("{text}:00:00Z").parse();
        let hour = whole.ok().and_then(Self::of);
        hour.filter(|hour| hour.to_string() == text).ok_or("must be an hour such as 2026-11-30T08")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_written_and_read_in_the_order_of_time() {
        let hour = Hour::of("2026-11-30T08:59:59.999Z".parse().unwrap()).unwrap();
        assert_eq!(
            (hour.to_string().as_str(), hour.day().as_str()),
            ("2026-11-30T08", "2026-11-30")
        );
        assert_eq!((hour.of_day().as_str(), "2026-11-30T08".parse()), ("08", Ok(hour)));
        assert_eq!(hour.before(9).to_string(), "2026-11-29T23");
        let long_ago: Timestamp = "1969-12-31T23:00:00Z".parse().unwrap();
        assert!(Hour::of(long_ago).is_none());
        assert_eq!(Hour::of_or_first(long_ago).to_string(), "1970-01-01T00");
        for wrong in ["2026-11-30", "2026-11-30T8", "2026-11-30T24", "x"] {
            assert!(wrong.parse::<Hour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_has_24_hours() {
        let (first, last) = Hour::all_of("2026-11-30".parse().unwrap()).unwrap();
        assert_eq!(
            (first.to_string().as_str(), last.to_string().as_str()),
            ("2026-11-30T00", "2026-11-30T23")
        );
    }
}
