//! The measures that a scorecard looks at, each in the unit that [`Characteristic`] says.

use crate::domain::flows::Flow;
use crate::domain::history::History;
use crate::domain::months::start_before;
use jiff::ToSpan;
use jiff::civil::Date;
use scorecard::activity::Kind;
use scorecard::{Characteristic, Values};

/// The largest share, in permille: ten times the income, and everything without an income.
const MAX_SHARE: i128 = 10_000;
const CENTS: i64 = 100;
const HALF_A_YEAR: usize = 180;
/// Wages that a weekend moved are in the middle of a month by at least one of these cuts, in days before the end.
const CUTS: [i32; 3] = [0, 10, 20];

/// All but the simulated one.
pub(crate) fn measures(history: &History) -> Values {
    let income = sum(history, Flow::is_income);
    let net = sum(history, |_| true);
    // A debit that came back makes the fixed costs smaller, and its amount is positive.
    let fixed = -sum(history, Flow::is_fixed_cost);
    let loans = -sum(history, |flow| flow.kind == Kind::Loan);
    let months = i64::try_from(history.months()).unwrap_or(1).max(1);
    [
        (Characteristic::MonthsOfHistory, history.age_months),
        (Characteristic::IncomeLevel, income / months / CENTS),
        (Characteristic::IncomeRegularity, regularity(history)),
        (Characteristic::DaysBelowZero, days_below_zero(history)),
        (Characteristic::LowestBalance, lowest_balance(history)),
        (Characteristic::ReturnedDebits, returned_debits(history)),
        (Characteristic::FixedCostShare, share(fixed, income)),
        (Characteristic::SavingsRate, share(net, income)),
        (Characteristic::LoanShare, share(loans, income)),
        (Characteristic::Volatility, volatility(history, net, income)),
    ]
    .into_iter()
    .collect()
}

fn sum(history: &History, counts: impl Fn(&Flow) -> bool) -> i64 {
    history.flows.iter().filter(|flow| counts(flow)).map(|flow| flow.amount).sum()
}

/// In permille of the income, rounded down.
fn share(part: i64, income: i64) -> i64 {
    if part == 0 {
        return 0;
    }
    let whole = i128::from(income.max(0));
    let part = i128::from(part);
    let permille =
        if whole == 0 { part.signum() * MAX_SHARE } else { (part * 1000).div_euclid(whole) };
    i64::try_from(permille.clamp(-MAX_SHARE, MAX_SHARE)).unwrap_or_default()
}

/// Of half a year, rounded up: what happened once did happen.
fn in_half_a_year(count: usize, days: usize) -> i64 {
    i64::try_from((count * HALF_A_YEAR).div_ceil(days.max(1))).unwrap_or(i64::MAX)
}

fn days_below_zero(history: &History) -> i64 {
    let below = history.balances.iter().filter(|balance| **balance < 0).count();
    in_half_a_year(below, history.days())
}

/// Rounded down: a cent below zero is below zero.
fn lowest_balance(history: &History) -> i64 {
    history.balances.iter().min().map_or(0, |lowest| lowest.div_euclid(CENTS))
}

fn returned_debits(history: &History) -> i64 {
    let returned = history.flows.iter().filter(|flow| flow.kind == Kind::ReturnedDebit).count();
    in_half_a_year(returned, history.days())
}

/// Months whose income is within a quarter of the median month's, by the cut that suits the person best.
fn regularity(history: &History) -> i64 {
    CUTS.into_iter().filter_map(|cut| regularity_of(&incomes(history, cut))).max().unwrap_or(0)
}

/// The income of each whole month of the history that ends `cut` days before it.
fn incomes(history: &History, cut: i32) -> Vec<i64> {
    let end = history.to.saturating_sub(cut.days());
    let starts: Vec<Date> = (0..)
        .map_while(|back| start_before(end, back))
        .take_while(|start| *start >= history.first_day())
        .collect();
    let income = |pair: &[Date]| {
        let flows = history.flows.iter().filter(|flow| flow.is_income());
        flows.filter(|flow| flow.on >= pair[1] && flow.on < pair[0]).map(|flow| flow.amount).sum()
    };
    starts.windows(2).map(income).collect()
}

fn regularity_of(incomes: &[i64]) -> Option<i64> {
    let mut sorted = incomes.to_vec();
    sorted.sort_unstable();
    let median = *sorted.get(sorted.len() / 2)?;
    let is_usual = |income: &&i64| median > 0 && (**income - median).abs() <= median / 4;
    let usual = incomes.iter().filter(is_usual).count();
    i64::try_from(usual * 1000 / incomes.len()).ok()
}

/// The mean distance of what is left in a month from what is left in the mean month.
fn volatility(history: &History, net: i64, income: i64) -> i64 {
    let months = i64::try_from(history.months()).unwrap_or(1).max(1);
    let mean = net.div_euclid(months);
    let left = |month| {
        let (start, _) = history.month(month);
        let end = history.starts[month];
        let flows = history.flows.iter().filter(|flow| flow.on >= start && flow.on < end);
        flows.map(|flow| flow.amount).sum::<i64>()
    };
    let distances: i64 = (0..history.months()).map(|month| (left(month) - mean).abs()).sum();
    share(distances, income)
}
