use std::time::Duration;

use function_json::parse_time_span;
use jiff::{SignedDuration, Timestamp};

use super::{Ncrontab, NcrontabError};

/// How many occurrences are looked at to tell whether a timer is too frequent to be monitored.
const LOOKED_AT: usize = 5;
/// How many occurrences are counted that were missed; more are "at least" so many.
pub(crate) const OCCURRENCES_COUNTED: usize = 1_000;
/// Timers that fire more often than this are not monitored.
const LEAST_MONITORED: Duration = Duration::from_secs(60);

/// When a timer fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// At the times of an NCRONTAB expression.
    Cron(Ncrontab),
    /// So long after the last time. Only dedicated plans take this.
    Interval(Duration),
}

/// A `schedule` that is neither.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Not NCRONTAB.
    #[error(transparent)]
    Ncrontab(#[from] NcrontabError),
    /// An interval of nothing.
    #[error("the interval {0:?} is zero; give at least a second")]
    Zero(String),
}

impl Schedule {
    /// Reads a time span (`00:05:00`) or an NCRONTAB expression.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        match parse_time_span(text) {
            Ok(Duration::ZERO) => Err(ScheduleError::Zero(text.to_owned())),
            Ok(interval) => Ok(Self::Interval(interval)),
            Err(_) => Ok(Self::Cron(text.parse()?)),
        }
    }

    /// The first occurrence after a moment; `None` = never.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(cron) => cron.next_after(moment),
            Self::Interval(interval) => {
                moment.checked_add(SignedDuration::try_from(*interval).ok()?).ok()
            }
        }
    }

    /// How many occurrences lie after `from`, up to `to`; counted no further than [`OCCURRENCES_COUNTED`].
    pub(crate) fn occurrences(&self, from: Timestamp, to: Timestamp) -> usize {
        let following = std::iter::successors(self.next_after(from), |last| self.next_after(*last));
        following.take_while(|occurrence| *occurrence <= to).take(OCCURRENCES_COUNTED).count()
    }

    /// What the envelope says of it: true for CRON.
    pub(crate) fn adjusts_for_dst(&self) -> bool {
        matches!(self, Self::Cron(_))
    }

    /// Whether occurrences are far enough apart for missing one to matter.
    pub(crate) fn can_be_monitored(&self, now: Timestamp) -> bool {
        let mut last = self.next_after(now);
        for _ in 0..LOOKED_AT {
            let next = last.and_then(|last| self.next_after(last));
            if let (Some(last), Some(next)) = (last, next)
                && next.duration_since(last)
                    < SignedDuration::try_from(LEAST_MONITORED).unwrap_or(SignedDuration::MAX)
            {
                return false;
            }
            last = next;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let interval = Schedule::parse("00:05:00").unwrap();
        assert_eq!(interval.next_after(now).unwrap().to_string(), "2026-01-02T03:09:05Z");
        assert!(!interval.adjusts_for_dst());
        let cron = Schedule::parse("0 */5 * * * *").unwrap();
        assert_eq!(cron.next_after(now).unwrap().to_string(), "2026-01-02T03:05:00Z");
        assert!(cron.adjusts_for_dst());
        assert!(matches!(Schedule::parse("often"), Err(ScheduleError::Ncrontab(_))));
        assert!(matches!(Schedule::parse("00:00:00"), Err(ScheduleError::Zero(_))));
    }

    #[test]
    fn timers_that_fire_more_than_once_a_minute_are_not_monitored() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        for (schedule, monitored) in [
            ("0 * * * * *", true),
            ("*/30 * * * * *", false),
            ("0,30 0 * * * *", false),
            ("00:00:59", false),
            ("00:01:00", true),
        ] {
            assert_eq!(
                Schedule::parse(schedule).unwrap().can_be_monitored(now),
                monitored,
                "{schedule}"
            );
        }
    }
}
