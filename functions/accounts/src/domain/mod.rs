//! What an account owes and may spend: decisions and values, without Azure, HTTP or a clock.
//!
//! Everything hangs on two types. [`Books`] is what one message can change: an account, one of its cards, and one hold.
//! [`Entry`] is what is written once and never changed: a posting that balances in itself. A message of the card network
//! is either a question ([`AuthorisationRequest`], answered by [`decide`]) or a fact ([`NetworkEvent`], taken by
//! [`Books::take`]): questions are held against the limit, facts are not, since the money has moved.

mod account;
mod amount;
mod books;
mod card;
mod card_life;
mod card_terms;
mod charge;
mod customer;
mod cycle;
mod decision;
mod entry;
mod hold;
mod ids;
mod ledger;
mod migration;
mod network;
mod pace;
mod pan;
mod payment;
mod reference;
mod request;
mod statement;
mod support_case;
mod terms;
mod transaction;
mod trial_balance;

pub(crate) use account::{Account, AccountState, LimitChange};
pub(crate) use amount::{Amount, AmountError};
pub(crate) use books::{Books, Taken};
pub(crate) use card::{Card, CardLimits, CardState, Face, MonthSpend};
pub(crate) use card_life::{CardRefusal, Loss, MAX_ATTEMPTS};
pub(crate) use card_terms::{
    Activation, KnownCard, expires, last_four, network as network_name, parse_loss,
};
pub(crate) use charge::{ChargeOrder, ChargeRefusal, ChargeState, NewCharge, parse_amount};
pub(crate) use customer::{Company, Customer, Erasure, MAX_ACCOUNTS, NoAccount, Person, ProfileId};
pub(crate) use cycle::{Cycle, Period, Zone};
pub(crate) use decision::{Decision, decide};
pub(crate) use entry::{Entry, EntryKind, LedgerAccount, Posting};
pub(crate) use hold::{Answer, Hold, Increment};
pub(crate) use ids::{AccountId, CardId, ChargeId, CustomerId, NetworkId, RefundId};
pub(crate) use ledger::{Balance, BalanceKey, Part, parts};
pub(crate) use migration::{Migration, Stepped};
pub(crate) use network::{Fact, Merchant, NetworkEvent};
pub(crate) use pace::Pace;
pub(crate) use pan::without_pans;
pub(crate) use payment::{BANK, Payment};
pub(crate) use reference::CreditorReference;
pub(crate) use request::{AuthorisationRequest, DeclineReason};
pub(crate) use statement::{PaymentState, Statement, Sums, Tally};
pub(crate) use support_case::{CaseId, CaseState, Channel, Contact, SupportCase, Text};
pub(crate) use terms::{NewAccount, NewLimit, Terms};
pub(crate) use transaction::Transaction;
pub(crate) use trial_balance::{CurrencyBalance, Line, Standing, TrialBalance, Truth};
