//! Taking a case, so that nobody else decides it at the same time, and giving it back.

use crate::app::App;
use crate::domain::Case;
use crate::lookup;
use crate::problems;
use azure_data::{Attempt, Item, retry_conflicts};
use custom_handler::Problem;
use public_api::problems::not_changed;
use staff_pages::Principal;

/// Keeps the case for `moderator`, ten minutes from now.
pub(crate) async fn take(
    app: &App,
    id: &str,
    moderator: &Principal,
) -> Result<Item<Case>, Problem> {
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
) -> Result<Item<Case>, Problem> {
    change(app, id, |case| Ok(case.released(&moderator.id, app.clock.now()))).await
}

async fn change(
    app: &App,
    id: &str,
    edit: impl Fn(&Case) -> Result<Case, Problem>,
) -> Result<Item<Case>, Problem> {
    let edit = &edit;
    let attempt = || async move {
        let case = lookup::case(app, id).await.map_err(Attempt::Refused)?;
        let changed = edit(&case.value).map_err(Attempt::Refused)?;
        if changed == case.value {
            return Ok(case);
        }
        Ok(app.cases.replace(&case, changed).await?)
    };
    let changed = retry_conflicts(&format!("leasing case {id}"), attempt).await;
    changed.map_err(|error| not_changed(error, |problem| problem))
}
