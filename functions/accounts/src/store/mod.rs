//! How accounts are kept: the container `accounts`, partitioned by account, so that what one message changes is one
//! batch; `card-tokens`, which says in which partition a card lies; and `ledger-balances`, what all entries come to.

mod accounts;
mod balances;
mod cards;
mod documents;
mod ledger;
mod orders;
mod partitions;
mod pictures;
mod tokens;
mod transactions;
mod turns;

pub(crate) use accounts::{Accounts, NotOpened};
pub(crate) use balances::{Balances, MAX_AT_ONCE};
pub(crate) use cards::Cards;
pub(crate) use documents::StoredEntry;
pub(crate) use ledger::{Ledger, LedgerError, Recorded};
pub(crate) use orders::CardOrders;
pub(crate) use pictures::{CardPictures, PictureLink};
pub(crate) use tokens::{CardPlace, CardToken, Tokens};
pub(crate) use transactions::{ListedState, Transactions, Wanted};
