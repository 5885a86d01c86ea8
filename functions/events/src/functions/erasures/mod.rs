//! `events/v1/erasures`

use crate::app::App;
use crate::fingerprint;
use crate::functions::erasure;
use custom_handler::{Function, Problem, Request, Response, function};
use messages::acting;
use public_api::problems::{invalid_body, not_changed, storage_unavailable};
use serde_json::Value;
use values::{Fields, Violations};

pub(crate) const FUNCTION: Function = function!();

/// Longest id of anything that an event can be about.
const MAX_SUBJECT_CHARS: usize = 256;

/// POST: everything about a subject goes from the lake. Asked for twice it is one erasure.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let subject = subject(&request.json_value()?).map_err(invalid_body)?;
    let id = fingerprint::of_person(&subject);
    let now = app.clock.now();
    let begun = app.erasures.begin(&id, &acting(&request), now).await;
    let begun = begun.map_err(|error| not_changed(error, |never| match never {}))?;
    app.due.erasure(&id, now).await.map_err(storage_unavailable)?;
    Ok(Response::accepted_at(&begun, erasure::url(&id)))
}

fn subject(body: &Value) -> Result<String, Violations> {
    let mut fields = Fields::of(body)?;
    let subject = fields.text("subject", |text| {
        let fits = (1..=MAX_SUBJECT_CHARS).contains(&text.chars().count());
        fits.then(|| text.to_owned()).ok_or("must have 1 to 256 characters")
    });
    fields.finish()?;
    Ok(subject?)
}
