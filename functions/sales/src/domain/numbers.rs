//! Numbers without a gap.

use invoice::{Number, Series};
use jiff::civil::Date;

/// How far a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counter {
    /// The last number that was given; 0 if none was.
    pub(crate) last: u32,
    /// On which day that was.
    pub(crate) issued: Option<Date>,
}

/// A number and what goes with it for ever, so that whoever repeats writes the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) number: Number,
    /// On which day the number was given: that of the invoice.
    pub(crate) issued: Date,
    pub(crate) tax_point: Date,
}

/// What a number is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) tax_point: Date,
    /// The invoice is of this day at the earliest.
    pub(crate) not_before: Date,
}

impl Counter {
    /// The next number. Days never go back within a series, whatever clocks do. `None`: the series has ended.
    pub(crate) fn next(
        self,
        series: &Series,
        wanted: &Wanted,
        today: Date,
    ) -> Option<(Self, Given)> {
        let number = Number::new(series.clone(), self.last.checked_add(1)?).ok()?;
        let issued = today.max(wanted.not_before).max(self.issued.unwrap_or(Date::MIN));
        let next = Self { last: number.counter(), issued: Some(issued) };
        Some((next, Given { number, issued, tax_point: wanted.tax_point }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_follow_each_other_and_days_do_not_go_back() {
        let series: Series = "IODK-2026".parse().unwrap();
        let point = date(2026, 12, 31);
        let next = |counter: Counter, today: Date| {
            counter.next(&series, &Wanted { tax_point: point, not_before: point }, today).unwrap()
        };
        let (counter, first) = next(Counter::default(), date(2026, 12, 30));
        assert_eq!((first.number.to_string().as_str(), first.issued), ("IODK-2026-000001", point));
        let (counter, second) = next(counter, date(2027, 1, 1));
        assert_eq!((second.issued, second.tax_point), (date(2027, 1, 1), point));
        let (_, third) = next(counter, date(2026, 12, 31));
        assert_eq!((third.number.counter(), third.issued), (3, date(2027, 1, 1)));
    }

    #[test]
    fn a_series_ends() {
        let series: Series = "IODK-2026".parse().unwrap();
        let wanted = Wanted { tax_point: date(2026, 1, 1), not_before: date(2026, 1, 1) };
        let last = Counter { last: invoice::MAX_COUNTER, issued: None };
        assert_eq!(last.next(&series, &wanted, date(2026, 1, 1)), None);
    }
}
