//! What screens showed last, in this process.

use crate::domain::{Account, AccountId, Card, Company, Statement, Transaction};
use crate::freshness::LastKnown;

/// What the screen's parts were when they could last be had.
#[derive(Debug)]
pub(crate) struct LastScreens {
    pub(crate) account: LastKnown<AccountId, Option<Account>>,
    pub(crate) company: LastKnown<AccountId, Option<Company>>,
    pub(crate) invoice: LastKnown<AccountId, Option<Statement>>,
    pub(crate) cards: LastKnown<AccountId, Vec<Card>>,
    pub(crate) transactions: LastKnown<AccountId, Vec<Transaction>>,
}

impl LastScreens {
    pub(crate) fn new() -> Self {
        Self {
            account: LastKnown::new(),
            company: LastKnown::new(),
            invoice: LastKnown::new(),
            cards: LastKnown::new(),
            transactions: LastKnown::new(),
        }
    }
}
