//! An order that is charged to an account.

use super::{AccountId, OnAccount, Order, Progress, Step};
use money::Money;

impl Order {
    /// The order, charged to an account with what its invoice comes to. Nothing is no charge.
    pub(crate) fn charged_to(mut self, account: AccountId, total: Money) -> Self {
        if !total.amount().is_zero() {
            self.on_account = Some(OnAccount::new(account, self.id, total));
            self.progress = Progress::begin(Step::ON_ACCOUNT, self.placed_at);
        }
        self
    }
}

#[cfg(test)]
#[path = "charged_tests.rs"]
mod tests;
