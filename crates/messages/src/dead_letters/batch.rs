//! One decision about many letters: by their ids, or by a filter in pages that a caller asks for one after the other.

use super::app::DeadLetterApp;
use super::deciding::{Decider, Wanted, decide};
use super::letter::LetterState;
use super::problems::invalid_body;
use super::query;
use super::store::Filter;
use custom_handler::{Problem, TraceContext};
use futures::{StreamExt, stream};
use public_api::problems;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, num::NonZeroU32};

/// Most letters in one request.
const MAX_LETTERS: u32 = 100;
/// How many are dealt with at the same time.
const MAX_AT_ONCE: usize = 8;
/// The name of the list, for its continuation.
const LIST: &str = "dead-letter-actions";

/// What a client wants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    pub(super) action: Wanted,
    /// These letters, or
    #[serde(default)]
    pub(super) ids: Option<Vec<String>>,
    /// all open ones that match.
    #[serde(default)]
    pub(super) filter: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) why: Option<String>,
    #[serde(default)]
    pub(super) limit: Option<u32>,
    #[serde(default)]
    pub(super) continuation: Option<String>,
}

/// What became of a page.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcome {
    /// How many were dealt with now.
    pub(super) done: usize,
    /// How many had been dealt with before.
    pub(super) already: usize,
    pub(super) failed: Vec<Failed>,
    /// Where to go on; null at the end.
    pub(super) continuation: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Failed {
    pub(super) id: String,
    pub(super) problem: String,
}

/// Decides about one page.
pub(super) async fn act<A: DeadLetterApp>(
    app: &A,
    batch: Batch,
    by: String,
    trace: &TraceContext,
) -> Result<Outcome, Problem> {
    let who = Decider::new(by, batch.action, batch.why.clone())?;
    let (ids, continuation) = page(app, batch).await?;
    let who = &who;
    let one = |id: String| async move { (decide(app, &id, who, trace).await, id) };
    let mut deciding = stream::iter(ids).map(one).buffer_unordered(MAX_AT_ONCE);
    let mut outcome = Outcome { continuation, ..Outcome::default() };
    while let Some((decided, id)) = deciding.next().await {
        match decided {
            Ok(decided) if decided.already => outcome.already += 1,
            Ok(_) => outcome.done += 1,
            Err(problem) => outcome.failed.push(Failed { id, problem: problem.to_string() }),
        }
    }
    Ok(outcome)
}

/// The letters of this page, and where the next one begins.
async fn page<A: DeadLetterApp>(
    app: &A,
    batch: Batch,
) -> Result<(Vec<String>, Option<String>), Problem> {
    let given = match (batch.ids, batch.filter) {
        (Some(ids), None) if ids.len() <= MAX_LETTERS as usize => return Ok((ids, None)),
        (Some(_), None) => {
            let detail = "has more than 100 letters; send them in several requests";
            return Err(invalid_body("/ids", detail));
        }
        (None, Some(filter)) => filter,
        _ => return Err(invalid_body("", "must have either ids or filter")),
    };
    let filter = Filter { state: Some(LetterState::Open), ..query::filter::<A>(given)? };
    let limit = NonZeroU32::new(batch.limit.unwrap_or(MAX_LETTERS));
    let limit = limit
        .filter(|limit| limit.get() <= MAX_LETTERS)
        .ok_or_else(|| invalid_body("/limit", "must be a whole number from 1 to 100"))?;
    let held = app.dead_letters();
    let open = |token: String| {
        let opened = held.continuation.open(LIST, &token);
        opened.map_err(|error| invalid_body("/continuation", error.to_string()))
    };
    let after = batch.continuation.map(open).transpose()?.unwrap_or_default();
    let letters = held.letters.by_id(&filter, &after, limit).await;
    let letters = letters.map_err(problems::unavailable)?;
    let full = letters.len() == limit.get() as usize;
    let ids: Vec<String> = letters.into_iter().map(|letter| letter.id).collect();
    let sealed = ids.last().filter(|_| full).map(|last| held.continuation.seal(LIST, last));
    let continuation = sealed.transpose().map_err(Problem::internal)?;
    Ok((ids, continuation))
}
