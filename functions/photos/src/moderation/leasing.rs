//! Taking a case, so that nobody else decides it at the same time, and giving it back.

use super::read;
use crate::app::App;
use crate::domain::Case;
use crate::problems;
use custom_handler::Problem;
use iommi_app::{Kept, Principal, Refusal, pause};

/// How often it is tried again because somebody else changed the case.
const MAX_TRIES: u32 = 4;

/// Keeps the case for `moderator`, ten minutes from now.
pub(crate) async fn take(
    app: &App,
    id: &str,
    moderator: &Principal,
) -> Result<Kept<Case>, Problem> {
    change(app, id, |case| {
        let leased = case.leased(&moderator.id, app.clock.now());
        leased.map_err(problems::case_refused)
    })
    .await
}

/// Gives it back; harmless if it is not held.
pub(crate) async fn release(
    app: &App,
    id: &str,
    moderator: &Principal,
) -> Result<Kept<Case>, Problem> {
    change(app, id, |case| Ok(case.released(&moderator.id, app.clock.now()))).await
}

async fn change(
    app: &App,
    id: &str,
    edit: impl Fn(&Case) -> Result<Case, Problem>,
) -> Result<Kept<Case>, Problem> {
    for tries in 0..MAX_TRIES {
        let case = read(app, id).await?;
        let changed = edit(&case.value)?;
        if changed == case.value {
            return Ok(case);
        }
        match app.cases.replace(&case, changed).await {
            Ok(stored) => return Ok(stored),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(problems::unavailable(failure)),
        }
    }
    Err(problems::busy())
}
