//! Statements: what an account was owed at the end of a period, and what led there. Closed once, never changed.

use super::{Account, AccountId, Amount, Cycle, Entry, EntryKind, Period};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use money::Currency;
use serde::{Deserialize, Serialize};

/// How long after its end what a statement asks for is due.
const DUE_AFTER_DAYS: i32 = 30;

/// A period of an account that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) account_id: AccountId,
    pub(crate) period: Period,
    /// Of the account's statements, the first is 1.
    pub(crate) number: u32,
    pub(crate) currency: Currency,
    pub(crate) from: Timestamp,
    /// What was posted before this, and not before `from`.
    pub(crate) to: Timestamp,
    /// What was owed at `from`.
    pub(crate) opening: Amount,
    pub(crate) sums: Sums,
    pub(crate) entries: u64,
    /// Where the company is.
    pub(crate) due_on: Date,
    /// How much had ever come back at `to`: what comes back later pays this statement, the oldest first.
    pub(crate) credited: Amount,
    pub(crate) closed_at: Timestamp,
}

/// What is owed more because of the entries of each kind; negative if less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) purchases: Amount,
    pub(crate) refunds: Amount,
    pub(crate) chargebacks: Amount,
    pub(crate) payments: Amount,
}

impl Sums {
    fn of(&mut self, kind: EntryKind) -> &mut Amount {
        match kind {
            EntryKind::Purchase => &mut self.purchases,
            EntryKind::Refund => &mut self.refunds,
            EntryKind::Chargeback => &mut self.chargebacks,
            EntryKind::Payment => &mut self.payments,
        }
    }

    pub(crate) fn total(&self) -> Amount {
        self.purchases + self.refunds + self.chargebacks + self.payments
    }
}

impl Statement {
    /// What is owed at its end; less than nothing if that is owed to the customer.
    pub(crate) fn closing(&self) -> Amount {
        self.opening + self.sums.total()
    }

    /// What it asks for.
    pub(crate) fn due(&self) -> Amount {
        self.closing().or_zero()
    }

    /// How much of that has come, by the account as it is now.
    pub(crate) fn paid(&self, account: &Account) -> Amount {
        (account.credited - self.credited).or_zero().min(self.due())
    }

    /// How it is paid, where the company is.
    pub(crate) fn payment(&self, account: &Account, now: Timestamp) -> PaymentState {
        let today = account.cycle.zone.rules().to_datetime(now).date();
        match self.paid(account) == self.due() {
            true => PaymentState::Paid,
            false if today > self.due_on => PaymentState::Overdue,
            false => PaymentState::Open,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaymentState {
    Open,
    Overdue,
    /// Also if nothing was due.
    Paid,
}

/// What was posted after the end.
#[derive(Debug, Default)]
struct Later {
    entries: u64,
    owed: Amount,
    credited: Amount,
}

/// Adds up what was posted since the last statement.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    sums: Sums,
    entries: u64,
    credited: Amount,
    later: Later,
}

impl Tally {
    /// An entry that no closed statement has; also one that is posted after the end of this one.
    pub(crate) fn add(&mut self, cycle: &Cycle, entry: &Entry) {
        let owed = entry.owed();
        if entry.posted_at >= cycle.ends_at {
            self.later.entries += 1;
            self.later.owed += owed;
            self.later.credited += (-owed).or_zero();
            return;
        }
        *self.sums.of(entry.kind) += owed;
        self.entries += 1;
        self.credited += (-owed).or_zero();
    }

    /// Closes the account's period. `None`: these are not all the entries that the account says it has, because what was
    /// read was old.
    pub(crate) fn close(self, account: &Account, now: Timestamp) -> Option<(Account, Statement)> {
        let Cycle { period, since, ends_at, opening, closed, ref zone, .. } = account.cycle;
        let is_all = account.cycle.entries + self.entries + self.later.entries == account.entries
            && opening + self.sums.total() + self.later.owed == account.posted;
        if !is_all {
            return None;
        }
        let statement = Statement {
            account_id: account.id,
            period,
            number: closed + 1,
            currency: account.currency,
            from: since,
            to: ends_at,
            opening,
            sums: self.sums,
            entries: self.entries,
            due_on: due_on(zone.rules().to_datetime(ends_at).date()),
            credited: account.cycle.credited + self.credited,
            closed_at: now,
        };
        let cycle = Cycle {
            zone: zone.clone(),
            period: period.next(),
            since: ends_at,
            opening: statement.closing(),
            entries: account.cycle.entries + self.entries,
            credited: statement.credited,
            closed: statement.number,
            ends_at,
        };
        let cycle = cycle.on(account.statement_day);
        // Counted anew: accounts did not always say it.
        let credited = statement.credited + self.later.credited;
        Some((Account { cycle, credited, ..account.clone() }, statement))
    }
}

fn due_on(end: Date) -> Date {
    end.saturating_add(DUE_AFTER_DAYS.days())
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
