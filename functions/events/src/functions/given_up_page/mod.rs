//! `events/given-up`: what consumers gave up, of all apps together. Without a script.

use crate::app::App;
use crate::gathering::{self, GivenUp};
use crate::page;
use askama::Template;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

#[derive(Template)]
#[template(path = "given_up.html")]
struct Content {
    given_up: GivenUp,
}

/// GET: the page.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    page::show(&request, "Given up", async |_| Ok(Content { given_up: gathering::all(app).await }))
        .await
}
