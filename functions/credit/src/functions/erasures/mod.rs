//! `credit/v1/erasures`

use crate::app::App;
use crate::beginning;
use crate::domain::parse_erasure;
use crate::erasing;
use crate::functions::assessment::partner;
use crate::problems;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed};
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// POST: forgets a person. The name is in the body, as it is nobody's business in a URL. The same again is harmless.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let partner = partner(&request)?;
    let reference = parse_erasure(&request.json_value()?).map_err(invalid_body)?;
    let subject = beginning::person(app, &partner, &reference).await?.subject;
    let noted = app.erasures.note(&partner, &subject, app.clock.now()).await;
    let erasure = noted.map_err(|error| not_changed(error, |never| match never {}))?;
    let forgotten = erasing::forget(app, &partner, &subject, erasure.until).await;
    let forgotten = forgotten.map_err(problems::not_settled)?;
    Ok(Response::ok(&json!({
        "assessments": forgotten.assessments,
        "consents": forgotten.consents,
    })))
}
