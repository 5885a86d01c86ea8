//! What moderators do, behind both the JSON functions (`moderation/v1/…`) and the console.

mod carrying_out;
mod deciding;
mod housekeeping;
mod judged;
mod leasing;
mod shown;
mod statistics;

pub(crate) use deciding::{decide, undo};
pub(crate) use housekeeping::tidy;
pub(crate) use judged::Judged;
pub(crate) use leasing::{release, take};
pub(crate) use shown::{Shown, entity_tag};
pub(crate) use statistics::{Statistics, statistics};

use crate::app::App;
use crate::domain::{Case, CaseState};
use crate::problems;
use custom_handler::{IfMatch, Problem};
use iommi_app::Kept;
use std::num::NonZeroU32;

/// The app role in Entra ID that may see what is not approved.
pub(crate) const ROLE: &str = "Moderator";

/// At most `count` cases in this state after the rank given: the worst first, of these the oldest.
pub(crate) async fn list(
    app: &App,
    state: CaseState,
    after: Option<&str>,
    count: NonZeroU32,
) -> Result<Vec<Case>, Problem> {
    app.cases.list(state, after, count).await.map_err(problems::unavailable)
}

/// The case, or 404.
pub(crate) async fn read(app: &App, id: &str) -> Result<Kept<Case>, Problem> {
    let case = app.cases.read(id).await.map_err(problems::unavailable)?;
    case.ok_or_else(problems::no_such_case)
}

/// The case, if it is the version that the moderator has seen.
async fn expect(app: &App, id: &str, expected: Option<&IfMatch>) -> Result<Kept<Case>, Problem> {
    let case = read(app, id).await?;
    if let Some(expected) = expected {
        expected.check(&entity_tag(&case.value))?;
    }
    Ok(case)
}
