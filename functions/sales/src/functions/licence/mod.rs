//! `v1/profiles/{profileId}/licences/{licenceId}`

mod changing;

use super::orders;
use crate::app::App;
use crate::domain::{Licence, LicenceId};
use crate::views::LicenceView;
use crate::{licensing, problems};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;
use public_api::{Caller, versions};

pub(crate) use changing::is_active;

pub(crate) const FUNCTION: Function = function!();

/// GET: the licence, without its key; 304 if `If-None-Match` names its current version.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let known = request.if_none_match()?;
    let licence = find(app, &request).await?;
    Ok(versions::unless_known(&LicenceView::of(&licence, app.clock.now()), known))
}

/// PATCH: merges the body (RFC 7396) into quantity, end and whom it is assigned to, if `If-Match` names its current
/// version. The vendor is told first.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    let expected = request.if_match()?;
    let licence = find(app, &request).await?;
    let patch = request.merge_patch()?;
    let by = Caller::of(&request).to_string();
    let licence = changing::change(app, licence, &expected, &patch, &by).await?;
    Ok(versions::current(&LicenceView::of(&licence, app.clock.now())))
}

/// DELETE: cancels it at the vendor; the subscription ends with the last licence of its service. Cancelled again it stays
/// cancelled.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let licence = find(app, &request).await?;
    let by = Caller::of(&request).to_string();
    let licence = changing::cancel(app, licence, &by).await?;
    if let Err(error) = licensing::settle(app, &licence).await {
        tracing::warn!(%error, licence = %licence.id, "the subscription is ended later");
    }
    Ok(Response::no_content())
}

/// The licence that a request names, if it is the caller's.
pub(crate) async fn find(app: &App, request: &Request) -> Result<Licence, Problem> {
    let profile = orders::profile(app, request)?;
    let id: LicenceId = request.param("licenceId")?;
    let found = app.licences.read(profile, id).await.map_err(unavailable)?;
    found.ok_or_else(|| problems::no_such_licence(id))
}
