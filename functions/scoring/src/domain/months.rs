//! Months that end with the last day of the history: from the 29th to the 28th, if that day is a 28th. Wages and rent keep
//! their place in them, whatever day the history happens to end on.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The first day of the `back`-th month before the end of `to`, counted from 1; none before the calendar begins.
pub(crate) fn start_before(to: Date, back: i32) -> Option<Date> {
    moved(to, -back)
}

/// The first day of the `ahead`-th month after the end of `to`, counted from 0.
pub(crate) fn start_after(to: Date, ahead: i32) -> Option<Date> {
    moved(to, ahead)
}

/// Days from one to the other, which is not before it.
pub(crate) fn days_between(from: Date, to: Date) -> usize {
    let days = from.until(to).map_or(0, |span| span.get_days());
    usize::try_from(days).unwrap_or(0)
}

/// Where in a month each day of another month has its place: on the same day of the month; one that the month does not
/// have, on the nearest day before it that it has.
pub(crate) fn places(of: (Date, usize), within: (Date, usize)) -> Vec<usize> {
    let (targets, sources) = (days_of(within), days_of(of));
    let mut place = 0;
    let find = |source: i8| {
        if let Some(found) = targets.iter().position(|target| *target == source) {
            place = found;
        }
        place
    };
    sources.into_iter().map(find).collect()
}

/// The days of the month, in the order of time.
fn days_of((start, length): (Date, usize)) -> Vec<i8> {
    start.series(1.day()).take(length).map(Date::day).collect()
}

/// Always counted from the same day, so that a short month between does not move the later ones.
fn moved(to: Date, months: i32) -> Option<Date> {
    let end = to.checked_add(Span::new().try_months(months).ok()?).ok()?;
    end.checked_add(1.day()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_with_the_last_day() {
        let to = day("2026-11-28");
        assert_eq!(start_before(to, 1), Some(day("2026-10-29")));
        assert_eq!(start_before(to, 6), Some(day("2026-05-29")));
        assert_eq!(start_after(to, 0), Some(day("2026-11-29")));
        assert_eq!(start_after(day("2027-01-31"), 1), Some(day("2027-03-01")));
        assert_eq!(start_after(day("2027-01-31"), 2), Some(day("2027-04-01")));
    }

    #[test]
    fn a_day_of_the_month_keeps_its_place_and_one_that_is_missing_goes_before_it() {
        let january = (day("2027-01-01"), 31);
        let february = (day("2027-02-01"), 28);
        let placed = places(january, february);
        assert_eq!((placed[0], placed[27], placed[28], placed[30]), (0, 27, 27, 27));
        let back = places(february, january);
        assert_eq!((back.len(), back[27]), (28, 27));
        let autumn = (day("2026-10-29"), 31);
        let march = (day("2027-03-01"), 28);
        assert_eq!(places(autumn, march)[..4], [0, 0, 0, 0], "29, 30, 31 and 1");
    }
}
