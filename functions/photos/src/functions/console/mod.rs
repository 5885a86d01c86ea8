//! `moderation`

use crate::app::App;
use crate::domain::Case;
use crate::moderation;
use crate::page::{self, Action, Frame, Holder, Moment, Queue, Sent, Visitor};
use crate::problems;
use crate::views::statistics::StatisticsView;
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function, header};
use public_api::problems::unavailable;
use serde::Deserialize;
use staff_pages::see_other;
use std::num::NonZeroU32;

pub(crate) const FUNCTION: Function = function!();

/// Decisions that the page lists, to look at them again or to undo them.
const DECISIONS_SHOWN: NonZeroU32 = NonZeroU32::new(10).expect("10 is not zero");

#[derive(Template)]
#[template(path = "console.html")]
struct ConsolePage {
    frame: Frame,
    queue: Queue,
    tiles: Vec<(&'static str, String)>,
    decisions: Vec<Decided>,
}

/// A decision of late.
struct Decided {
    id: String,
    name: String,
    what: String,
    who: String,
    at: Moment,
    revision: u64,
    undoable: bool,
}

#[derive(Deserialize)]
struct Query {
    after: Option<String>,
}

/// GET: the queue, how the moderators are doing, and what was decided of late.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let visitor = match page::enter(app, &request)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(*answer),
    };
    match show(app, &request, &visitor).await {
        Ok(response) => Ok(response),
        Err(problem) => page::refusal(&problem),
    }
}

/// POST: gives the moderator a case to look at, or changes how pictures are shown.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let visitor = match page::enter(app, &request)? {
        Ok(visitor) => visitor,
        Err(answer) => return Ok(*answer),
    };
    match act(app, &request, &visitor).await {
        Ok(response) => Ok(response),
        Err(problem) => page::refusal(&problem),
    }
}

async fn show(app: &App, request: &Request, visitor: &Visitor) -> Result<Response, Problem> {
    let Query { after } = request.query()?;
    let (queue, statistics, decided) = futures::try_join!(
        Queue::read(app, visitor, after.as_deref(), None),
        moderation::statistics(app),
        decisions(app, visitor),
    )?;
    let frame = Frame::of(visitor, "Queue".to_owned(), "/moderation".to_owned());
    page::page(&ConsolePage { frame, queue, tiles: tiles(&statistics), decisions: decided })
}

async fn act(app: &App, request: &Request, visitor: &Visitor) -> Result<Response, Problem> {
    match Sent::read(app, request, visitor)?.action {
        Action::Next => {
            let taken = page::take_next(app, &visitor.principal, None).await?;
            let place = taken.map(|case| format!("/moderation/cases/{}", case.value.id));
            Ok(see_other(place.as_deref().unwrap_or("/moderation")))
        }
        Action::Greyscale(on) => {
            Ok(see_other("/moderation").header(header::SET_COOKIE, page::greyscale_cookie(on)))
        }
        _ => Err(problems::invalid_body(vec![("/action", "needs a case".to_owned())])),
    }
}

async fn decisions(app: &App, visitor: &Visitor) -> Result<Vec<Decided>, Problem> {
    let cases = app.cases.decided(DECISIONS_SHOWN).await.map_err(unavailable)?;
    let now = app.clock.now();
    let decided = |case: &Case| {
        let ruling = case.ruling.as_ref()?;
        Some(Decided {
            id: case.id.clone(),
            name: page::case_name(case),
            what: page::judged(ruling.judgement),
            who: page::person(&ruling.by, &visitor.principal.id),
            at: Moment::past(ruling.at, now),
            revision: case.revision.get(),
            undoable: case.undoable(now).is_ok(),
        })
    };
    Ok(cases.iter().filter_map(decided).collect())
}

fn tiles(statistics: &StatisticsView) -> Vec<(&'static str, String)> {
    let time = |seconds: Option<i64>| seconds.map_or_else(|| "–".to_owned(), page::lasting);
    vec![
        ("waiting", statistics.waiting.to_string()),
        ("of these appeals", statistics.appeals.to_string()),
        ("the oldest waits", time(statistics.oldest_seconds)),
        ("median to a decision", time(statistics.median_decision_seconds)),
        ("decided in 7 days", statistics.decided_last_week.to_string()),
        ("overturned in 7 days", statistics.overturned.to_string()),
    ]
}
