use super::{CardView, TransactionView};
use crate::domain::{Account, AccountId, Amount, Card, Company, Period, Statement, Transaction};
use crate::freshness::{Freshness, Part};
use crate::store::PictureLink;
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use serde::Serialize;

/// What was found for the screen.
pub(crate) struct Screen {
    pub(crate) account: Account,
    /// Of the account.
    pub(crate) freshness: Freshness,
    pub(crate) company: Part<Option<Company>>,
    pub(crate) invoice: Part<Option<Statement>>,
    pub(crate) cards: Part<Vec<Card>>,
    pub(crate) transactions: Part<Vec<Transaction>>,
    pub(crate) images: Part<Vec<Option<PictureLink>>>,
}

/// `Overview` in openapi.yaml: what one screen of the mobile app shows. A part that could never be had is `null`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewView {
    account_id: AccountId,
    name: String,
    company: Option<Company>,
    spend: SpendView,
    invoice_due: Option<InvoiceDueView>,
    transactions: Option<LatestView>,
    cards: Option<Vec<PicturedCardView>>,
    parts: PartsView,
}

/// What may be spent: `used` is what is owed and held.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SpendView {
    limit: Money,
    used: Money,
    remaining: Money,
    over_limit: bool,
}

/// What is to be paid of the newest invoice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceDueView {
    has: bool,
    amount: Option<Money>,
    due_on: Option<Date>,
    period: Option<Period>,
}

/// The latest transactions, and how many were posted in all.
#[derive(Debug, Serialize)]
struct LatestView {
    latest: Vec<TransactionView>,
    count: u64,
}

/// A card and where its picture is.
#[derive(Debug, Serialize)]
struct PicturedCardView {
    #[serde(flatten)]
    card: CardView,
    image: Option<ImageView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageView {
    url: String,
    expires_at: Timestamp,
}

/// How fresh each part is.
#[derive(Debug, Serialize)]
struct PartsView {
    account: Freshness,
    company: Freshness,
    invoice: Freshness,
    transactions: Freshness,
    cards: Freshness,
    images: Freshness,
}

impl OverviewView {
    pub(crate) fn of(screen: Screen) -> Self {
        let Screen { account, freshness, company, invoice, cards, transactions, images } = screen;
        let currency = account.currency;
        let shown = |transaction| TransactionView::of(transaction, currency);
        Self {
            account_id: account.id,
            name: account.name.to_string(),
            company: company.value.flatten(),
            spend: SpendView::from(&account),
            invoice_due: invoice.value.map(|invoice| InvoiceDueView::of(invoice, &account)),
            transactions: transactions.value.map(|latest| LatestView {
                latest: latest.into_iter().map(shown).collect(),
                count: account.entries,
            }),
            cards: cards.value.map(|cards| pictured(cards, images.value, currency)),
            parts: PartsView {
                account: freshness,
                company: company.freshness,
                invoice: invoice.freshness,
                transactions: transactions.freshness,
                cards: cards.freshness,
                images: images.freshness,
            },
        }
    }
}

impl From<&Account> for SpendView {
    fn from(account: &Account) -> Self {
        let shown = |amount: Amount| amount.in_currency(account.currency);
        Self {
            limit: shown(account.limit),
            used: shown(account.posted + account.held),
            remaining: shown(account.remaining()),
            over_limit: account.is_over_limit(),
        }
    }
}

impl InvoiceDueView {
    fn of(invoice: Option<Statement>, account: &Account) -> Self {
        let open = |invoice: &Statement| invoice.due() - invoice.paid(account);
        match invoice.filter(|invoice| open(invoice) > Amount::ZERO) {
            Some(invoice) => Self {
                has: true,
                amount: Some(open(&invoice).in_currency(account.currency)),
                due_on: Some(invoice.due_on),
                period: Some(invoice.period),
            },
            None => Self { has: false, amount: None, due_on: None, period: None },
        }
    }
}

/// Each card beside its picture; links that were made for other cards are none.
fn pictured(
    cards: Vec<Card>,
    images: Option<Vec<Option<PictureLink>>>,
    currency: Currency,
) -> Vec<PicturedCardView> {
    let images = images.filter(|images| images.len() == cards.len());
    let images = images.unwrap_or_else(|| vec![None; cards.len()]);
    let of = |link: PictureLink| ImageView { url: link.url, expires_at: link.expires_at };
    let both = cards.into_iter().zip(images);
    both.map(|(card, image)| PicturedCardView {
        card: CardView::of(&card, currency),
        image: image.map(of),
    })
    .collect()
}
