//! The past of all accounts together, as far as the bank told it.

use crate::domain::flows::{Flow, flows};
use crate::domain::months::{days_between, start_before};
use jiff::ToSpan;
use jiff::civil::Date;
use scorecard::Activity;
use scorecard::activity::AccountKind;
use serde::Serialize;

/// Fewer months say too little.
const MIN_MONTHS: i32 = 3;
/// More months are not looked at: two years.
const MAX_MONTHS: i32 = 24;
/// Nobody pays something every day: a month counts as told if the first transaction of all comes so many days after its
/// begin, at most.
const QUIET_DAYS: i32 = 7;
/// The only currency whose bins there are.
const CURRENCY: &str = "EUR";

/// Whole months of the past; all amounts are cents.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) to: Date,
    /// The first days of the months, the newest month first, and at last the day after `to` in front of them all:
    /// `starts[0]` is that day, month `n` goes from `starts[n + 1]` to the day before `starts[n]`.
    pub(crate) starts: Vec<Date>,
    /// In these months, in the order of time.
    pub(crate) flows: Vec<Flow>,
    /// What was on all accounts together at the end of each day of these months.
    pub(crate) balances: Vec<i64>,
    /// What is on all accounts together once everything is booked that is pending.
    pub(crate) available: i64,
    /// Whole months since the oldest current account was opened, or that were told, if that is more.
    pub(crate) age_months: i64,
}

/// Why there is nothing to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unscoreable {
    /// Fewer than three whole months with transactions.
    TooLittleHistory,
    /// An account is in another currency than the euro: the others alone would be half of the picture.
    CurrencyNotSupported,
    /// No account for payments.
    NoCurrentAccount,
}

impl History {
    /// The past months of an activity, and how many whole months it tells of, scoreable or not.
    pub(crate) fn of(activity: &Activity) -> (Result<Self, Unscoreable>, u32) {
        let starts = told_months(activity);
        let months = starts.len() - 1;
        let seen = seen_months(activity, &starts);
        let is_seen = i32::try_from(seen).is_ok_and(|seen| seen >= MIN_MONTHS);
        let history = if activity.accounts.iter().any(|account| account.currency.code() != CURRENCY)
        {
            Err(Unscoreable::CurrencyNotSupported)
        } else if activity.accounts.iter().all(|account| account.kind != AccountKind::Current) {
            Err(Unscoreable::NoCurrentAccount)
        } else if !is_seen {
            Err(Unscoreable::TooLittleHistory)
        } else {
            Ok(Self::of_months(activity, starts, months))
        };
        (history, seen)
    }

    fn of_months(activity: &Activity, starts: Vec<Date>, months: usize) -> Self {
        let first = starts[months];
        let pending = activity.transactions.iter().filter(|one| one.pending);
        let pending: i64 = pending.map(|one| one.amount).sum();
        let balances = balances(activity, first);
        Self {
            to: activity.to,
            flows: flows(activity).into_iter().filter(|flow| flow.on >= first).collect(),
            available: balances.last().copied().unwrap_or_default() + pending,
            age_months: age_months(activity).max(i64::try_from(months).unwrap_or(0)),
            balances,
            starts,
        }
    }

    pub(crate) fn months(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn first_day(&self) -> Date {
        self.starts[self.months()]
    }

    pub(crate) fn days(&self) -> usize {
        self.balances.len()
    }

    /// Begin and days of a month, 0 being the newest.
    pub(crate) fn month(&self, number: usize) -> (Date, usize) {
        let start = self.starts[number + 1];
        (start, days_between(start, self.starts[number]))
    }
}

/// As in [`History::starts`]: all months that begin at most a week before the first booked transaction.
fn told_months(activity: &Activity) -> Vec<Date> {
    let mut starts: Vec<Date> = start_before(activity.to, 0).into_iter().collect();
    let booked = activity.transactions.iter().filter(|one| !one.pending);
    let Some(first) = booked.map(|one| one.on).min() else { return starts };
    let earliest = first.saturating_sub(QUIET_DAYS.days());
    let months = (1..=MAX_MONTHS).map_while(|back| start_before(activity.to, back));
    starts.extend(months.take_while(|start| *start >= earliest));
    starts
}

/// How many of these months have a booked transaction.
fn seen_months(activity: &Activity, starts: &[Date]) -> u32 {
    let booked = |from: Date, before: Date| {
        activity.transactions.iter().any(|one| !one.pending && one.on >= from && one.on < before)
    };
    let seen = starts.windows(2).filter(|pair| booked(pair[1], pair[0])).count();
    u32::try_from(seen).unwrap_or(u32::MAX)
}

/// All accounts together at the end of each day from `first` on: backwards from the balances that the bank told. What an
/// account had on a day before its balance is that balance without what was booked between.
fn balances(activity: &Activity, first: Date) -> Vec<i64> {
    let days = days_between(first, activity.to) + 1;
    // What is booked on a day changes that day's balance and all later ones.
    let mut changes = vec![0; days];
    let mut opening: i64 = activity.accounts.iter().map(|account| account.balance).sum();
    for one in activity.transactions.iter().filter(|one| !one.pending) {
        let is_in_the_balance = one.on <= activity.accounts[one.account].balance_on;
        let is_before = one.on < first;
        if is_in_the_balance && !is_before {
            opening -= one.amount;
        } else if !is_in_the_balance && is_before {
            opening += one.amount;
        }
        if !is_before {
            changes[days_between(first, one.on)] += one.amount;
        }
    }
    let mut balance = opening;
    for change in &mut changes {
        balance += *change;
        *change = balance;
    }
    changes
}

fn age_months(activity: &Activity) -> i64 {
    let current = activity.accounts.iter().filter(|account| account.kind == AccountKind::Current);
    let Some(opened) = current.filter_map(|account| account.opened_on).min() else { return 0 };
    let span = opened.until((jiff::Unit::Month, activity.to));
    span.map_or(0, |span| i64::from(span.get_months()).max(0))
}
