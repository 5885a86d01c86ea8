//! A sale that is charged to an account of the buyer: what it comes to is held before anything is bought, taken when it is
//! invoiced, and given up when nothing comes of it. The app `accounts` has the account; here is what we asked of it.

use super::{AccountId, Duty, Order, OrderId, Progress, Step};
use money::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is charged to which account. A charge that was declined or given up stays so: an order that is made once more
/// begins a new round, with a charge of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OnAccount {
    pub(crate) account: AccountId,
    /// The order that is charged; of a credit note the one whose invoice it takes back.
    pub(crate) order: OrderId,
    /// What is held, with VAT: what the invoice would have come to when the order was placed.
    pub(crate) amount: Money,
    /// From 1.
    round: u32,
    /// Nothing comes of this round.
    is_given_up: bool,
    /// So many rounds are known to hold nothing any more.
    reversed: u32,
}

impl OnAccount {
    pub(crate) fn new(account: AccountId, order: OrderId, amount: Money) -> Self {
        Self { account, order, amount, round: 1, is_given_up: false, reversed: 0 }
    }

    /// Its name in `accounts`.
    pub(crate) fn charge(&self) -> Uuid {
        self.charge_of(self.round)
    }

    fn charge_of(&self, round: u32) -> Uuid {
        self.order.operation(&format!("charge-{round}"))
    }

    /// How the buyer knows the account again.
    pub(crate) fn ending(&self) -> String {
        let id = self.account.to_string();
        id[id.len() - 4..].to_owned()
    }

    fn last_given_up(&self) -> u32 {
        if self.is_given_up { self.round } else { self.round - 1 }
    }

    /// Those of which something may still be held, though nothing comes of them.
    pub(crate) fn to_reverse(&self) -> impl Iterator<Item = Uuid> {
        (self.reversed + 1..=self.last_given_up()).map(|round| self.charge_of(round))
    }
}

impl Order {
    /// The order, charged to an account with what its invoice comes to. Nothing is no charge.
    pub(crate) fn charged_to(mut self, account: AccountId, total: Money) -> Self {
        if !total.amount().is_zero() {
            self.on_account = Some(OnAccount::new(account, self.id, total));
            self.progress = Progress::begin(Step::ON_ACCOUNT, self.placed_at);
        }
        self
    }

    /// Nothing comes of what is held. Of what was declined nothing is.
    pub(super) fn without_charge(mut self, is_declined: bool) -> Self {
        let Some(on_account) = &mut self.on_account else { return self };
        on_account.is_given_up = true;
        if is_declined && on_account.reversed + 1 == on_account.round {
            on_account.reversed = on_account.round;
        }
        if on_account.to_reverse().next().is_some() {
            self.duties.insert(Duty::ReverseCharge);
        }
        self
    }

    /// From where it is made once more: what is given up is asked for first.
    pub(super) fn held_first(&self, from: Step) -> Step {
        let is_given_up = self.on_account.as_ref().is_some_and(|it| it.is_given_up);
        if is_given_up && from == Step::Provision { Step::Authorise } else { from }
    }

    pub(super) fn charge_anew(&mut self) {
        if let Some(on_account) = self.on_account.as_mut().filter(|it| it.is_given_up) {
            (on_account.round, on_account.is_given_up) = (on_account.round + 1, false);
        }
    }

    /// What was given up of the order, as it was `seen`, is not held any more. What was given up since is still to be done.
    pub(super) fn charge_reversed(mut self, seen: &Self) -> Self {
        let (Some(on_account), Some(seen)) = (&mut self.on_account, &seen.on_account) else {
            return self;
        };
        let reversed = on_account.reversed.max(seen.last_given_up());
        if reversed == on_account.reversed {
            return self;
        }
        on_account.reversed = reversed;
        if on_account.to_reverse().next().is_none() {
            self.duties.remove(&Duty::ReverseCharge);
        }
        self.counted()
    }
}

#[cfg(test)]
#[path = "on_account_tests.rs"]
mod tests;
