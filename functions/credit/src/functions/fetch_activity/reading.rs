//! Reading on: the accounts beside each other, the pages of each one after another.

use super::place::Place;
use crate::app::App;
use crate::bank::{BankFailure, Page, PageOf};
use crate::gathering::Gathered;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Pages that nobody has sealed for so long are sealed, for the run that goes on if this one is killed. Most runs are
/// done with their last pages before that.
const SAVE_AFTER: Duration = Duration::from_secs(1);

/// The next page of one account.
struct Question {
    place: usize,
    account: String,
    currency: money::Currency,
    /// `None`: the first one.
    cursor: Option<String>,
}

/// Reads all that is missing. What was read before a failure stays in `gathered`.
pub(super) async fn read(
    at: &Place<'_>,
    app: &App,
    gathered: &mut Option<Gathered>,
    days: u16,
    token: &str,
) -> Result<(), BankFailure> {
    let all = match gathered {
        Some(gathered) => gathered,
        None => {
            let today = app.clock.now().to_zoned(TimeZone::UTC).date();
            let accounts = app.bank.accounts(token).await?;
            gathered.insert(Gathered::of(accounts, today, days)?)
        }
    };
    let days = (all.from, all.to);
    let mut asking: FuturesUnordered<_> = (0..all.accounts.len())
        .filter_map(|place| question(all, place))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|question| ask(app, token, days, question))
        .collect();
    let (mut worst, mut save_at) = (None, None);
    loop {
        let save = sleep_until(save_at.unwrap_or_else(Instant::now));
        tokio::select! {
            answer = asking.next() => match answer {
                None => break,
                Some((place, Ok(page))) => {
                    all.accounts[place].take(page)?;
                    save_at = save_at.or_else(|| Some(Instant::now() + SAVE_AFTER));
                    asking.extend(question(all, place).map(|next| ask(app, token, days, next)));
                }
                // Each further question would count against the person's quota.
                Some((_, Err(BankFailure::ConsentGone))) => return Err(BankFailure::ConsentGone),
                Some((_, Err(failure))) => worst = worse(worst, failure),
            },
            () = save, if save_at.is_some() => {
                if let Err(error) = at.save(all).await {
                    tracing::warn!(%error, assessment = %at.id(), "pages that were read are not sealed yet");
                }
                save_at = None;
            }
        }
    }
    worst.map_or(Ok(()), Err)
}

fn question(all: &Gathered, place: usize) -> Option<Question> {
    let account = &all.accounts[place];
    let cursor = match account.next_page(all.from, all.to)? {
        PageOf::First { .. } => None,
        PageOf::Next(cursor) => Some(cursor.to_owned()),
    };
    Some(Question { place, account: account.id.clone(), currency: account.currency, cursor })
}

async fn ask(
    app: &App,
    token: &str,
    (from, to): (Date, Date),
    question: Question,
) -> (usize, Result<Page, BankFailure>) {
    let Question { place, account, currency, cursor } = question;
    let page = cursor.as_deref().map_or(PageOf::First { from, to }, PageOf::Next);
    (place, app.bank.page(token, &account, currency, page).await)
}

/// What asking again does not mend comes before what may pass.
fn worse(one: Option<BankFailure>, other: BankFailure) -> Option<BankFailure> {
    match one {
        Some(one) if one.rank() >= other.rank() => Some(one),
        _ => Some(other),
    }
}
