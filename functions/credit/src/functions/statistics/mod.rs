//! Timer, every hour: counts the month before, a stretch further each time, three days after it has ended; then tells the
//! cells of at least ten people and destroys its working paper. A month is told once, so that nobody is found out by the
//! difference between two tellings.

use crate::app::App;
use crate::domain::{Assessment, Cell, Outcome, Phase, Tally};
use crate::store::Paper;
use azure_data::CosmosFailure;
use custom_handler::{Done, Failure, Function, Invocation, TimerTick, function};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use scorecard::Scorecard;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// What is read at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(500).expect("not zero");
/// When a run stops, well before its time is up (`functionTimeout`); the next one goes on.
const RUN_FOR: Duration = Duration::from_secs(120);
/// How long after its end a month is counted: nothing of it is at work any more.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(72);

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(app: &App, _: TimerTick, _: Invocation) -> Result<Done, Failure> {
    let ends = Instant::now() + RUN_FOR;
    let Some(month) = month_to_count(app.clock.now()) else { return Ok(Done::nothing()) };
    let mut paper = app.statistics.paper(&month.name()).await.map_err(Failure::again)?;
    while !paper.told && Instant::now() < ends {
        let next = stretch(app, &month, &paper).await.map_err(Failure::again)?;
        let kept = app.statistics.keep(&paper, &next).await.map_err(Failure::again)?;
        if !kept {
            return Ok(Done::nothing().log("another run counts"));
        }
        paper = next;
    }
    Ok(Done::nothing())
}

/// The paper after one more page; at the end of the month its cells are told.
async fn stretch(app: &App, month: &Month, paper: &Paper) -> Result<Paper, CosmosFailure> {
    let after = paper.after.clone();
    let page = app.assessments.ended_in(month.from, month.to, after.as_deref(), PAGE).await?;
    let mut next = paper.clone();
    page.iter().for_each(|assessment| count(&mut next.tally, &month.name(), assessment));
    next.after = page.last().map(|assessment| assessment.id.to_string()).or(after);
    if page.len() == PAGE.get() as usize {
        return Ok(next);
    }
    for (cell, results) in next.tally.told() {
        app.statistics.tell(cell, results).await?;
    }
    Ok(next.done())
}

fn count(tally: &mut Tally, month: &str, assessment: &Assessment) {
    let (Phase::Ended { outcome: Outcome::Scored { result }, .. }, Some(person)) =
        (&assessment.phase, &assessment.person)
    else {
        return;
    };
    let Some(card) = Scorecard::of_version(&result.scorecard) else { return };
    if let Some(cell) = Cell::of(month, result, &card.band(result.score).name) {
        tally.count(cell, &person.subject);
    }
}

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month {
    first: Date,
    from: Timestamp,
    to: Timestamp,
}

impl Month {
    fn name(&self) -> String {
        format!("{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// The newest month that has ended long enough ago.
fn month_to_count(now: Timestamp) -> Option<Month> {
    let settled = now.checked_sub(SETTLED_AFTER).ok()?;
    let this = settled.to_zoned(TimeZone::UTC).date().first_of_month();
    let first = this.checked_sub(1.month()).ok()?;
    let start = |date: Date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    Some(Month { first, from: start(first)?, to: start(this)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_counted_three_days_after_its_end() {
        for (now, month) in [
            ("2026-12-03T23:59:59Z", "2026-10"),
            ("2026-12-04T00:00:00Z", "2026-11"),
            ("2027-01-05T00:00:00Z", "2026-12"),
        ] {
            let found = month_to_count(now.parse().unwrap()).unwrap();
            assert_eq!(found.name(), month);
            assert!(found.from < found.to);
        }
    }
}
