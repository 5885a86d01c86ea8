use super::{CardView, TransactionView};
use crate::domain::{Account, AccountId};
use crate::freshness::Freshness;
use jiff::Timestamp;
use money::Money;
use serde::Serialize;

/// `Overview` in openapi.yaml: what one screen of the mobile app shows. A part that could never be had is `null`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewView {
    pub(crate) account_id: AccountId,
    pub(crate) name: String,
    pub(crate) spend: SpendView,
    pub(crate) transactions: Option<LatestView>,
    pub(crate) cards: Option<Vec<PicturedCardView>>,
    pub(crate) parts: PartsView,
}

/// What may be spent: `used` is what is owed and held.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpendView {
    limit: Money,
    used: Money,
    remaining: Money,
    over_limit: bool,
}

impl From<&Account> for SpendView {
    fn from(account: &Account) -> Self {
        let shown = |amount: crate::domain::Amount| amount.in_currency(account.currency);
        Self {
            limit: shown(account.limit),
            used: shown(account.posted + account.held),
            remaining: shown(account.remaining()),
            over_limit: account.is_over_limit(),
        }
    }
}

/// The latest transactions, and how many were posted in all.
#[derive(Debug, Serialize)]
pub(crate) struct LatestView {
    pub(crate) latest: Vec<TransactionView>,
    pub(crate) count: u64,
}

/// A card and where its picture is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PicturedCardView {
    #[serde(flatten)]
    pub(crate) card: CardView,
    pub(crate) image: Option<ImageView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageView {
    pub(crate) url: String,
    pub(crate) expires_at: Timestamp,
}

/// How fresh each part is.
#[derive(Debug, Serialize)]
pub(crate) struct PartsView {
    pub(crate) account: Freshness,
    pub(crate) transactions: Freshness,
    pub(crate) cards: Freshness,
    pub(crate) images: Freshness,
}
