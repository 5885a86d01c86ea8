//! `ops/dead-letters/{letterId}`: one letter as a page.

use crate::app::App;
use crate::conditional::{entity_tag, expect};
use crate::dead_letters::Wanted;
use crate::domain::{Letter, LetterState};
use crate::pages::{self, Form};
use crate::redrive::{self, Decider};
use crate::{dead_letter, page, problems};
use askama::Template;
use custom_handler::{IfMatch, Problem, Request, Response};

#[derive(Template)]
#[template(path = "letter.html")]
struct One {
    person: String,
    token: String,
    letter: Letter,
    /// The message with line breaks, where it is JSON.
    message: String,
    etag: String,
    open: bool,
}

/// GET: the message, and all that was done about it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match pages::operator(&request)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let id: String = request.param("letterId")?;
    let letter = redrive::read(app, &id).await?.value;
    pages::shown(&One {
        token: app.form_key.token(&person.id, app.clock.now()),
        person: person.name,
        message: readable(&letter.message),
        etag: entity_tag(&letter).to_string(),
        open: letter.state == LetterState::Open,
        letter,
    })
}

fn readable(message: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(message);
    let pretty = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| message.to_owned())
}

/// POST: edits, re-drives or discards it.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match pages::operator(&request)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let id: String = request.param("letterId")?;
    let form = Form::of(app, &request, &person)?;
    let url = format!("{}/{id}", page::URL);
    if form.get("action") == "edit" {
        let expected = IfMatch::parse(form.get("etag"))
            .map_err(|error| problems::invalid_body("/etag", &error.to_string()))?;
        let kept = expect(redrive::read(app, &id).await?, &expected)?;
        // A browser sends line breaks its own way.
        let message = form.raw("message").replace("\r\n", "\n");
        let unchanged = readable(&kept.value.message) == message;
        if !unchanged {
            dead_letter::edit(app, kept, message, person.id).await?;
        }
        return Ok(pages::see(&url));
    }
    let why = form.optional("why");
    match (page::action(&form)?, why) {
        (Wanted::Redrive, why) => {
            redrive::redrive(app, &id, &Decider { by: person.id, why }, request.trace()).await?;
        }
        (Wanted::Discard, Some(why)) => {
            redrive::discard(app, &id, &person.id, &why).await?;
        }
        (Wanted::Discard, None) => {
            return Err(problems::invalid_body("/why", "is required to discard"));
        }
    }
    Ok(pages::see(&url))
}
