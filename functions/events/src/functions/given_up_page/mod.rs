//! `events/given-up`: what consumers gave up, of all apps together. Without a script.

use crate::app::App;
use crate::gathering::{self, GivenUp};
use crate::page;
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use staff_pages::enter;

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "given_up.html")]
struct Content {
    given_up: GivenUp,
}

/// GET: the page.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::guarded(show(app, request).await)
}

async fn show(app: &App, request: Request) -> Result<Response, Problem> {
    let person = match enter(&request, page::ROLE)? {
        Ok(person) => person,
        Err(sign_in) => return Ok(sign_in),
    };
    let content = Content { given_up: gathering::all(app).await };
    page::frame("Given up", &person.name).page(&content)
}
