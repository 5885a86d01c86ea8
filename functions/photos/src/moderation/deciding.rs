//! Deciding a case, and taking the decision back.

use super::carrying_out::carry_out;
use super::decision_input::DecisionInput;
use crate::app::App;
use crate::domain::{Actor, Case, CaseRefused, Decision, Photo, Reason};
use crate::figures;
use crate::lookup;
use crate::problems;
use crate::settling;
use azure_data::Item;
use custom_handler::{IfMatch, Problem};
use public_api::problems::{not_changed, not_written, unavailable};
use staff_pages::Principal;

/// Writes the decision down and lets the photo follow. If that is interrupted, the sweep finishes it.
pub(crate) async fn decide(
    app: &App,
    id: &str,
    expected: Option<&IfMatch>,
    judged: DecisionInput,
    moderator: &Principal,
) -> Result<Item<Case>, Problem> {
    let case = lookup::case(app, id).await?;
    // The answer to the first time was lost: what is asked for is done (RFC 9110, 13.1.1).
    if judged.is_decided(&case.value, moderator) {
        return Ok(case);
    }
    lookup::check_version(&case.value, expected)?;
    let DecisionInput { judgement, note } = judged;
    let now = app.clock.now();
    let decided = case.value.decided(judgement, note, &moderator.id, now);
    let decided = decided.map_err(problems::case_refused)?;
    let decided = app.cases.replace(&case, decided).await.map_err(not_written)?;
    figures::waited(&case.value, now);
    match carry_out(app, id).await {
        Ok(()) => lookup::case(app, id).await,
        Err(error) => {
            tracing::warn!(%error, case = id, "the sweep carries out a decision");
            Ok(decided)
        }
    }
}

/// Takes the decision back: the photo is in review again, and seen by nobody, before anything else happens.
pub(crate) async fn undo(
    app: &App,
    id: &str,
    expected: Option<&IfMatch>,
    moderator: &Principal,
) -> Result<Item<Case>, Problem> {
    let case = lookup::case(app, id).await?;
    if case.value.is_undone_by(&moderator.id) {
        return Ok(case);
    }
    let case = case.value;
    lookup::check_version(&case, expected)?;
    case.undoable(app.clock.now()).map_err(problems::case_refused)?;
    let carried_out = carry_out(app, id).await;
    carried_out.map_err(|error| not_changed(error, |never| match never {}))?;
    let photo = app.photos.read(case.photo_key()).await.map_err(unavailable)?;
    let photo = photo.filter(|photo| *photo.value.case_id() == *case.id);
    let photo = photo.ok_or_else(|| problems::case_refused(CaseRefused::NothingToUndo))?;
    let back = back_in_review(&photo.value, &case, moderator, app)?;
    let back = app.photos.replace(&photo, back).await.map_err(not_written)?;
    if let Err(error) = settling::settle(app, back).await {
        tracing::warn!(%error, case = id, "the sweep opens a case again");
    }
    lookup::case(app, id).await
}

fn back_in_review(
    photo: &Photo,
    case: &Case,
    moderator: &Principal,
    app: &App,
) -> Result<Photo, Problem> {
    let reason = case.reason.clone().unwrap_or(Reason::NOT_CHECKED);
    let by = Actor::Moderator { id: moderator.id.clone() };
    let back = photo.decided(&Decision::Review(reason), by, None, app.clock.now());
    back.map_err(|_| problems::case_refused(CaseRefused::NothingToUndo))
}
