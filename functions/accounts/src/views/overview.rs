use super::{AccountView, CardView, TransactionView};
use serde::Serialize;

/// `Overview` in openapi.yaml: what one screen of the mobile app shows. A part that could not be had is `null` and named
/// in `missing`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewView {
    pub(crate) account: AccountView,
    pub(crate) cards: Option<Vec<CardView>>,
    pub(crate) latest_transactions: Option<Vec<TransactionView>>,
    pub(crate) missing: Vec<&'static str>,
}
