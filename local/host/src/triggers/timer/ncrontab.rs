//! NCRONTAB: `{second} {minute} {hour} {day} {month} {day of week}`, the first of which may be left out.
//!
//! Unlike cron, a day must match both its fields. All times are UTC: `WEBSITE_TIME_ZONE` is not honoured on Linux
//! Consumption and Flex plans, so it is not honoured here.

use std::str::FromStr;

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

/// How far ahead an occurrence is looked for: 29 February on a given weekday comes after 40 years at most.
const HORIZON_YEARS: i16 = 41;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A schedule in NCRONTAB form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ncrontab {
    seconds: u64,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
}

/// An expression that is not NCRONTAB.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NcrontabError {
    /// Not five or six fields.
    #[error(
        "{expression:?} has {count} fields; write {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}, for example \"0 */5 * * * *\""
    )]
    Fields {
        /// The expression.
        expression: String,
        /// Its fields.
        count: usize,
    },
    /// A field with a value it cannot have.
    #[error(
        "{expression:?}: {part:?} is no {field} from {least} to {most}; lists (1,2), ranges (1-5) and steps (*/5) of them are possible"
    )]
    Value {
        /// The expression.
        expression: String,
        /// What cannot be read.
        part: String,
        /// The field.
        field: &'static str,
        /// Its smallest value.
        least: u8,
        /// Its largest value.
        most: u8,
    },
}

struct Field {
    name: &'static str,
    least: u8,
    most: u8,
    words: &'static [&'static str],
}

const FIELDS: [Field; 6] = [
    Field { name: "second", least: 0, most: 59, words: &[] },
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day", least: 1, most: 31, words: &[] },
    Field { name: "month", least: 1, most: 12, words: &MONTHS },
    Field { name: "day of week", least: 0, most: 6, words: &DAYS },
];

impl FromStr for Ncrontab {
    type Err = NcrontabError;

    fn from_str(expression: &str) -> Result<Self, Self::Err> {
        let mut parts: Vec<&str> = expression.split_whitespace().collect();
        if parts.len() == 5 {
            parts.insert(0, "0");
        }
        if parts.len() != FIELDS.len() {
            return Err(NcrontabError::Fields {
                expression: expression.to_owned(),
                count: parts.len(),
            });
        }
        let mut masks = [0; 6];
        for ((mask, field), part) in masks.iter_mut().zip(&FIELDS).zip(parts) {
            *mask = field.parse(part).ok_or_else(|| NcrontabError::Value {
                expression: expression.to_owned(),
                part: part.to_owned(),
                field: field.name,
                least: field.least,
                most: field.most,
            })?;
        }
        let [seconds, minutes, hours, days, months, weekdays] = masks;
        Ok(Self { seconds, minutes, hours, days, months, weekdays })
    }
}

impl Field {
    /// The values of a field as bits.
    fn parse(&self, text: &str) -> Option<u64> {
        text.split(',').try_fold(0, |mask, item| Some(mask | self.item(item)?))
    }

    /// `*`, `7`, `1-5`, and each of them with `/step`. A lone value with a step runs on to the largest.
    fn item(&self, item: &str) -> Option<u64> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u8>().ok().filter(|step| *step > 0)?)),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.least, self.most),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            None => {
                let value = self.value(range)?;
                (value, if step.is_some() { self.most } else { value })
            }
        };
        let values = (first.min(last)..=first.max(last)).step_by(usize::from(step.unwrap_or(1)));
        Some(values.fold(0, |mask, value| mask | 1 << value))
    }

    fn value(&self, text: &str) -> Option<u8> {
        let number = text.parse().ok().or_else(|| {
            // Names may be longer than three letters: Monday, January.
            let short = text.get(..3)?.to_ascii_uppercase();
            let place = self.words.iter().position(|word| *word == short)?;
            u8::try_from(place).ok().map(|place| place + self.least)
        });
        number.filter(|number| (self.least..=self.most).contains(number))
    }
}

impl Ncrontab {
    /// The first occurrence after `moment`; `None` when there is none, as on 30 February.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let after = TimeZone::UTC.to_datetime(moment).checked_add(1.second()).ok()?;
        let after = after.with().subsec_nanosecond(0).build().ok()?;
        let mut date = after.date();
        let horizon = date.year().saturating_add(HORIZON_YEARS);
        let mut earliest = after.time();
        while date.year() <= horizon {
            if has(self.months, date.month())
                && self.has_day(date)
                && let Some(time) = self.time_from(earliest)
            {
                return TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok();
            }
            earliest = civil::Time::midnight();
            date = match has(self.months, date.month()) {
                true => date.tomorrow().ok()?,
                false => date.last_of_month().tomorrow().ok()?,
            };
        }
        None
    }

    fn has_day(&self, date: civil::Date) -> bool {
        has(self.days, date.day()) && has(self.weekdays, date.weekday().to_sunday_zero_offset())
    }

    /// The first matching time of a day that is not before `earliest`.
    fn time_from(&self, earliest: civil::Time) -> Option<civil::Time> {
        let (hour, minute, second) = (earliest.hour(), earliest.minute(), earliest.second());
        if has(self.hours, hour) {
            if has(self.minutes, minute)
                && let Some(second) = first(self.seconds, second)
            {
                return Some(civil::time(hour, minute, second, 0));
            }
            if let Some(minute) = first(self.minutes, minute + 1) {
                return Some(civil::time(hour, minute, first(self.seconds, 0)?, 0));
            }
        }
        let hour = first(self.hours, hour + 1)?;
        Some(civil::time(hour, first(self.minutes, 0)?, first(self.seconds, 0)?, 0))
    }
}

fn has(mask: u64, value: i8) -> bool {
    mask >> value & 1 == 1
}

/// The smallest value in the mask that is not below `from`.
fn first(mask: u64, from: i8) -> Option<i8> {
    let left = mask.checked_shr(from.unsigned_abs().into())?;
    (left != 0).then(|| from + i8::try_from(left.trailing_zeros()).unwrap_or(i8::MAX - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, moment: &str) -> Option<String> {
        let schedule: Ncrontab = expression.parse().unwrap();
        schedule.next_after(moment.parse().unwrap()).map(|next| next.to_string())
    }

    #[test]
    fn occurrences_are_found() {
        for (expression, after, expected) in [
            ("0 */5 * * * *", "2026-01-02T03:04:05.6Z", "2026-01-02T03:05:00Z"),
            ("0 */5 * * * *", "2026-01-02T03:05:00Z", "2026-01-02T03:10:00Z"),
            ("0 */5 * * * *", "2026-01-02T03:04:59.999Z", "2026-01-02T03:05:00Z"),
            ("*/5 * * * *", "2026-01-02T03:04:05Z", "2026-01-02T03:05:00Z"),
            ("30 59 23 31 12 *", "2026-01-02T03:04:05Z", "2026-12-31T23:59:30Z"),
            ("0 0 0 29 2 *", "2026-01-02T03:04:05Z", "2028-02-29T00:00:00Z"),
            ("0 0 9-17/2 * * Mon-Fri", "2026-01-02T17:00:00Z", "2026-01-05T09:00:00Z"),
            ("15,45 * * * * *", "2026-01-02T03:04:15Z", "2026-01-02T03:04:45Z"),
            ("0 0 0 1 January,jul *", "2026-01-02T00:00:00Z", "2026-07-01T00:00:00Z"),
            ("0 0 12 * * 0", "2026-01-02T00:00:00Z", "2026-01-04T12:00:00Z"),
            ("0 10/20 * * * *", "2026-01-02T03:31:00Z", "2026-01-02T03:50:00Z"),
            ("59 59 23 * * *", "2026-01-02T23:59:59Z", "2026-01-03T23:59:59Z"),
        ] {
            assert_eq!(
                next(expression, after).as_deref(),
                Some(expected),
                "{expression} after {after}"
            );
        }
    }

    #[test]
    fn a_day_must_match_both_its_fields_unlike_in_cron() {
        assert_eq!(
            next("0 0 0 13 * Fri", "2026-01-02T00:00:00Z").as_deref(),
            Some("2026-02-13T00:00:00Z")
        );
    }

    #[test]
    fn a_day_that_never_comes_has_no_occurrence() {
        assert_eq!(next("0 0 0 30 2 *", "2026-01-02T00:00:00Z"), None);
    }

    #[test]
    fn other_expressions_are_refused_with_the_field_and_its_values() {
        for (expression, field) in [
            ("60 * * * * *", "second"),
            ("* 60 * * * *", "minute"),
            ("* * 24 * * *", "hour"),
            ("* * * 0 * *", "day"),
            ("* * * * 13 *", "month"),
            ("* * * * * 7", "day of week"),
            ("* * * * * ?", "day of week"),
            ("*/0 * * * * *", "second"),
            ("a * * * * *", "second"),
            ("1- * * * * *", "second"),
        ] {
            let Err(NcrontabError::Value { field: found, .. }) = expression.parse::<Ncrontab>()
            else {
                panic!("{expression} was taken")
            };
            assert_eq!(found, field, "{expression}");
        }
        for expression in ["", "* * * *", "* * * * * * *"] {
            assert!(
                matches!(expression.parse::<Ncrontab>(), Err(NcrontabError::Fields { .. })),
                "{expression}"
            );
        }
    }

    #[test]
    fn every_occurrence_matches_and_none_is_skipped() {
        let schedule: Ncrontab = "*/20 3-5 */6 * * *".parse().unwrap();
        let mut moment: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let end = moment + 24.hours();
        let mut count = 0;
        while let Some(next) = schedule.next_after(moment).filter(|next| *next < end) {
            assert!(next > moment);
            moment = next;
            count += 1;
        }
        assert_eq!(count, 3 * 3 * 4);
    }
}
