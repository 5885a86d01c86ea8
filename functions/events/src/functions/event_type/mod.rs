//! `events/v1/types/{type}`

use crate::app::App;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

/// GET: a type with its schema, all released versions, an example, and who sends and reads it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("type")?;
    let known = app.catalogue.find(&name).ok_or_else(|| problems::no_such_type(&name))?;
    Ok(Response::ok(known))
}

/// Where a type is.
pub(crate) fn url(name: &str) -> String {
    FUNCTION.url(&[("type", name)])
}
