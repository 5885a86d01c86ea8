//! An order as lists show it, and which of its facts are told.

use super::{Order, OrderId, OrderState, ProfileId};
use jiff::Timestamp;
use money::{Money, MoneyError};
use std::collections::BTreeSet;
use values::Revision;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedOrder {
    pub(crate) id: OrderId,
    pub(crate) profile: ProfileId,
    pub(crate) placed_at: Timestamp,
    pub(crate) state: OrderState,
    pub(crate) net: Money,
    pub(crate) invoice_number: Option<String>,
    /// Of the order as it was when this was made of it.
    pub(crate) revision: Revision,
    /// The names of the facts that others were told.
    pub(crate) told: BTreeSet<String>,
}

impl ListedOrder {
    /// # Errors
    /// The order costs more than an amount can hold: none was taken that does.
    pub(crate) fn of(order: &Order) -> Result<Self, MoneyError> {
        Ok(Self {
            id: order.id,
            profile: order.profile,
            placed_at: order.placed_at,
            state: order.state(),
            net: order.net()?,
            invoice_number: order.invoice_number.clone(),
            revision: order.revision,
            told: order.facts().iter().map(super::Fact::name).collect(),
        })
    }

    /// The newer of the two, with what was told of either.
    pub(crate) fn with(mut self, there: Self) -> Self {
        let told: BTreeSet<String> = self.told.union(&there.told).cloned().collect();
        if there.revision > self.revision {
            self = there;
        }
        self.told = told;
        self
    }
}
