//! What is kept of the bank's answer: amounts, days and kinds. Names, account numbers and texts were dropped while the
//! bank's page was read, so none of them can be in here.
//!
//! Its bytes are canonical: the same activity, in whatever order the bank told it, is the same bytes. They seed the
//! simulation.

mod error;
mod limits;

pub use error::ActivityError;
pub use limits::{
    MAX_ACCOUNTS, MAX_ACTIVITY_BYTES, MAX_AMOUNT, MAX_DAYS, MAX_PENDING_DAYS, MAX_TRANSACTIONS,
};

use jiff::civil::Date;
use money::Currency;
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// The version of the form that this code writes and reads.
pub const VERSION: u32 = 1;

/// What happened on a person's accounts. JSON, camelCase; days as `2026-11-28`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activity {
    /// [`VERSION`].
    pub version: u32,
    /// The first day that was asked for.
    pub from: Date,
    /// The last day that was asked for.
    pub to: Date,
    /// Transactions name them by their place in this list.
    pub accounts: Vec<Account>,
    /// Sorted by day, account, amount, kind.
    pub transactions: Vec<Transaction>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// ISO 4217.
    pub currency: Currency,
    /// What it is for.
    pub kind: AccountKind,
    /// What was booked on it at the end of `balance_on`, in minor units of its currency.
    pub balance: i64,
    /// The day of the balance.
    pub balance_on: Date,
    /// The day on which it was opened, where the bank says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_on: Option<Date>,
}

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// For payments.
    Current,
    /// For what is put aside.
    Savings,
}

/// One transaction. The order of the fields is the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Transaction {
    /// The place of its account in the list of accounts, from 0.
    pub account: usize,
    /// The day on which it was booked, or of its value while it is pending.
    pub on: Date,
    /// What it changed, in minor units of the account's currency: what goes out is negative.
    pub amount: i64,
    /// What it was.
    pub kind: Kind,
    /// Not booked yet, and so not in the balance.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub pending: bool,
}

/// What a transaction was; all that is kept of the bank's code. In the order in which equal ones are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Wages.
    Salary,
    /// Other money that came in.
    Income,
    /// A credit transfer to somebody.
    TransferOut,
    /// A credit transfer that repeats.
    StandingOrder,
    /// A direct debit.
    DirectDebit,
    /// The money of a direct debit that could not be paid, on its way back.
    ReturnedDebit,
    /// A payment with a card.
    Card,
    /// Cash from a machine.
    Cash,
    /// What the bank takes for itself.
    Fee,
    /// An instalment of a loan.
    Loan,
    /// Interest, paid or received.
    Interest,
    /// Anything else.
    Other,
}

impl Activity {
    /// Reads and checks the bytes of an activity, and puts it into its canonical order.
    ///
    /// # Errors
    /// If it is larger than [`MAX_ACTIVITY_BYTES`], is no activity, or something in it cannot be: with the place of the
    /// mistake, and never with what stands there.
    pub fn parse(bytes: &[u8]) -> Result<Self, ActivityError> {
        if bytes.len() > MAX_ACTIVITY_BYTES {
            return Err(ActivityError::TooLarge(bytes.len()));
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let activity: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| ActivityError::form(&error))?;
        reader.end().map_err(|_| ActivityError::Form(".".to_owned(), "one JSON object alone"))?;
        activity.checked()
    }

    /// Checks an activity that was put together here, and puts it into its canonical order.
    ///
    /// # Errors
    /// If something in it cannot be.
    pub fn checked(mut self) -> Result<Self, ActivityError> {
        limits::check(&self)?;
        self.transactions.sort_by_key(|transaction| {
            let Transaction { account, on, amount, kind, pending } = *transaction;
            (on, account, amount, kind, pending)
        });
        Ok(self)
    }

    /// The bytes that are sealed and that seed the simulation. Canonical if the activity came from [`parse`](Self::parse)
    /// or [`checked`](Self::checked).
    ///
    /// # Panics
    /// Never: an activity has no map and no float.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an activity is plain JSON")
    }
}

#[cfg(test)]
mod tests;
