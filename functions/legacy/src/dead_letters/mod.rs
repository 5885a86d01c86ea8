//! `ops/v1/dead-letters`

mod batch;

pub(crate) use batch::{Batch, Wanted, act};

use crate::acting;
use crate::app::App;
use crate::domain::LetterState;
use crate::problems;
use crate::store::{Filter, sort_key};
use custom_handler::{Problem, Request, Response};
use iommi_app::{Page, PageQuery};
use serde::Deserialize;
use std::{fmt::Display, str::FromStr};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ListQuery {
    pub(crate) reason: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) profile_id: Option<String>,
    pub(crate) since: Option<String>,
    pub(crate) limit: Option<String>,
    pub(crate) continuation: Option<String>,
}

/// Reads the filter of a list; a list that is not asked for a state shows the open ones.
pub(crate) fn filter(query: &ListQuery) -> Result<Filter, Problem> {
    let state = match query.state.as_deref() {
        None => Some(LetterState::Open),
        Some("any") => None,
        Some(text) => Some(parse("state", text)?),
    };
    Ok(Filter {
        reason: query.reason.as_deref().map(|text| parse("reason", text)).transpose()?,
        state,
        profile_id: query.profile_id.as_deref().map(|text| parse("profileId", text)).transpose()?,
        since: query.since.as_deref().map(|text| parse("since", text)).transpose()?,
    })
}

pub(crate) fn parse<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| Problem::invalid_parameter(name, error))
}

/// GET: dead letters, the latest first.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let query: ListQuery = request.query()?;
    let filter = filter(&query)?;
    let page = Page::of(
        &app.continuation,
        "dead-letters",
        PageQuery { limit: query.limit, continuation: query.continuation },
    )?;
    let letters = app.letters.latest(&filter, page.after.as_deref(), page.fetch()).await;
    page.answer(&app.continuation, letters.map_err(problems::unavailable)?, sort_key)
}

/// POST: re-drives or discards many, page by page.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let batch: Batch = request.json()?;
    let done = act(app, batch, acting::who(&request), request.trace()).await?;
    Ok(Response::ok(&done))
}
