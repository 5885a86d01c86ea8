//! `ops/dead-letters`: the list as a page.

use crate::app::App;
use crate::dead_letters::{Batch, ListQuery, Wanted, act, filter};
use crate::domain::{Letter, LetterState, Reason};
use crate::lag::{self, Lag};
use crate::pages::{self, Form};
use crate::problems;
use crate::store::sort_key;
use askama::Template;
use custom_handler::{Problem, Request, Response};
use iommi_app::{Page, PageQuery};

/// Where it is.
pub(crate) const URL: &str = "/ops/dead-letters";

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    person: String,
    token: String,
    lag: Lag,
    reason: String,
    state: String,
    reasons: [Reason; 5],
    states: [LetterState; 3],
    letters: Vec<Letter>,
    next: Option<String>,
}

/// GET: dead letters, the latest first, and how far the mainframe is behind.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match pages::operator(&request)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let mut query: ListQuery = request.query()?;
    query.reason = query.reason.filter(|reason| !reason.is_empty());
    let filter = filter(&query)?;
    let asked = PageQuery { limit: query.limit, continuation: query.continuation };
    let page = Page::of(&app.continuation, "dead-letters-page", asked)?;
    let now = app.clock.now();
    let (lag, letters) = futures::join!(
        lag::measure(app, now),
        app.letters.latest(&filter, page.after.as_deref(), page.fetch())
    );
    let (letters, next) =
        page.cut(&app.continuation, letters.map_err(problems::unavailable)?, sort_key)?;
    pages::shown(&List {
        token: app.form_key.token(&person.id, now),
        person: person.name,
        lag: lag.map_err(problems::not_measured)?,
        reason: query.reason.unwrap_or_default(),
        state: query.state.unwrap_or_else(|| "open".to_owned()),
        reasons: Reason::ALL,
        states: LetterState::ALL,
        letters,
        next,
    })
}

/// POST: decides about the letters that were ticked.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match pages::operator(&request)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let form = Form::of(app, &request, &person)?;
    let batch = Batch {
        action: action(&form)?,
        ids: Some(form.all("id")),
        filter: None,
        why: form.optional("why"),
        limit: None,
        continuation: None,
    };
    let outcome = act(app, batch, person.id, request.trace()).await?;
    if let Some(failed) = outcome.failed.first() {
        let detail = format!(
            "{} of the letters were not sent; {}: {}",
            outcome.failed.len(),
            failed.id,
            failed.problem
        );
        return Err(problems::unsendable(detail));
    }
    Ok(pages::see(URL))
}

pub(crate) fn action(form: &Form) -> Result<Wanted, Problem> {
    match form.get("action") {
        "redrive" => Ok(Wanted::Redrive),
        "discard" => Ok(Wanted::Discard),
        _ => Err(problems::invalid_body("/action", "must be redrive or discard")),
    }
}
