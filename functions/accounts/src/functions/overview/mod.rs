//! `accounts/v1/accounts/{accountId}/overview`

use super::account;
use crate::app::App;
use crate::domain::{Card, Transaction};
use crate::store::Wanted;
use crate::views::{AccountView, CardView, OverviewView, TransactionView};
use custom_handler::{Function, Problem, Request, Response, function};
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::timeout;

pub(crate) const FUNCTION: Function = function!();

/// Transactions that the screen shows.
const LATEST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// How long a part may take before the screen is shown without it.
const PART_WITHIN: Duration = Duration::from_millis(300);

/// GET: what one screen shows, in one request. The account must be there; of the rest, what can be had in time.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id = account::of(&request)?;
    let wanted = Wanted::default();
    let (account, cards, entries) = tokio::join!(
        account::read(app, id),
        timeout(PART_WITHIN, app.cards.of(id)),
        timeout(PART_WITHIN, app.transactions.list(id, &wanted, None, LATEST)),
    );
    let account = account?;
    let (cards, entries) = (cards.ok().and_then(Result::ok), entries.ok().and_then(Result::ok));
    let missing = [("cards", cards.is_none()), ("latestTransactions", entries.is_none())];
    let view = OverviewView {
        account: AccountView::from(&account),
        cards: cards.map(|cards: Vec<Card>| {
            cards.iter().map(|card| CardView::of(card, account.currency)).collect()
        }),
        latest_transactions: entries.map(|found: Vec<Transaction>| {
            found
                .into_iter()
                .map(|transaction| TransactionView::of(transaction, account.currency))
                .collect()
        }),
        missing: missing.into_iter().filter(|part| part.1).map(|part| part.0).collect(),
    };
    Ok(Response::ok(&view).cache_control("private, max-age=5"))
}
