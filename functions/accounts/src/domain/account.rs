//! An account: what may be spent, what is held and what is owed.

use super::{AccountId, Amount, CustomerId, Cycle, Entry};
use jiff::Timestamp;
use money::Currency;
use values::{Line, Revision};

/// A company's account. At every instant no approval makes `posted + held` more than `limit`; facts of the card network
/// may, and then it is shown as over its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) customer_id: CustomerId,
    pub(crate) name: Line<100>,
    pub(crate) currency: Currency,
    pub(crate) limit: Amount,
    /// What the customer owes: the sum of all entries.
    pub(crate) posted: Amount,
    /// What is promised to shops: the sum of what remains of all holds.
    pub(crate) held: Amount,
    /// How many entries there are.
    pub(crate) entries: u64,
    /// How much ever came back: payments, refunds and chargebacks.
    pub(crate) credited: Amount,
    /// The day of the month on which a statement is closed, 1 to 28.
    pub(crate) statement_day: u8,
    pub(crate) cycle: Cycle,
    pub(crate) state: AccountState,
    /// Of its terms: name, limit, statement day and state. What is spent does not count.
    pub(crate) revision: Revision,
    pub(crate) opened_at: Timestamp,
}

/// Why an account has the limit that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LimitChange {
    pub(crate) before: Amount,
    pub(crate) why: Line<500>,
    /// Who changed it: the id of a person or a caller.
    pub(crate) by: String,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountState {
    Open,
    /// Nothing is approved any more, and it is closed as soon as it is settled: whoever had it was erased.
    Closing,
    /// Nothing is approved any more; facts are taken all the same.
    Closed,
}

impl Account {
    /// What may still be spent; less than nothing if facts went over the limit.
    pub(crate) fn remaining(&self) -> Amount {
        self.limit - self.posted - self.held
    }

    /// Money has moved.
    pub(crate) fn post(&mut self, entry: &Entry) {
        self.posted += entry.owed();
        self.credited += (-entry.owed()).or_zero();
        self.entries += 1;
    }

    /// When what comes now is posted: never in a period that is closed, whatever the clocks of others say.
    pub(crate) fn posting_time(&self, now: Timestamp) -> Timestamp {
        now.max(self.cycle.since)
    }

    /// Nothing is owed, to nobody, and nothing is promised.
    pub(crate) fn is_settled(&self) -> bool {
        self.posted.is_zero() && self.held.is_zero()
    }

    /// Whether its period needs a statement when it ends.
    pub(crate) fn has_statements(&self) -> bool {
        let is_quiet = self.is_settled() && self.entries == self.cycle.entries;
        self.state == AccountState::Open || !is_quiet
    }

    /// Of a customer who was erased: its name may be theirs. Closed if it is settled; else the law keeps it until it is.
    pub(crate) fn erased(self, name: Line<100>) -> Self {
        let state = if self.is_settled() { AccountState::Closed } else { AccountState::Closing };
        if self.state == AccountState::Closed || (self.state == state && self.name == name) {
            return self;
        }
        Self { name, state, ..self }.revised()
    }

    /// The same account with terms that were changed.
    pub(crate) fn revised(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }

    pub(crate) fn is_over_limit(&self) -> bool {
        self.remaining() < Amount::ZERO
    }
}
