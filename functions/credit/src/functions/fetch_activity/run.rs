//! One run: from the accounts to the last page, or as far as the bank lets us.

use super::place::Place;
use super::reading;
use crate::app::App;
use crate::bank::BankFailure;
use crate::domain::{Assessment, Phase};
use crate::store::Activities;
use custom_handler::Failure;
use std::time::Duration;
use tokio::time::timeout;

/// The longest that the bank is read in one run; what was read is kept, and the next run goes on.
const RUN_DEADLINE: Duration = Duration::from_secs(30);

/// How a run ended.
pub(super) enum Ran {
    /// The whole answer lies sealed.
    Stored,
    /// The same attempt is at work in this process.
    Elsewhere,
    Failed(BankFailure),
}

pub(super) async fn run(
    app: &App,
    assessment: &Assessment,
    days: u16,
    token: &str,
) -> Result<Ran, Failure> {
    let Phase::Fetching { attempt, key, .. } = &assessment.phase else { return Ok(Ran::Elsewhere) };
    let (id, attempt) = (assessment.id, *attempt);
    let Some(_running) = app.running.begin(id) else { return Ok(Ran::Elsewhere) };
    if app.activities.is_there(id, attempt).await.map_err(Failure::again)? {
        return Ok(Ran::Stored);
    }
    let key = app.secrets.key(key, &id.to_string()).map_err(Failure::again)?;
    let place = Place { app, id, attempt, key };
    let mut gathered = place.before().await.map_err(Failure::again)?;
    let read = reading::read(&place, app, &mut gathered, days, token);
    let read = timeout(RUN_DEADLINE, read).await.unwrap_or(Err(BankFailure::TooSlow));
    match (gathered, read) {
        (Some(gathered), Ok(())) => match gathered.finished() {
            Some(Ok(activity)) => {
                let path = Activities::path(id, attempt);
                let put = app.activities.put(id, &path, &place.key, &activity.to_bytes()).await;
                put.map_err(Failure::again)?;
                Ok(Ran::Stored)
            }
            Some(Err(failure)) => Ok(Ran::Failed(failure)),
            None => Ok(Ran::Failed(BankFailure::Unusable("pages are missing"))),
        },
        (Some(gathered), Err(failure)) => {
            place.save(&gathered).await.map_err(Failure::again)?;
            Ok(Ran::Failed(failure))
        }
        (None, Err(failure)) => Ok(Ran::Failed(failure)),
        (None, Ok(())) => Ok(Ran::Failed(BankFailure::Unusable("it has no accounts"))),
    }
}
