//! One decision about many letters: by their ids, or by a filter in pages that a caller asks for one after the other.

use super::parse;
use crate::app::App;
use crate::domain::LetterState;
use crate::problems;
use crate::redrive::{self, Decider};
use crate::store::Filter;
use custom_handler::{Problem, TraceContext};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// Most letters in one request.
const MAX_LETTERS: u32 = 100;
/// How many are dealt with at the same time.
const MAX_AT_ONCE: usize = 8;
/// The name of the list, for its continuation.
const LIST: &str = "dead-letter-actions";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Batch {
    pub(crate) action: Wanted,
    /// These letters, or
    #[serde(default)]
    pub(crate) ids: Option<Vec<String>>,
    /// all open ones that match.
    #[serde(default)]
    pub(crate) filter: Option<BatchFilter>,
    #[serde(default)]
    pub(crate) why: Option<String>,
    #[serde(default)]
    pub(crate) limit: Option<u32>,
    #[serde(default)]
    pub(crate) continuation: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wanted {
    Redrive,
    Discard,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct BatchFilter {
    #[serde(default)]
    pub(crate) reason: Option<String>,
    #[serde(default)]
    profile_id: Option<String>,
    #[serde(default)]
    since: Option<String>,
}

/// What became of a page.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    /// How many were dealt with now.
    pub(crate) done: usize,
    /// How many had been dealt with before.
    pub(crate) already: usize,
    pub(crate) failed: Vec<Failed>,
    /// Where to go on; null at the end.
    pub(crate) continuation: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) id: String,
    pub(crate) problem: String,
}

/// Decides about one page.
pub(crate) async fn act(
    app: &App,
    batch: Batch,
    by: String,
    trace: &TraceContext,
) -> Result<Outcome, Problem> {
    let why = batch.why.clone().map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    if batch.action == Wanted::Discard && why.is_none() {
        return Err(problems::invalid_body("/why", "is required to discard"));
    }
    let (ids, continuation) = page(app, &batch).await?;
    let who = Decider { by, why };
    let mut deciding = stream::iter(ids)
        .map(|id| one(app, id, batch.action, &who, trace))
        .buffer_unordered(MAX_AT_ONCE);
    let mut outcome = Outcome { continuation, ..Outcome::default() };
    while let Some((id, decided)) = deciding.next().await {
        match decided {
            Ok(false) => outcome.done += 1,
            Ok(true) => outcome.already += 1,
            Err(problem) => outcome.failed.push(Failed { id, problem: problem.to_string() }),
        }
    }
    Ok(outcome)
}

async fn one(
    app: &App,
    id: String,
    action: Wanted,
    who: &Decider,
    trace: &TraceContext,
) -> (String, Result<bool, Problem>) {
    let decided = match action {
        Wanted::Redrive => redrive::redrive(app, &id, who, trace).await,
        Wanted::Discard => {
            redrive::discard(app, &id, &who.by, who.why.as_deref().unwrap_or_default()).await
        }
    };
    (id, decided.map(|decided| decided.already))
}

/// The letters of this page, and where the next one begins.
async fn page(app: &App, batch: &Batch) -> Result<(Vec<String>, Option<String>), Problem> {
    let filter = match (&batch.ids, &batch.filter) {
        (Some(ids), None) if ids.len() <= MAX_LETTERS as usize => return Ok((ids.clone(), None)),
        (Some(_), None) => {
            return Err(problems::invalid_body(
                "/ids",
                "has more than 100 letters; send them in several requests",
            ));
        }
        (None, Some(filter)) => filter,
        _ => return Err(problems::invalid_body("", "must have either ids or filter")),
    };
    let limit = batch.limit.unwrap_or(MAX_LETTERS);
    let limit = NonZeroU32::new(limit).filter(|limit| limit.get() <= MAX_LETTERS);
    let limit = limit
        .ok_or_else(|| problems::invalid_body("/limit", "must be a whole number from 1 to 100"))?;
    let open = |token: &String| app.continuation.open(LIST, token);
    let after = batch.continuation.as_ref().map(open).transpose();
    let after =
        after.map_err(|error| problems::invalid_body("/continuation", &error.to_string()))?;
    let filter = Filter {
        state: Some(LetterState::Open),
        reason: filter.reason.as_deref().map(|text| parse("reason", text)).transpose()?,
        profile_id: filter
            .profile_id
            .as_deref()
            .map(|text| parse("profileId", text))
            .transpose()?,
        since: filter.since.as_deref().map(|text| parse("since", text)).transpose()?,
    };
    let letters = app
        .letters
        .by_id(&filter, &after.unwrap_or_default(), limit)
        .await
        .map_err(problems::unavailable)?;
    let full = letters.len() == limit.get() as usize;
    let ids: Vec<String> = letters.into_iter().map(|letter| letter.id).collect();
    let sealed = ids.last().filter(|_| full).map(|last| app.continuation.seal(LIST, last));
    let continuation = sealed.transpose().map_err(Problem::internal)?;
    Ok((ids, continuation))
}
