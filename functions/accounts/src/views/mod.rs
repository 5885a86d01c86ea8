//! What clients see: the shapes of openapi.yaml.

mod account;
mod card;
mod overview;
mod transaction;

pub(crate) use account::AccountView;
pub(crate) use card::CardView;
pub(crate) use overview::{ImageView, LatestView, OverviewView, PartsView, PicturedCardView};
pub(crate) use transaction::TransactionView;
