//! `accounts/v1/accounts/{accountId}/overview`

use super::account;
use crate::app::App;
use crate::domain::{Account, AccountId, Card, Transaction};
use crate::freshness::{LastKnown, Part};
use crate::problems;
use crate::store::{PictureLink, Wanted};
use crate::views::{
    CardView, ImageView, LatestView, OverviewView, PartsView, PicturedCardView, TransactionView,
};
use custom_handler::{EntityTag, Function, Problem, Request, Response, function};
use futures::future::try_join_all;
use jiff::Timestamp;
use money::Currency;
use public_api::idempotency::fingerprint;
use public_api::problems::not_answering;
use std::num::NonZeroU32;
use std::time::Duration;

pub(crate) const FUNCTION: Function = function!();

/// Transactions that the screen shows.
const LATEST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// When to ask again if not even the account can be had.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What the screen's parts were when they could last be had.
#[derive(Debug)]
pub(crate) struct LastScreens {
    account: LastKnown<AccountId, Option<Account>>,
    cards: LastKnown<AccountId, Vec<Card>>,
    transactions: LastKnown<AccountId, Vec<Transaction>>,
}

impl LastScreens {
    pub(crate) fn new() -> Self {
        Self { account: LastKnown::new(), cards: LastKnown::new(), transactions: LastKnown::new() }
    }
}

/// GET: what one screen shows, in one request. Whatever part cannot be had in time is as it was before, and says so.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, now, known) = (account::of(&request)?, app.clock.now(), request.if_none_match()?);
    let (screens, wanted) = (&app.screens, Wanted::default());
    let (account, cards, transactions) = tokio::join!(
        screens.account.part(id, now, app.accounts.read(id)),
        screens.cards.part(id, now, app.cards.of(id)),
        screens.transactions.part(id, now, app.transactions.list(id, &wanted, None, LATEST)),
    );
    let images = match &cards.value {
        Some(cards) => Part::now(now, links(app, cards, now)).await,
        None => Part::missing(),
    };
    let parts = PartsView {
        account: account.freshness,
        transactions: transactions.freshness,
        cards: cards.freshness,
        images: images.freshness,
    };
    let account = account.value.ok_or_else(|| not_answering("Cosmos DB", AGAIN_AFTER))?;
    let account = account.ok_or_else(|| problems::no_such_account(id))?;
    let tag = tag(&account, &cards, &transactions)?;
    if known.is_some_and(|known| known.matches(&tag)) {
        return Ok(Response::not_modified().etag(tag));
    }
    let view = view(&account, cards.value, transactions.value, images.value, parts);
    Ok(Response::ok(&view).etag(tag).cache_control("private, max-age=5"))
}

async fn links(
    app: &App,
    cards: &[Card],
    now: Timestamp,
) -> Result<Vec<Option<PictureLink>>, azure_data::StorageFailure> {
    try_join_all(cards.iter().map(|card| app.pictures.link(card, now))).await
}

/// Of what the screen says; not of links, which are others each time, nor of how fresh a part is.
fn tag(
    account: &Account,
    cards: &Part<Vec<Card>>,
    transactions: &Part<Vec<Transaction>>,
) -> Result<EntityTag, Problem> {
    let said = format!("{account:?} {:?} {:?}", cards.value, transactions.value);
    EntityTag::weak(&fingerprint(&said)[..32]).map_err(Problem::internal)
}

fn view(
    account: &Account,
    cards: Option<Vec<Card>>,
    transactions: Option<Vec<Transaction>>,
    images: Option<Vec<Option<PictureLink>>>,
    parts: PartsView,
) -> OverviewView {
    let currency = account.currency;
    let shown = |transaction| TransactionView::of(transaction, currency);
    OverviewView {
        account_id: account.id,
        name: account.name.to_string(),
        spend: account.into(),
        transactions: transactions.map(|latest| LatestView {
            latest: latest.into_iter().map(shown).collect(),
            count: account.entries,
        }),
        cards: cards.map(|cards| pictured(cards, images, currency)),
        parts,
    }
}

/// Each card beside its picture; a link that was made for other cards is none.
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
