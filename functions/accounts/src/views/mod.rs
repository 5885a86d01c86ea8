//! What clients see: the shapes of openapi.yaml.

mod account;
mod card;
mod charge;
mod customer;
mod invoice;
mod overview;
mod support_case;
mod transaction;
mod trial_balance;

pub(crate) use account::AccountView;
pub(crate) use card::CardView;
pub(crate) use charge::ChargeView;
pub(crate) use customer::CustomerView;
pub(crate) use invoice::InvoiceView;
pub(crate) use overview::{OverviewView, Screen};
pub(crate) use support_case::{CaseView, ContactView};
pub(crate) use transaction::TransactionView;
pub(crate) use trial_balance::TrialBalanceView;
