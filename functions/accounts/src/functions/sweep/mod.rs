//! Timer, every five minutes: says aloud what does not fit, a stretch further through all accounts and card tokens each
//! time. It mends nothing: what does not fit has a cause, and a person should see both before either is gone.

mod accounts;
mod books;
mod migrations;
mod page;
mod tokens;

use crate::app::App;
use crate::store::Place;
use azure_data::CosmosFailure;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use page::{PAGE, Seen};
use std::time::{Duration, Instant};

pub(crate) const FUNCTION: Function = function!();

/// Most pages of one kind in one run.
const MAX_PAGES: usize = 20;
/// When a run stops, well before its time is up (`functionTimeout`), and the next one goes on.
const RUN_FOR: Duration = Duration::from_secs(120);

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let ends = Instant::now() + RUN_FOR;
    migrations::go_on(app).await?;
    books::look_at(app).await.map_err(Failure::again)?;
    let accounts = round(app, Round::Accounts, ends).await?;
    let tokens = round(app, Round::Tokens, ends).await?;
    Ok(Done::nothing().log(format!("{accounts} accounts and {tokens} card tokens looked at")))
}

/// Through what a round goes.
#[derive(Debug, Clone, Copy)]
enum Round {
    Accounts,
    Tokens,
}

impl Round {
    fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Tokens => "card-tokens",
        }
    }

    async fn page(self, app: &App, after: Option<String>) -> Result<Seen, CosmosFailure> {
        match self {
            Self::Accounts => accounts::page(app, after).await,
            Self::Tokens => tokens::page(app, after).await,
        }
    }
}

/// Goes on with a round; how many were looked at. Regions share the place: while one runs, the others do nothing.
async fn round(app: &App, round: Round, ends: Instant) -> Result<usize, Failure> {
    let (lease, now) = (RUN_FOR + Duration::from_secs(60), app.clock.now());
    let begun = app.places.begin(round.name(), now, lease).await.map_err(Failure::again)?;
    let Some(mut place) = begun else { return Ok(0) };
    let seen = stretch(app, round, &mut place, ends).await.map_err(Failure::again)?;
    app.places.end(&place).await.map_err(Failure::again)?;
    Ok(seen)
}

async fn stretch(
    app: &App,
    round: Round,
    place: &mut Place,
    ends: Instant,
) -> Result<usize, CosmosFailure> {
    let mut all = 0;
    for _ in 0..MAX_PAGES {
        let Seen { count, last, found } = round.page(app, place.after.clone()).await?;
        all += count;
        let is_last = count < PAGE.get() as usize;
        place.turned(last.filter(|_| !is_last), found);
        app.places.keep(place).await?;
        if is_last || Instant::now() >= ends {
            break;
        }
    }
    Ok(all)
}
