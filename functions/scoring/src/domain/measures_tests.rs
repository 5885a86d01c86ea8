use crate::domain::history::{History, Unscoreable};
use crate::domain::measures::measures;
use jiff::civil::Date;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use scorecard::activity::{Account, AccountKind, Kind, Transaction};
use scorecard::{Activity, Characteristic};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn account(kind: AccountKind, balance: i64) -> Account {
    let (currency, to) = ("EUR".parse().unwrap(), day("2026-11-28"));
    Account { currency, kind, balance, balance_on: to, opened_on: None }
}

fn on(date: &str, amount: i64, kind: Kind) -> Transaction {
    Transaction { account: 0, on: day(date), amount, kind, pending: false }
}

/// From 29 August: three months of 31, 30 and 31 days with wages of 2,000.00 and a rent of 800.00.
fn quarter() -> Activity {
    let months = ["09", "10", "11"];
    let wages = months.map(|month| on(&format!("2026-{month}-25"), 200_000, Kind::Salary));
    let rents = months.map(|month| on(&format!("2026-{month}-01"), -80_000, Kind::StandingOrder));
    Activity {
        version: 1,
        from: day("2026-08-29"),
        to: day("2026-11-28"),
        accounts: vec![account(AccountKind::Current, 500_000)],
        transactions: wages.into_iter().chain(rents).collect(),
    }
}

fn history(activity: Activity) -> History {
    History::of(&activity.checked().unwrap()).0.unwrap()
}

fn measure(activity: Activity, characteristic: Characteristic) -> i64 {
    measures(&history(activity))[&characteristic]
}

fn with(mut activity: Activity, more: impl IntoIterator<Item = Transaction>) -> Activity {
    activity.transactions.extend(more);
    activity
}

#[test]
fn a_quiet_quarter_is_measured() {
    use Characteristic::*;
    let measured = measures(&history(quarter()));
    let expected = [
        (MonthsOfHistory, 3),
        (IncomeLevel, 2_000),
        (IncomeRegularity, 1_000),
        (DaysBelowZero, 0),
        // 5,000 at the end, 3,600 more came in than went out, and the first rent was paid before the first wages.
        (LowestBalance, 600),
        (ReturnedDebits, 0),
        (FixedCostShare, 400),
        (SavingsRate, 600),
        (LoanShare, 0),
        (Volatility, 0),
    ];
    assert_eq!(measured, expected.into_iter().collect());
}

#[test]
fn the_age_of_the_oldest_current_account_counts() {
    let mut activity = quarter();
    activity.accounts.push(account(AccountKind::Savings, 0));
    activity.accounts[1].opened_on = Some(day("1999-01-01"));
    activity.accounts[0].opened_on = Some(day("2024-11-29"));
    assert_eq!(measure(activity.clone(), Characteristic::MonthsOfHistory), 23);
    activity.accounts[0].opened_on = Some(day("2024-11-28"));
    assert_eq!(measure(activity, Characteristic::MonthsOfHistory), 24);
}

#[test]
fn wages_that_a_weekend_moves_over_the_end_of_a_month_are_regular() {
    let mut activity = quarter();
    let dates = ["2026-08-29", "2026-09-27", "2026-10-29"];
    let wages = activity.transactions.iter_mut().filter(|one| one.kind == Kind::Salary);
    wages.zip(dates).for_each(|(one, date)| one.on = day(date));
    assert_eq!(measure(activity.clone(), Characteristic::IncomeRegularity), 1_000);
    activity.transactions.retain(|one| one.on != day("2026-09-27"));
    assert!(measure(activity, Characteristic::IncomeRegularity) < 700);
}

#[test]
fn days_below_zero_are_those_of_all_accounts_together() {
    let mut activity = quarter();
    activity.accounts[0].balance = 439_999;
    assert_eq!(measure(activity.clone(), Characteristic::LowestBalance), -1);
    // From the rent of 1 September to the wages of the 25th: 24 of 92 days.
    assert_eq!(measure(activity.clone(), Characteristic::DaysBelowZero), 47);
    activity.accounts.push(account(AccountKind::Savings, 1));
    assert_eq!(measure(activity, Characteristic::DaysBelowZero), 0);
}

#[test]
fn a_balance_of_an_earlier_day_is_followed_forwards() {
    let mut earlier = quarter();
    // Before the wages and after the rent of November.
    earlier.accounts[0].balance_on = day("2026-11-20");
    earlier.accounts[0].balance = 300_000;
    let (earlier, now) = (history(earlier), history(quarter()));
    assert_eq!(earlier.balances, now.balances);
    assert_eq!(now.balances.last(), Some(&500_000));
}

#[test]
fn a_returned_debit_is_counted_and_is_no_income() {
    let debit =
        [on("2026-10-05", -5_000, Kind::DirectDebit), on("2026-10-07", 5_000, Kind::ReturnedDebit)];
    let activity = with(quarter(), debit);
    assert_eq!(
        measure(activity.clone(), Characteristic::ReturnedDebits),
        2,
        "once in 92 days is twice in 180"
    );
    assert_eq!(measure(activity.clone(), Characteristic::FixedCostShare), 400);
    assert_eq!(measure(activity, Characteristic::IncomeLevel), 2_000);
}

#[test]
fn instalments_are_fixed_costs_and_counted_by_themselves() {
    let activity = with(quarter(), [on("2026-10-10", -60_000, Kind::Loan)]);
    assert_eq!(measure(activity.clone(), Characteristic::LoanShare), 100);
    assert_eq!(measure(activity.clone(), Characteristic::FixedCostShare), 500);
    assert_eq!(measure(activity.clone(), Characteristic::SavingsRate), 500);
    // 1,200, 600 and 1,200 are left: 200, 400 and 200 from the mean, of 6,000.
    assert_eq!(measure(activity, Characteristic::Volatility), 133);
}

#[test]
fn money_moved_to_the_own_savings_is_neither_spent_nor_earned() {
    let mut activity = with(quarter(), [on("2026-10-12", -70_000, Kind::StandingOrder)]);
    activity.accounts.push(account(AccountKind::Savings, 0));
    let arrival = Transaction { account: 1, ..on("2026-10-14", 70_000, Kind::Income) };
    let moved = with(activity.clone(), [arrival.clone()]);
    assert_eq!(measure(moved.clone(), Characteristic::IncomeLevel), 2_000);
    assert_eq!(measure(moved.clone(), Characteristic::FixedCostShare), 400);
    assert_eq!(measure(moved, Characteristic::SavingsRate), 600);
    let late = with(activity, [Transaction { on: day("2026-10-16"), ..arrival }]);
    assert_eq!(
        measure(late, Characteristic::FixedCostShare),
        462,
        "four days later it is somebody else's"
    );
}

#[test]
fn without_income_all_that_is_spent_is_ten_times_the_income() {
    let mut activity = quarter();
    activity.transactions.retain(|one| one.kind != Kind::Salary);
    assert_eq!(measure(activity.clone(), Characteristic::IncomeLevel), 0);
    assert_eq!(measure(activity.clone(), Characteristic::IncomeRegularity), 0);
    assert_eq!(measure(activity.clone(), Characteristic::FixedCostShare), 10_000);
    assert_eq!(measure(activity.clone(), Characteristic::SavingsRate), -10_000);
    assert_eq!(measure(activity, Characteristic::LoanShare), 0);
}

#[test]
fn what_is_pending_is_in_no_measure_but_in_what_there_is() {
    let pending = Transaction { pending: true, ..on("2026-11-28", -30_000, Kind::Card) };
    let (with, without) = (history(with(quarter(), [pending])), history(quarter()));
    assert_eq!(measures(&with), measures(&without));
    assert_eq!((without.available, with.available), (500_000, 470_000));
}

fn refused(activity: Activity) -> (Option<Unscoreable>, u32) {
    let (history, months) = History::of(&activity.checked().unwrap());
    (history.err(), months)
}

#[test]
fn less_than_three_months_are_too_little() {
    let mut activity = quarter();
    assert_eq!(refused(activity.clone()), (None, 3));
    activity.transactions.retain(|one| one.on >= day("2026-09-06"));
    assert_eq!(refused(activity.clone()), (Some(Unscoreable::TooLittleHistory), 2));
    activity.transactions.push(on("2026-09-05", -1, Kind::Cash));
    assert_eq!(refused(activity.clone()), (None, 3), "a quiet week at the begin is no gap");
    activity.transactions.retain(|one| one.on < day("2026-09-29") || one.on > day("2026-10-28"));
    assert_eq!(
        refused(activity.clone()),
        (Some(Unscoreable::TooLittleHistory), 2),
        "a month without anything"
    );
    activity.transactions.clear();
    assert_eq!(refused(activity), (Some(Unscoreable::TooLittleHistory), 0));
}

#[test]
fn half_of_the_picture_is_not_scored() {
    let mut activity = quarter();
    activity
        .accounts
        .push(Account { currency: "SEK".parse().unwrap(), ..account(AccountKind::Savings, 5) });
    assert_eq!(refused(activity.clone()), (Some(Unscoreable::CurrencyNotSupported), 3));
    activity.accounts.pop();
    activity.accounts[0].kind = AccountKind::Savings;
    assert_eq!(refused(activity.clone()), (Some(Unscoreable::NoCurrentAccount), 3));
    activity.accounts.clear();
    activity.transactions.clear();
    assert_eq!(refused(activity), (Some(Unscoreable::NoCurrentAccount), 0));
}

fn transactions() -> impl Strategy<Value = Vec<Transaction>> {
    const KINDS: [Kind; 6] =
        [Kind::Salary, Kind::TransferOut, Kind::Card, Kind::ReturnedDebit, Kind::Other, Kind::Loan];
    let one = (
        0..2_usize,
        0..92_i32,
        -100_000_000_000..=100_000_000_000_i64,
        0..KINDS.len(),
        any::<bool>(),
    );
    let one = one.prop_map(|(account, days, amount, kind, pending)| {
        let on = day("2026-08-29").checked_add(jiff::Span::new().days(days)).unwrap();
        Transaction { account, on, amount, kind: KINDS[kind], pending }
    });
    prop::collection::vec(one, 0..300)
}

proptest! {
    #[test]
    fn whatever_the_amounts_shares_stay_within_their_bounds(more in transactions()) {
        let mut activity = with(quarter(), more);
        activity.accounts.push(account(AccountKind::Savings, 100_000_000_000));
        let history = history(activity);
        let measured = measures(&history);
        for share in [Characteristic::FixedCostShare, Characteristic::SavingsRate, Characteristic::LoanShare, Characteristic::Volatility] {
            prop_assert!((-10_000..=10_000).contains(&measured[&share]));
        }
        prop_assert!((0..=1_000).contains(&measured[&Characteristic::IncomeRegularity]));
        prop_assert!((0..=180).contains(&measured[&Characteristic::DaysBelowZero]));
        prop_assert!(crate::domain::Simulation::of(&history).shortfalls([3; 32], 0, 8) <= 8);
    }
}
