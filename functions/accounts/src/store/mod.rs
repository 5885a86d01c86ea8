//! How accounts are kept: the container `accounts`, partitioned by account, so that what one message changes is one
//! batch; `card-tokens`, which says in which partition a card lies; and `ledger-balances`, what all entries come to.

mod accounts;
mod audit;
mod balances;
mod cards;
mod charges;
mod customers;
mod documents;
mod ledger;
mod migrations;
#[cfg(test)]
mod model;
mod orders;
mod partitions;
mod payments;
mod pictures;
mod places;
mod references;
mod statements;
mod support_cases;
mod tokens;
mod transactions;
mod turns;

pub(crate) use accounts::{Accounts, NotOpened};
pub(crate) use audit::DueHold;
pub(crate) use balances::{Balances, MAX_AT_ONCE};
pub(crate) use cards::Cards;
pub(crate) use charges::Charged;
pub(crate) use customers::{Customers, NotAdded};
pub(crate) use documents::{Changed, StoredLimit};
pub(crate) use ledger::{Ledger, LedgerError, Recorded};
pub(crate) use migrations::{Migrations, Rewritten, Step as MigrationStep, TODAY, named};
pub(crate) use orders::CardOrders;
pub(crate) use payments::NotPosted;
pub(crate) use pictures::{CardPictures, PictureLink};
pub(crate) use places::{Place, Places};
pub(crate) use references::References;
pub(crate) use statements::{DueStatement, Statements};
pub(crate) use support_cases::SupportCases;
pub(crate) use tokens::{CardPlace, CardToken, Tokens};
pub(crate) use transactions::{ListedState, Transactions, Wanted};
