//! The JSON API: `<app>/v1/dead-letters` and `<app>/v1/dead-letters/{letterId}`.

use super::acting::acting;
use super::app::DeadLetterApp;
use super::batch::{self, Batch};
use super::deciding::{self, Decider, Wanted};
use super::letter::Letter;
use super::problems::entity_tag;
use super::query;
use super::store::sort_key;
use custom_handler::{Problem, Request, Response};
use public_api::lists::Page;
use public_api::problems;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Act {
    action: Wanted,
    #[serde(default)]
    why: Option<String>,
}

/// GET: letters, the latest first; the open ones unless others are asked for.
pub(super) async fn list<A: DeadLetterApp>(app: &A, request: Request) -> Result<Response, Problem> {
    let asked = query::list::<A>(request.query()?)?;
    let held = app.dead_letters();
    let page = Page::of(&held.continuation, "dead-letters", asked.page)?;
    let letters = held.letters.latest(&asked.filter, page.after.as_deref(), page.fetch()).await;
    let letters = letters.map_err(problems::unavailable)?;
    page.answer_as(&held.continuation, letters, sort_key, |letter| A::shown(&letter))
}

/// POST: re-drives or discards many, page by page.
pub(super) async fn act_on_many<A: DeadLetterApp>(
    app: &A,
    request: Request,
) -> Result<Response, Problem> {
    let batch: Batch = request.json()?;
    Ok(Response::ok(&batch::act(app, batch, acting(&request), request.trace()).await?))
}

/// GET: the letter with its message and all that was done about it.
pub(super) async fn read<A: DeadLetterApp>(app: &A, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    Ok(current::<A>(&deciding::read(app, &id).await?))
}

/// PUT: another message, if `If-Match` names the current version.
pub(super) async fn edit<A: DeadLetterApp>(app: &A, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    let expected = request.if_match()?;
    let Edit { message } = request.json()?;
    let edited =
        deciding::edit(app, &id, &expected, &acting(&request), |_| message.clone()).await?;
    Ok(current::<A>(&edited))
}

/// POST: re-drives or discards it; again is harmless.
pub(super) async fn act<A: DeadLetterApp>(app: &A, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    let Act { action, why } = request.json()?;
    let decider = Decider::new(acting(&request), action, why)?;
    let decided = deciding::decide(app, &id, &decider, request.trace()).await?;
    Ok(current::<A>(&decided.letter))
}

/// 200 with the letter as it is now.
fn current<A: DeadLetterApp>(letter: &Letter) -> Response {
    Response::ok(&A::shown(letter)).etag(entity_tag(letter))
}
