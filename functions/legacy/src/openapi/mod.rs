//! `ops/v1/openapi.yaml`

use crate::app::App;
use custom_handler::{Problem, Request, Response};

/// The contract of this app.
const CONTRACT: &str = include_str!("../../openapi.yaml");

/// GET: the contract.
pub(crate) async fn get(_: &App, _: Request) -> Result<Response, Problem> {
    Ok(Response::yaml(CONTRACT))
}
