//! `v1/invoices`

use crate::app::App;
use crate::domain::{Issued, ProfileId};
use crate::problems;
use crate::views::InvoiceLineView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::Caller;
use public_api::lists::{Page, PageQuery};
use public_api::problems::unavailable;
use serde::Deserialize;

pub(crate) const FUNCTION: Function = function!();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Query {
    profile_id: Option<String>,
    limit: Option<String>,
    continuation: Option<String>,
}

/// GET: the invoices and credit notes of a profile, the newest numbers first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let Query { profile_id, limit, continuation } = request.query()?;
    let profile = profile_id.as_deref().unwrap_or_default().parse::<ProfileId>();
    let profile =
        profile.map_err(|error| Problem::invalid_parameter("profileId", error.to_string()))?;
    if !app.owners.allows(&Caller::of(&request), profile) {
        return Err(problems::no_such_profile(profile));
    }
    let list = format!("invoices of {profile}");
    let page = Page::of(&app.continuation, &list, PageQuery { limit, continuation })?;
    let found = app.invoices.of_profile(profile, page.after.as_deref(), page.fetch()).await;
    let found = found.map_err(unavailable)?;
    let position = |issued: &Issued| issued.number().to_string();
    let view = |issued: Issued| InvoiceLineView::of(&issued);
    let answer = page.answer_as(&app.continuation, found, position, view)?;
    Ok(answer.cache_control("no-store"))
}
