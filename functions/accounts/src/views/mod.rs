//! What clients see: the shapes of openapi.yaml.

mod account;
mod card;
mod overview;
mod transaction;
mod trial_balance;

pub(crate) use account::AccountView;
pub(crate) use card::CardView;
pub(crate) use overview::{ImageView, LatestView, OverviewView, PartsView, PicturedCardView};
pub(crate) use transaction::TransactionView;
pub(crate) use trial_balance::TrialBalanceView;
