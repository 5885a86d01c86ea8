//! `v1/profiles/{profileId}/licences`

use super::orders;
use crate::app::App;
use crate::store::Licences;
use crate::views::LicenceView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the profile's licences, newest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let profile = orders::profile(app, &request)?;
    let query: PageQuery = request.query()?;
    let page = Page::of(&app.continuation, &format!("licences of {profile}"), query)?;
    let found = app.licences.list(profile, page.after.as_deref(), page.fetch()).await;
    let found = found.map_err(unavailable)?;
    let now = app.clock.now();
    page.answer_as(&app.continuation, found, Licences::position, |it| LicenceView::of(&it, now))
}
