//! Change feed of `profiles`: tells others on the event hub `account` who has an account, and who has none any more.
//!
//! The feed passes over versions, so nothing hangs on seeing the first one: each fact follows from whichever is seen, and what
//! was told is noted, after it was told. Otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::{AccountFact, ProfileId};
use crate::store::ChangedAccount;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{CloudEvent, Tale, Telling};
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

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
    let mut news: Vec<News> = accounts.into_iter().filter_map(news_of).collect();
    let known = app.announced.known(news.iter().map(|news| news.id)).await;
    let known = known.map_err(Failure::again)?;
    news.retain(|news| !known.has(news.id, news.fact));
    // A tombstone that cannot be read is kept by whoever announces erasures.
    let rejected = rejected.into_iter().filter(|one| one.document["state"] != "erased").collect();
    let telling = Telling { tales: news.into_iter().map(tale).collect(), rejected };
    let note = |(id, fact)| app.announced.note(id, fact, &known);
    telling.tell(app, &app.account_facts, &invocation, &feed.writers(), note).await
}

fn tale(news: News) -> Tale<(ProfileId, AccountFact)> {
    let News { id, fact, event } = news;
    Tale { document: id.to_string(), events: vec![event], told: Some((id, fact)) }
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
