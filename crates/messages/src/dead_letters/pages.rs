//! The same as pages for people, without a script: `<app>/dead-letters` and `<app>/dead-letters/{letterId}`.

use super::app::{DeadLetterApp, Figure, reasons};
use super::batch::{self, Batch};
use super::deciding::{self, Decider, Wanted};
use super::letter::{Letter, LetterState};
use super::problems::{entity_tag, invalid_body, unsendable};
use super::query;
use super::store::sort_key;
use askama::Template;
use custom_handler::{Function, IfMatch, Problem, Request, Response};
use futures::future::try_join;
use public_api::lists::Page;
use public_api::problems;
use serde_json::Value;
use staff_pages::{Form, Frame, Link, enter, guarded_problem, see_other};
use std::collections::BTreeMap;

/// The app role of those who run the platform.
const ROLE: &str = "Operator";

/// Where the pages are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) list: Function,
    pub(super) letter: Function,
}

impl Places {
    fn list(self) -> String {
        self.list.url(&[])
    }

    fn letter(self, id: &str) -> String {
        self.letter.url(&[("letterId", id)])
    }
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    list: String,
    token: String,
    figures: Vec<Figure>,
    reason: String,
    state: String,
    reasons: Vec<&'static str>,
    states: [LetterState; 3],
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    url: String,
    about: String,
    letter: Letter,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct One {
    url: String,
    token: String,
    letter: Letter,
    fields: Vec<(String, String)>,
    /// The message with line breaks, where it is JSON.
    message: String,
    etag: String,
    open: bool,
}

/// GET: letters, the latest first.
pub(super) async fn list<A: DeadLetterApp>(
    app: &A,
    places: Places,
    request: Request,
) -> Result<Response, Problem> {
    let person = match enter(&request, ROLE)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let mut given: BTreeMap<String, String> = request.query()?;
    given.retain(|name, value| name != "reason" || !value.is_empty());
    let (reason, state) = (given.get("reason").cloned(), given.get("state").cloned());
    let asked = query::list::<A>(given)?;
    let held = app.dead_letters();
    let page = Page::of(&held.continuation, "dead-letters-page", asked.page)?;
    let letters = async {
        let letters = held.letters.latest(&asked.filter, page.after.as_deref(), page.fetch()).await;
        letters.map_err(problems::unavailable)
    };
    let (figures, letters) = try_join(app.figures(), letters).await?;
    let (letters, next) = page.cut(&held.continuation, letters, sort_key)?;
    let content = List {
        list: places.list(),
        token: held.form_key.token(&person.id, held.now()),
        figures,
        reason: reason.unwrap_or_default(),
        state: state.unwrap_or_else(|| LetterState::Open.name().to_owned()),
        reasons: reasons::<A>().collect(),
        states: LetterState::ALL,
        rows: letters.into_iter().map(|letter| row(places, letter)).collect(),
        next,
    };
    let home = home::<A>();
    frame::<A>(&home, (&home, &places.list()), &person.name).page(&content)
}

fn row(places: Places, letter: Letter) -> Row {
    let fields = fields(&letter).into_iter().map(|(name, value)| format!("{name} {value}"));
    let about: Vec<String> = letter.subject.iter().cloned().chain(fields).collect();
    Row { url: places.letter(&letter.id), about: about.join(" · "), letter }
}

/// What only the app knows, as text; what it does not know is left out.
fn fields(letter: &Letter) -> Vec<(String, String)> {
    let known = letter.fields.iter().filter(|(_, value)| !value.is_null());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    known.map(|(name, value)| (name.clone(), text(value))).collect()
}

/// POST: decides about the letters that were ticked.
pub(super) async fn act_on_many<A: DeadLetterApp>(
    app: &A,
    places: Places,
    request: Request,
) -> Result<Response, Problem> {
    let held = app.dead_letters();
    let (person, form) = Form::sent(&held.form_key, &request, ROLE, held.now())?;
    let batch = Batch {
        action: wanted(&form)?,
        ids: Some(form.all("id")),
        filter: None,
        why: form.optional("why"),
        limit: None,
        continuation: None,
    };
    let outcome = batch::act(app, batch, person.id, request.trace()).await?;
    if let Some(failed) = outcome.failed.first() {
        let number = outcome.failed.len();
        return Err(unsendable(format!(
            "{number} of the letters were not sent; {}: {}",
            failed.id, failed.problem
        )));
    }
    Ok(see_other(&places.list()))
}

/// GET: the message, and all that was done about it.
pub(super) async fn read<A: DeadLetterApp>(
    app: &A,
    places: Places,
    request: Request,
) -> Result<Response, Problem> {
    let person = match enter(&request, ROLE)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let id: String = request.param("letterId")?;
    let held = app.dead_letters();
    let letter = deciding::read(app, &id).await?;
    let title = format!("Dead letter {id}");
    let content = One {
        url: places.letter(&id),
        token: held.form_key.token(&person.id, held.now()),
        fields: fields(&letter),
        message: readable(&letter),
        etag: entity_tag(&letter).to_string(),
        open: letter.state == LetterState::Open,
        letter,
    };
    frame::<A>(&title, (&home::<A>(), &places.list()), &person.name).page(&content)
}

fn readable(letter: &Letter) -> String {
    let value: Result<Value, _> = serde_json::from_str(&letter.message);
    let pretty = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| letter.message.clone())
}

/// POST: edits, re-drives or discards it.
pub(super) async fn act<A: DeadLetterApp>(
    app: &A,
    places: Places,
    request: Request,
) -> Result<Response, Problem> {
    let held = app.dead_letters();
    let (person, form) = Form::sent(&held.form_key, &request, ROLE, held.now())?;
    let id: String = request.param("letterId")?;
    if form.get("action") == "edit" {
        edit(app, &id, &form, person.id).await?;
    } else {
        let decider = Decider::new(person.id, wanted(&form)?, form.optional("why"))?;
        deciding::decide(app, &id, &decider, request.trace()).await?;
    }
    Ok(see_other(&places.letter(&id)))
}

async fn edit<A: DeadLetterApp>(app: &A, id: &str, form: &Form, by: String) -> Result<(), Problem> {
    let expected = IfMatch::parse(form.get("etag"))
        .map_err(|error| invalid_body("/etag", error.to_string()))?;
    // A browser sends line breaks its own way.
    let message = form.raw("message").replace("\r\n", "\n");
    let unless_as_shown = |letter: &Letter| {
        if readable(letter) == message { letter.message.clone() } else { message.clone() }
    };
    deciding::edit(app, id, &expected, &by, unless_as_shown).await.map(drop)
}

fn wanted(form: &Form) -> Result<Wanted, Problem> {
    match form.get("action") {
        "redrive" => Ok(Wanted::Redrive),
        "discard" => Ok(Wanted::Discard),
        _ => Err(invalid_body("/action", "must be redrive or discard")),
    }
}

fn home<A: DeadLetterApp>() -> String {
    format!("Dead letters of {}", A::NAME)
}

fn frame<'a, A: DeadLetterApp>(
    title: &'a str,
    (home, list): (&'a str, &'a str),
    person: &'a str,
) -> Frame<'a> {
    Frame {
        title,
        site: "Iommi operations",
        home: Link::new(home, list),
        navigation: A::NAVIGATION,
        person: Some(person),
    }
}

/// What goes wrong on a page has the headers of a page.
pub(super) fn guarded(answer: Result<Response, Problem>) -> Result<Response, Problem> {
    answer.map_err(guarded_problem)
}
