//! What moved the person's money: booked transactions without those between the person's own accounts.

use crate::domain::months::days_between;
use jiff::civil::Date;
use scorecard::Activity;
use scorecard::activity::{Kind, Transaction};

/// How many days a transfer between two accounts of one person may take.
const MAX_TRANSFER_DAYS: usize = 3;

/// Something that came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) on: Date,
    /// In cents; what goes out is negative.
    pub(crate) amount: i64,
    pub(crate) kind: Kind,
}

impl Flow {
    /// What comes in and was not paid before.
    pub(crate) fn is_income(&self) -> bool {
        self.amount > 0 && matches!(self.kind, Kind::Salary | Kind::Income | Kind::Interest)
    }

    /// What comes every month whether the person likes it or not. A debit that came back takes its part away again.
    pub(crate) fn is_fixed_cost(&self) -> bool {
        use Kind::{DirectDebit, Fee, Loan, ReturnedDebit, StandingOrder};
        matches!(self.kind, StandingOrder | DirectDebit | ReturnedDebit | Fee | Loan)
    }

    /// What keeps to days of the month rather than to days of the week.
    pub(crate) fn is_monthly(&self) -> bool {
        self.is_fixed_cost() || matches!(self.kind, Kind::Salary | Kind::Income | Kind::Interest)
    }
}

/// All booked ones in the order of the activity, but for transfers between the person's own accounts: those would be
/// income here and spending there.
pub(crate) fn flows(activity: &Activity) -> Vec<Flow> {
    let booked: Vec<&Transaction> =
        activity.transactions.iter().filter(|one| !one.pending).collect();
    let mut is_own = vec![false; booked.len()];
    for (place, out) in booked.iter().enumerate() {
        if !leaves(out) {
            continue;
        }
        let arrival =
            arrivals(&booked, place).find(|other| !is_own[*other] && matches(out, booked[*other]));
        if let Some(other) = arrival {
            is_own[place] = true;
            is_own[other] = true;
        }
    }
    let kept = booked.iter().zip(is_own).filter(|(_, is_own)| !is_own);
    kept.map(|(one, _)| Flow { on: one.on, amount: one.amount, kind: one.kind }).collect()
}

fn leaves(one: &Transaction) -> bool {
    one.amount < 0 && matches!(one.kind, Kind::TransferOut | Kind::StandingOrder)
}

/// The places of transactions that are near enough in time; they are sorted by day.
fn arrivals<'a>(booked: &'a [&Transaction], place: usize) -> impl Iterator<Item = usize> + 'a {
    let on = booked[place].on;
    let first = booked.partition_point(|one| one.on < on);
    let near =
        booked[first..].iter().take_while(move |one| days_between(on, one.on) <= MAX_TRANSFER_DAYS);
    (first..).zip(near).map(|(place, _)| place)
}

fn matches(out: &Transaction, other: &Transaction) -> bool {
    let comes_in = matches!(other.kind, Kind::Income | Kind::Other | Kind::TransferOut);
    comes_in && other.account != out.account && other.amount == -out.amount
}
