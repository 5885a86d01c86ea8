//! How the moderators are doing.

use crate::app::App;
use crate::domain::{Case, CaseKind, CaseState, Judgement};
use crate::views::statistics::StatisticsView;
use custom_handler::Problem;
use jiff::{SignedDuration, Timestamp};
use public_api::problems::unavailable;
use std::num::NonZeroU32;

/// Most cases that are counted of each kind; beyond that a number means "at least".
const MAX_COUNTED: NonZeroU32 = NonZeroU32::new(1_000).expect("1,000 is not zero");
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(crate) async fn statistics(app: &App) -> Result<StatisticsView, Problem> {
    let open = app.cases.list(CaseState::Open, None, MAX_COUNTED);
    let decided = app.cases.decided(MAX_COUNTED);
    let (open, decided) = futures::try_join!(open, decided).map_err(unavailable)?;
    Ok(of(&open, &decided, app.clock.now()))
}

fn of(open: &[Case], decided: &[Case], now: Timestamp) -> StatisticsView {
    let oldest = open.iter().map(|case| case.opened_at).min();
    let recent =
        |case: &&Case| case.ruling.as_ref().is_some_and(|ruling| ruling.at + A_WEEK >= now);
    let decided: Vec<&Case> = decided.iter().filter(recent).collect();
    let mut waits: Vec<i64> = decided.iter().copied().filter_map(wait_seconds).collect();
    waits.sort_unstable();
    StatisticsView {
        waiting: open.len(),
        appeals: open.iter().filter(|case| case.kind == CaseKind::Appeal).count(),
        oldest_seconds: oldest.map(|oldest| now.duration_since(oldest).as_secs()),
        median_decision_seconds: waits.get(waits.len() / 2).copied(),
        decided_last_week: decided.len(),
        overturned: open.iter().chain(decided.iter().copied()).map(overturned).sum(),
    }
}

fn wait_seconds(case: &Case) -> Option<i64> {
    let ruling = case.ruling.as_ref()?;
    Some(ruling.at.duration_since(case.opened_at).as_secs().max(0))
}

fn overturned(case: &Case) -> usize {
    let granted = case.kind == CaseKind::Appeal
        && case.ruling.as_ref().is_some_and(|ruling| ruling.judgement == Judgement::Approve);
    case.undone as usize + usize::from(granted)
}
