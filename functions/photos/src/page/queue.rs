//! The queue beside every case: a window on what is open, the worst first.

use super::case_details::Holder;
use super::visitor::Visitor;
use super::words;
use crate::app::App;
use crate::domain::{Case, CaseKind, CaseState};
use crate::moderation;
use crate::store::rank;
use azure_data::Item;
use custom_handler::{ErrorStatus, Problem};
use jiff::Timestamp;
use public_api::problems::unavailable;
use staff_pages::Principal;
use std::num::NonZeroU32;

/// Cases that a page lists.
const WINDOW: u32 = 25;
/// One more, to know whether there is a next window.
const FETCHED: NonZeroU32 = NonZeroU32::new(WINDOW + 1).expect("26 is not zero");
/// Windows that are looked through for a case that is free.
const MAX_WINDOWS: u32 = 40;
/// The purpose of our continuations: those of other lists are refused.
const LIST: &str = "console";

/// A window on the open cases.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) entries: Vec<Entry>,
    /// The part of a link that leads to this window again; empty for the first one.
    pub(crate) here: String,
    /// A link to the next window.
    pub(crate) more: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// A case in the queue.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) has_picture: bool,
    pub(crate) why: String,
    /// 0 to 7.
    pub(crate) level: u8,
    pub(crate) severity: &'static str,
    pub(crate) age: String,
    pub(crate) is_appeal: bool,
    pub(crate) holder: Holder,
    pub(crate) is_current: bool,
}

impl Queue {
    /// The window after the continuation given, as seen from the case `current`.
    pub(crate) async fn read(
        app: &App,
        visitor: &Visitor,
        after: Option<&str>,
        current: Option<&Case>,
    ) -> Result<Self, Problem> {
        let open = |token| app.continuation.open(LIST, token);
        let start = after.map(open).transpose();
        let start = start.map_err(|error| Problem::invalid_parameter("after", error))?;
        let cases = app
            .cases
            .list(CaseState::Open, start.as_deref(), FETCHED)
            .await
            .map_err(unavailable)?;
        let here = after.map(link_part).transpose()?.unwrap_or_default();
        let shown = &cases[..cases.len().min(WINDOW as usize)];
        let further = match shown.last().filter(|_| cases.len() > shown.len()) {
            Some(last) => {
                let token = app.continuation.seal(LIST, &rank(last)).map_err(Problem::internal)?;
                Some(link_part(&token)?)
            }
            None => None,
        };
        let now = app.clock.now();
        let entry = |case: &Case| Entry::of(case, &here, visitor, current, now);
        let (previous, next) = neighbours(shown, current, &here);
        let beyond = || Some(href(cases.get(WINDOW as usize)?, further.as_deref()?));
        Ok(Self {
            entries: shown.iter().map(entry).collect(),
            next: next.or_else(beyond),
            previous,
            more: further.map(|further| format!("/moderation{further}")),
            here,
        })
    }
}

impl Entry {
    fn of(
        case: &Case,
        here: &str,
        visitor: &Visitor,
        current: Option<&Case>,
        now: Timestamp,
    ) -> Self {
        Self {
            id: case.id.clone(),
            name: words::case_name(case),
            href: href(case, here),
            has_picture: case.has_picture,
            why: words::why(case.reason.as_ref()),
            level: case.severity,
            severity: words::severity(case.severity),
            age: words::lasting(now.duration_since(case.opened_at).as_secs()),
            is_appeal: case.kind == CaseKind::Appeal,
            holder: Holder::of(case, &visitor.principal.id, now),
            is_current: current.is_some_and(|current| current.id == case.id),
        }
    }
}

fn link_part(token: &str) -> Result<String, Problem> {
    let query = serde_urlencoded::to_string([("after", token)]).map_err(Problem::internal)?;
    Ok(format!("?{query}"))
}

fn href(case: &Case, here: &str) -> String {
    format!("/moderation/cases/{}{here}", case.id)
}

/// The cases before and behind this one, whether it is (still) in the queue or not.
fn neighbours(
    shown: &[Case],
    current: Option<&Case>,
    here: &str,
) -> (Option<String>, Option<String>) {
    let Some(current) = current.map(rank) else { return (None, None) };
    let previous = shown.iter().rev().find(|case| rank(case) < current);
    let next = shown.iter().find(|case| rank(case) > current);
    (previous.map(|case| href(case, here)), next.map(|case| href(case, here)))
}

/// Takes the first case that is free, behind `passed` if there is one, or else from the front; `None` if there is
/// nothing to do.
pub(crate) async fn take_next(
    app: &App,
    moderator: &Principal,
    passed: Option<&Case>,
) -> Result<Option<Item<Case>>, Problem> {
    if let Some(passed) = passed {
        let taken = take_behind(app, moderator, Some(rank(passed)), Some(passed)).await?;
        if taken.is_some() {
            return Ok(taken);
        }
    }
    take_behind(app, moderator, None, passed).await
}

async fn take_behind(
    app: &App,
    moderator: &Principal,
    mut after: Option<String>,
    passed: Option<&Case>,
) -> Result<Option<Item<Case>>, Problem> {
    for _ in 0..MAX_WINDOWS {
        let cases = app
            .cases
            .list(CaseState::Open, after.as_deref(), FETCHED)
            .await
            .map_err(unavailable)?;
        let now = app.clock.now();
        let is_other = |case: &&Case| passed.is_none_or(|passed| passed.id != case.id);
        let free = |case: &&Case| is_free(case, moderator, now);
        for case in cases.iter().filter(is_other).filter(free) {
            match moderation::take(app, &case.id, moderator).await {
                Ok(taken) => return Ok(Some(taken)),
                // Somebody was faster.
                Err(problem) if problem.status() == ErrorStatus::Conflict => {}
                Err(problem) => return Err(problem),
            }
        }
        let Some(last) = cases.last() else { break };
        after = Some(rank(last));
    }
    Ok(None)
}

fn is_free(case: &Case, moderator: &Principal, now: Timestamp) -> bool {
    let held = case.held(now).is_some_and(|lease| lease.by != moderator.id);
    !held && case.excluded.as_deref() != Some(moderator.id.as_str())
}
