//! How accounts are kept: the container `accounts`, partitioned by account, so that what one message changes is one
//! batch; and `card-tokens`, which says in which partition a card lies.

mod accounts;
mod documents;
mod ledger;
mod tokens;
mod turns;

pub(crate) use accounts::{Accounts, NotOpened, Position};
pub(crate) use ledger::{Ledger, LedgerError, Recorded};
pub(crate) use tokens::{CardPlace, CardToken, Tokens};
