//! `ops/v1/docs`

use crate::app::App;
use custom_handler::{Problem, Request, Response};

/// The contract as a page for people, made by build.rs.
const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/docs.html"));

/// GET: the page.
pub(crate) async fn get(_: &App, _: Request) -> Result<Response, Problem> {
    Ok(Response::html(PAGE))
}
