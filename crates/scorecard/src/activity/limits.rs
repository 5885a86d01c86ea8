//! What an activity may hold. The limits keep every sum of the scoring within 64 bits.

use super::{Activity, ActivityError, VERSION};
use jiff::ToSpan;
use jiff::civil::Date;

/// How many bytes an activity may have: a transaction takes about 70.
pub const MAX_ACTIVITY_BYTES: usize = 8 << 20;
/// How many accounts: more than any person has.
pub const MAX_ACCOUNTS: usize = 32;
/// How many transactions: 68 a day for two years.
pub const MAX_TRANSACTIONS: usize = 50_000;
/// How many days from the first to the last: two years and a day.
pub const MAX_DAYS: i32 = 731;
/// The largest amount and balance, either way, in minor units: a thousand million euros.
pub const MAX_AMOUNT: i64 = 100_000_000_000;
/// How many days after the last day a pending transaction may have its value.
pub const MAX_PENDING_DAYS: i64 = 366;

pub(super) fn check(activity: &Activity) -> Result<(), ActivityError> {
    let value = |place: String, rule| Err(ActivityError::Value(place, rule));
    if activity.version != VERSION {
        return value("version".to_owned(), "must be 1, the only version there is");
    }
    if activity.to < activity.from || days_between(activity.from, activity.to) >= MAX_DAYS {
        return value("to".to_owned(), "must lie 0 to 730 days after from");
    }
    if activity.accounts.len() > MAX_ACCOUNTS {
        return value("accounts".to_owned(), "at most 32: leave out those without transactions");
    }
    if activity.transactions.len() > MAX_TRANSACTIONS {
        return value("transactions".to_owned(), "at most 50,000: ask for fewer days");
    }
    accounts(activity)?;
    transactions(activity)
}

fn accounts(activity: &Activity) -> Result<(), ActivityError> {
    let newest = after(activity.to, 1);
    for (place, account) in activity.accounts.iter().enumerate() {
        let value =
            |field, rule| Err(ActivityError::Value(format!("accounts[{place}].{field}"), rule));
        if account.balance.checked_abs().is_none_or(|balance| balance > MAX_AMOUNT) {
            return value("balance", "at most 100,000,000,000 minor units either way");
        }
        if account.balance_on > newest {
            return value("balanceOn", "must be at most one day after to");
        }
        if account.opened_on.is_some_and(|opened| opened > newest) {
            return value("openedOn", "must not lie after to; leave it out if unknown");
        }
    }
    Ok(())
}

fn transactions(activity: &Activity) -> Result<(), ActivityError> {
    let pending_until = after(activity.to, MAX_PENDING_DAYS);
    for (place, transaction) in activity.transactions.iter().enumerate() {
        let value =
            |field, rule| Err(ActivityError::Value(format!("transactions[{place}].{field}"), rule));
        if transaction.account >= activity.accounts.len() {
            return value("account", "must be the place of an account, from 0");
        }
        if transaction.amount.checked_abs().is_none_or(|amount| amount > MAX_AMOUNT) {
            return value("amount", "at most 100,000,000,000 minor units either way");
        }
        let last = if transaction.pending { pending_until } else { activity.to };
        if transaction.on < activity.from || transaction.on > last {
            return value(
                "on",
                "must lie between from and to (a pending one up to 366 days later)",
            );
        }
    }
    Ok(())
}

fn after(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(Date::MAX)
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
