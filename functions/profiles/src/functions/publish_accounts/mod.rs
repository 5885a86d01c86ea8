//! Change feed of `profiles`: tells others on the event hub `account` who has an account, and who has none any more.
//!
//! The feed passes over versions, so nothing hangs on seeing the first one: each fact follows from whichever is seen, and what
//! was told is noted, after it was told. Otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::{AccountFact, ProfileId};
use crate::store::ChangedAccount;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::{CloudEvent, Telling};
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

/// How many accounts are looked at at the same time.
const MAX_AT_ONCE: usize = 16;

/// Something about an account that others may not know.
struct News {
    id: ProfileId,
    fact: AccountFact,
    event: CloudEvent<Value>,
}

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (accounts, rejected) = feed.parse::<ChangedAccount>();
    let news: Vec<News> = stream::iter(accounts.into_iter().filter_map(news_of))
        .map(|news| unless_told(app, news))
        .buffer_unordered(MAX_AT_ONCE)
        .try_filter_map(|news| async move { Ok(news) })
        .try_collect()
        .await?;
    let events = news.iter().map(|news| news.event.clone()).collect();
    let told = news.iter().map(|news| (news.id, news.fact)).collect();
    // A tombstone that cannot be read is kept by whoever announces erasures.
    let rejected = rejected.into_iter().filter(|one| one.document["state"] != "erased").collect();
    let telling = Telling { events, told, rejected };
    let note = |(id, fact)| app.announced.note(id, fact);
    telling.tell(app, &app.account_facts, &invocation, note).await
}

fn news_of(account: ChangedAccount) -> Option<News> {
    match account {
        ChangedAccount::Active(account) => Some(News {
            id: account.id,
            fact: AccountFact::Activated,
            event: told::activated(&account),
        }),
        ChangedAccount::Erased(profile) => Some(News {
            id: profile.id,
            fact: AccountFact::Deactivated,
            event: told::deactivated(&profile),
        }),
        ChangedAccount::Registering | ChangedAccount::Fenced => None,
    }
}

async fn unless_told(app: &App, news: News) -> Result<Option<News>, Failure> {
    let is_told = app.announced.has(news.id, news.fact).await.map_err(Failure::again)?;
    Ok((!is_told).then_some(news))
}
