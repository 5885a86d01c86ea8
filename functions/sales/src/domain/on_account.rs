//! A sale that is charged to an account of the buyer: what it comes to is held before anything is bought, taken when it is
//! invoiced, and given up when nothing comes of it. The app `accounts` has the account; here is what we asked of it.

use super::{AccountId, OrderId};
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

    /// Nothing comes of this round. Of what was declined nothing is held.
    pub(super) fn give_up(&mut self, is_declined: bool) {
        self.is_given_up = true;
        if is_declined && self.reversed + 1 == self.round {
            self.reversed = self.round;
        }
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// Another round, if nothing comes of this one.
    pub(super) fn anew(self) -> Self {
        if self.is_given_up {
            Self { round: self.round + 1, is_given_up: false, ..self }
        } else {
            self
        }
    }

    /// What was given up when it was `seen` is not held any more. What was given up since is still to be done.
    pub(super) fn reversed_as(&self, seen: &Self) -> Self {
        Self { reversed: self.reversed.max(seen.last_given_up()), ..self.clone() }
    }

    fn last_given_up(&self) -> u32 {
        if self.is_given_up { self.round } else { self.round - 1 }
    }

    /// Those of which something may still be held, though nothing comes of them.
    pub(crate) fn to_reverse(&self) -> impl Iterator<Item = Uuid> {
        (self.reversed + 1..=self.last_given_up()).map(|round| self.charge_of(round))
    }
}
