//! Who is at work when: the hours of a day, in UTC, shared among regions.
//!
//! No region asks another one. A schedule says who takes what is new; who has something at work keeps it for some minutes
//! around a border, so that clocks need not agree. What two regions do at once for that is harmless, since every step is
//! keyed by its order and written on condition.

use super::Region;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::str::FromStr;

const HOURS: usize = 24;
const HOUR_S: i64 = 60 * 60;
const DAY_S: i64 = 24 * HOUR_S;
/// So long before and after a border what is at work stays where it is. Clocks that are less than twice as much apart hand
/// nothing to and fro.
const HYSTERESIS: SignedDuration = SignedDuration::from_mins(5);

/// The regions by the hours of a day, each hour with exactly one: `22-10 southeastasia, 10-22 westeurope`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sun([Region; HOURS]);

/// Whom operators have put to work, whatever the hour is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Override {
    pub(crate) region: Region,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) by: String,
    pub(crate) why: String,
}

/// When another region may be at work, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Border {
    pub(crate) at: Timestamp,
    pub(crate) region: Region,
}

/// What is wrong with the text of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotASchedule {
    #[error("{0:?} is not hours and a region, such as \"22-10 southeastasia\"")]
    NoShift(String),
    #[error(
        "{0:?} does not begin with two different hours in UTC, 0 to 23 and 0 to 24, such as 22-10; the whole day is 0-24"
    )]
    NoHours(String),
    #[error("{0:?} is no region: {1}")]
    NoRegion(String, &'static str),
    #[error("hour {hour} has both {} and {}", regions[0], regions[1])]
    TwoRegions { hour: usize, regions: [Region; 2] },
    #[error("hour {0} has no region")]
    NobodyAtWork(usize),
}

impl Sun {
    /// Who takes what is new.
    pub(crate) fn primary<'a>(
        &'a self,
        overridden: Option<&'a Override>,
        now: Timestamp,
    ) -> &'a Region {
        match overridden.filter(|it| it.holds(now)) {
            Some(it) => &it.region,
            None => self.scheduled(now),
        }
    }

    /// Who goes on with what is at work in `here`: it stays for some minutes around a border. An override is waited for by
    /// nobody: it is for when a region does not work.
    pub(crate) fn goes_on<'a>(
        &'a self,
        overridden: Option<&'a Override>,
        now: Timestamp,
        here: &'a Region,
    ) -> &'a Region {
        let at = |moment: Result<Timestamp, _>| self.scheduled(moment.unwrap_or(now));
        let around = [at(now.checked_sub(HYSTERESIS)), at(now.checked_add(HYSTERESIS))];
        match overridden.filter(|it| it.holds(now)) {
            None if around.contains(&here) => here,
            _ => self.primary(overridden, now),
        }
    }

    /// When that changes next. `None`: one region is at work all day.
    pub(crate) fn next(&self, overridden: Option<&Override>, now: Timestamp) -> Option<Border> {
        if let Some(it) = overridden.filter(|it| it.holds(now)) {
            return Some(Border { at: it.until, region: self.scheduled(it.until).clone() });
        }
        let (present, hour) = (self.scheduled(now), now.as_second().div_euclid(HOUR_S));
        let hours = (hour + 1..).take(HOURS);
        let starts = hours.filter_map(|hour| Timestamp::from_second(hour * HOUR_S).ok());
        let mut others = starts.map(|at| (at, self.scheduled(at)));
        let (at, region) = others.find(|(_, region)| *region != present)?;
        Some(Border { at, region: region.clone() })
    }

    /// All that are at work at some hour.
    pub(crate) fn regions(&self) -> impl Iterator<Item = &Region> {
        self.0.iter()
    }

    fn scheduled(&self, at: Timestamp) -> &Region {
        let hour = at.as_second().rem_euclid(DAY_S) / HOUR_S;
        &self.0[usize::try_from(hour).expect("a day has 24 hours")]
    }
}

impl Override {
    /// Whether it is not over yet.
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

impl FromStr for Sun {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let mut hours: [Option<Region>; HOURS] = std::array::from_fn(|_| None);
        for shift in text.split(',') {
            let (from, until, region) = shift_of(shift.trim())?;
            for hour in (from..from + (until + HOURS - from - 1) % HOURS + 1).map(|it| it % HOURS) {
                if let Some(other) = hours[hour].replace(region.clone()) {
                    return Err(NotASchedule::TwoRegions { hour, regions: [other, region] });
                }
            }
        }
        if let Some(hour) = hours.iter().position(Option::is_none) {
            return Err(NotASchedule::NobodyAtWork(hour));
        }
        Ok(Self(hours.map(|region| region.expect("each hour has one"))))
    }
}

/// `22-10 southeastasia`: from that hour on, until that hour, by that region.
fn shift_of(text: &str) -> Result<(usize, usize, Region), NotASchedule> {
    let no_shift = || NotASchedule::NoShift(text.to_owned());
    let (hours, region) = text.split_once(' ').ok_or_else(no_shift)?;
    let read = |text: &str, last: usize| text.parse().ok().filter(|hour| *hour <= last);
    let hours = hours.split_once('-').and_then(|(from, until)| {
        let (from, until) = (read(from, HOURS - 1)?, read(until, HOURS)?);
        (from != until).then_some((from, until))
    });
    let (from, until) = hours.ok_or_else(|| NotASchedule::NoHours(text.to_owned()))?;
    let name = region.trim();
    let region = name.parse().map_err(|why| NotASchedule::NoRegion(name.to_owned(), why))?;
    Ok((from, until, region))
}

/// As it is read: each stretch of hours, that with hour 0 first.
impl fmt::Display for Sun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begins = |hour: &usize| self.0[*hour] != self.0[(hour + HOURS - 1) % HOURS];
        let starts: Vec<usize> = (0..HOURS).filter(begins).collect();
        let Some(last) = starts.last() else { return write!(f, "0-24 {}", self.0[0]) };
        let from = std::iter::once(last).chain(&starts);
        for (nth, (from, until)) in from.zip(&starts).enumerate() {
            let comma = if nth == 0 { "" } else { ", " };
            write!(f, "{comma}{from}-{until} {}", self.0[*from])?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "sun_tests.rs"]
mod tests;
