//! `events/consumers`: who reads what, how far hubs were captured, and where what consumers gave up is found. Without a script.

use crate::app::App;
use crate::page;
use crate::reading_apps::{self, ReadingApp};
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};
use staff_pages::enter;

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "consumers.html")]
struct Content {
    rows: Vec<ReadingApp>,
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
    let content = Content { rows: reading_apps::all(app).await? };
    page::frame("Consumers", &person.name).page(&content)
}
