//! `accounts/v1/accounts/{accountId}/overview`

use super::account;
use crate::app::App;
use crate::domain::{Account, Card, Company};
use crate::freshness::Part;
use crate::problems;
use crate::store::{PictureLink, Wanted};
use crate::views::{OverviewView, Screen};
use azure_data::{CosmosFailure, StorageFailure};
use custom_handler::{EntityTag, Function, Problem, Request, Response, function};
use futures::future::try_join_all;
use jiff::Timestamp;
use public_api::idempotency::fingerprint;
use public_api::problems::not_answering;
use std::num::NonZeroU32;
use std::time::Duration;

pub(crate) const FUNCTION: Function = function!();

/// Transactions that the screen shows.
const LATEST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// When to ask again if not even the account can be had.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// GET: what one screen shows, in one request. Whatever part cannot be had in time is as it was before, and says so.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, now, known) = (account::of(&request)?, app.clock.now(), request.if_none_match()?);
    let (screens, wanted) = (&app.screens, Wanted::default());
    let (found, cards, transactions) = tokio::join!(
        screens.account.part(id, now, app.accounts.read(id)),
        screens.cards.part(id, now, app.cards.of(id)),
        screens.transactions.part(id, now, app.transactions.list(id, &wanted, None, LATEST)),
    );
    let account = found.value.ok_or_else(|| not_answering("Cosmos DB", AGAIN_AFTER))?;
    let account = account.ok_or_else(|| problems::no_such_account(id))?;
    let (company, invoice, images) = tokio::join!(
        screens.company.part(id, now, company(app, &account)),
        screens.invoice.part(id, now, app.statements.latest(&account)),
        Part::now(now, links(app, cards.value.as_deref(), now)),
    );
    let freshness = found.freshness;
    let screen = Screen { account, freshness, company, invoice, cards, transactions, images };
    let tag = tag(&screen)?;
    if known.is_some_and(|known| known.matches(&tag)) {
        return Ok(Response::not_modified().etag(tag));
    }
    let view = OverviewView::of(screen);
    Ok(Response::ok(&view).etag(tag).cache_control("private, max-age=5"))
}

async fn company(app: &App, account: &Account) -> Result<Option<Company>, CosmosFailure> {
    let customer = app.customers.read(account.customer_id).await?;
    Ok(customer.and_then(|customer| customer.person).map(|person| person.company))
}

/// One for each card; none if it is not known which cards there are.
async fn links(
    app: &App,
    cards: Option<&[Card]>,
    now: Timestamp,
) -> Result<Vec<Option<PictureLink>>, StorageFailure> {
    try_join_all(cards.unwrap_or_default().iter().map(|card| app.pictures.link(card, now))).await
}

/// Of what the screen says; not of links, which are others each time, nor of how fresh a part is.
fn tag(screen: &Screen) -> Result<EntityTag, Problem> {
    let Screen { account, company, invoice, cards, transactions, .. } = screen;
    let said = format!(
        "{account:?} {:?} {:?} {:?} {:?}",
        company.value, invoice.value, cards.value, transactions.value
    );
    EntityTag::weak(&fingerprint(&said)[..32]).map_err(Problem::internal)
}
