//! A pending transaction and its booked twin are one.

use super::Kept;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{HashMap, HashSet, VecDeque};

/// So many days lie between a pending transaction and its booking at most.
const MAX_DAYS_APART: i32 = 5;

/// Without those that came twice under one name, and without pending ones that were booked: under the same name, or the
/// same amount in the same direction at most five days apart, each booked one for one pending one. As many pairs as
/// there can be are found, whatever the order: the earliest pending one takes the earliest booked one that it may.
pub(super) fn without_twins(mut all: Vec<Kept>) -> Vec<Kept> {
    all.sort_unstable();
    // A page that came twice.
    let mut names = HashSet::new();
    all.retain(|kept| names.insert((kept.id, kept.pending)));
    let (pending, mut booked): (Vec<Kept>, Vec<Kept>) =
        all.into_iter().partition(|kept| kept.pending);
    // Those of a booked one whose own pending one is known by its name are nobody else's.
    let waiting: HashSet<u64> = pending.iter().map(|kept| kept.id).collect();
    let named: HashSet<u64> = booked.iter().map(|kept| kept.id).collect();
    let mut days: HashMap<i64, VecDeque<Date>> = HashMap::new();
    for one in booked.iter().filter(|kept| !waiting.contains(&kept.id)) {
        days.entry(one.amount).or_default().push_back(one.on);
    }
    let alone = pending.into_iter().filter(|kept| {
        !named.contains(&kept.id)
            && !days.get_mut(&kept.amount).is_some_and(|days| take_twin(days, kept.on))
    });
    booked.extend(alone);
    booked
}

/// Takes the earliest day that is near enough. The days before it are near to no later one either.
fn take_twin(days: &mut VecDeque<Date>, on: Date) -> bool {
    let (first, last) =
        (on.saturating_sub(MAX_DAYS_APART.days()), on.saturating_add(MAX_DAYS_APART.days()));
    while days.front().is_some_and(|day| *day < first) {
        days.pop_front();
    }
    let is_near = days.front().is_some_and(|day| *day <= last);
    if is_near {
        days.pop_front();
    }
    is_near
}
