//! Accounts and transactions, for who shows a token.

mod bearer;
mod cursor;
mod spoil;
mod statement;
mod transactions;

pub(crate) use bearer::{Denied, shown};
pub(crate) use cursor::Cursor;
pub(crate) use spoil::spoiled;
pub(crate) use statement::{Account, MAX_HISTORY_DAYS};
pub(crate) use transactions::{Question, page, place};
