//! The blocks of the past, laid out as the year will read them.

use crate::domain::history::History;
use crate::domain::months::{days_between, places, start_after};

/// How far the simulation looks ahead.
pub(super) const DAYS: usize = 365;

/// Weeks and months to draw from. At most 104 weeks of 56 bytes and 12 × 24 months of 248: it stays in a core's cache.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    /// Weeks that begin on the day of the week on which the year begins; at least one.
    pub(super) weeks: Vec<[i64; 7]>,
    /// The months of the year to come.
    pub(super) months: Vec<Month>,
    /// How many months of the past there are for each of them; at least one.
    pub(super) sources: usize,
}

/// A month of the year to come, and what each month of the past would be in it.
#[derive(Debug, Clone)]
pub(super) struct Month {
    /// The day of the year on which it begins, from 0.
    pub(super) first: usize,
    pub(super) length: usize,
    /// `length` days for each month of the past, one after the other.
    pub(super) flows: Vec<i64>,
}

impl Tables {
    pub(super) fn of(history: &History) -> Self {
        let (mut monthly, mut weekly) = (vec![0; history.days()], vec![0; history.days()]);
        for flow in &history.flows {
            let day = days_between(history.first_day(), flow.on);
            let stream = if flow.is_monthly() { &mut monthly } else { &mut weekly };
            stream[day] += flow.amount;
        }
        Self {
            weeks: weekly.rchunks_exact(7).filter_map(|week| week.try_into().ok()).collect(),
            months: months(history, &monthly),
            sources: history.months(),
        }
    }
}

fn months(history: &History, monthly: &[i64]) -> Vec<Month> {
    let starts: Vec<_> = (0..=12).map_while(|ahead| start_after(history.to, ahead)).collect();
    let month = |pair: &[jiff::civil::Date]| {
        let (start, length) = (pair[0], days_between(pair[0], pair[1]));
        let first = days_between(starts[0], start);
        let sources = (0..history.months()).map(|number| history.month(number));
        let flows = sources.flat_map(|source| {
            let begin = days_between(history.first_day(), source.0);
            let mut flows = vec![0; length];
            for (day, place) in places(source, (start, length)).into_iter().enumerate() {
                flows[place] += monthly[begin + day];
            }
            flows
        });
        // The year has 365 days, and twelve months may have 366.
        Month { first, length, flows: flows.collect() }
    };
    let months: Vec<Month> = starts.windows(2).map(month).collect();
    debug_assert!(months.iter().all(|month| month.first + month.length <= DAYS + 1));
    months
}
