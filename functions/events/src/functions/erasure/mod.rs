//! `events/v1/erasures/{erasureId}`

use crate::app::App;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// Characters of an id; in a path only these may come to the store.
const ID_CHARS: usize = 22;

/// GET: how far an erasure is.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("erasureId")?;
    let is_id = id.len() == ID_CHARS
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !is_id {
        return Err(problems::no_such_erasure(&id));
    }
    let found = app.erasures.read(&id).await.map_err(unavailable)?;
    Ok(Response::ok(&found.ok_or_else(|| problems::no_such_erasure(&id))?))
}

pub(crate) fn url(id: &str) -> String {
    FUNCTION.url(&[("erasureId", id)])
}
